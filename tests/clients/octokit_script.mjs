// octokit_script.mjs URL STEP: one step of the Octokit checks; an exception is its failure.
import assert from "node:assert/strict";
import { Octokit } from "octokit";

const [, , url, step] = process.argv;
const octokit = new Octokit({ baseUrl: `${url}/api/v3`, auth: "alice-token", throttle: { enabled: false } });
const app = { owner: "demo", repo: "app" };

const steps = {
  async viewer() {
    const { data, headers } = await octokit.rest.users.getAuthenticated();
    assert.equal(data.login, "alice");
    assert.match(headers["x-oauth-scopes"], /repo/);
  },
  async labels() {
    await octokit.rest.issues.createLabel({ ...app, name: "🎪 one", color: "ff0000" });
    await assert.rejects(octokit.rest.issues.createLabel({ ...app, name: "🎪 ONE" }), (error) => {
      assert.equal(error.status, 422);
      assert.equal(error.response.data.errors[0].code, "already_exists");
      return true;
    });
    const { data } = await octokit.rest.issues.addLabels({ ...app, issue_number: 1, labels: ["🎪 one", "new"] });
    assert.deepEqual(data.map((label) => label.name), ["🎪 one", "new"]);
    await octokit.rest.issues.removeLabel({ ...app, issue_number: 1, name: "🎪 one" });
    await octokit.rest.issues.deleteLabel({ ...app, name: "🎪 one" });
  },
  async paginate() {
    for (let i = 0; i < 12; i++) await octokit.rest.issues.createLabel({ ...app, name: `page ${i}` });
    const all = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, { ...app, per_page: 5 });
    assert.equal(all.filter((label) => label.name.startsWith("page")).length, 12);
  },
  async pull() {
    const { data } = await octokit.rest.pulls.get({ ...app, pull_number: 1 });
    assert.equal(data.head.ref, "feature");
    assert.equal(data.mergeable, true);
    await octokit.rest.pulls.update({ ...app, pull_number: 1, title: "Renamed", body: "Text" });
    const again = await octokit.rest.issues.get({ ...app, issue_number: 1 });
    assert.equal(again.data.title, "Renamed");
    await octokit.rest.pulls.update({ ...app, pull_number: 1, state: "closed" });
    await octokit.rest.pulls.update({ ...app, pull_number: 1, state: "open" });
    const listed = await octokit.rest.pulls.list({ ...app, head: "demo:feature" });
    assert.equal(listed.data.length, 1);
  },
  async sticky() {
    const { data } = await octokit.rest.issues.createComment({ ...app, issue_number: 1, body: "<!-- mark --> one" });
    await octokit.rest.issues.updateComment({ ...app, comment_id: data.id, body: "<!-- mark --> two" });
    const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...app, issue_number: 1 });
    assert.deepEqual(comments.map((comment) => comment.body), ["<!-- mark --> two"]);
  },
  async deployment() {
    const { data } = await octokit.rest.repos.createDeployment({
      ...app, ref: "feature", environment: "preview", auto_merge: false, required_contexts: [], transient_environment: true,
    });
    await octokit.rest.repos.createDeploymentStatus({ ...app, deployment_id: data.id, state: "success", environment_url: "http://x" });
    await octokit.rest.repos.createDeploymentStatus({ ...app, deployment_id: data.id, state: "inactive" });
    await octokit.rest.repos.deleteDeployment({ ...app, deployment_id: data.id });
    const environments = await octokit.rest.repos.getAllEnvironments(app);
    assert.equal(environments.data.environments[0].name, "preview");
  },
  async conditional() {
    const first = await octokit.rest.pulls.list(app);
    await assert.rejects(octokit.rest.pulls.list({ ...app, headers: { "if-none-match": first.headers.etag } }), { status: 304 });
  },
  async graphql() {
    const answer = await octokit.graphql("query($o: String!) { repository(owner: $o, name: \"app\") { pullRequest(number: 1) { state } } }", { o: "demo" });
    assert.equal(answer.repository.pullRequest.state, "OPEN");
  },
  async merge() {
    const { data } = await octokit.rest.pulls.merge({ ...app, pull_number: 1, merge_method: "squash" });
    assert.equal(data.merged, true);
    const commit = await octokit.rest.repos.getCommit({ ...app, ref: "main" });
    assert.equal(commit.data.sha, data.sha);
  },
};

await steps[step]();
