"""pygithub_script.py URL STEP: one step of the PyGithub checks; an exception is its failure."""
import sys

from github import Auth, Github, GithubException

hub = Github(base_url=f"{sys.argv[1]}/api/v3", auth=Auth.Token("alice-token"), seconds_between_requests=0, seconds_between_writes=0,
             retry=None)
repository = hub.get_repo("demo/app")


def labels() -> None:
    label = repository.create_label("🎪 one", "ff0000", "first")
    assert [each.name for each in repository.get_labels()] == ["🎪 one"]
    label.edit("🎪 two", "00ff00", "second")
    assert repository.get_label("🎪 two").color == "00ff00"
    label.delete()
    assert repository.get_labels().totalCount == 0


def duplicate() -> None:
    repository.create_label("twice", "ededed")
    try:
        repository.create_label("Twice", "ededed")
    except GithubException as refused:
        assert refused.status == 422
        assert refused.data["errors"] == [{"resource": "Label", "code": "already_exists", "field": "name"}]
        return
    raise AssertionError("the second one was not refused")


def pull() -> None:
    found = repository.get_pull(1)
    assert found.head.ref == "feature" and found.mergeable and found.commits == 1, found.raw_data
    assert [each.commit.message for each in found.get_commits()] == ["Add a feature"]
    assert [each.number for each in repository.get_pulls(state="open", base="main")] == [1]
    assert found.head.repo.full_name == "demo/app" and found.user.login == "alice"
    assert repository.compare("main", "feature").ahead_by == 1


def attach() -> None:
    issue = repository.get_issue(1)
    issue.add_to_labels("🎪 abc1234 🚦 building", "new")
    issue.remove_from_labels("new")
    assert [each.name for each in repository.get_pull(1).get_labels()] == ["🎪 abc1234 🚦 building"]
    issue.set_labels("other")
    assert [each.name for each in issue.get_labels()] == ["other"]
    try:
        issue.remove_from_labels("absent")
    except GithubException as refused:
        assert refused.status == 404 and refused.data["message"] == "Label does not exist"


def pages() -> None:
    for number in range(65):
        repository.create_label(f"page {number:02}", "ededed")
    names = [each.name for each in repository.get_labels() if each.name.startswith("page")]
    assert names == [f"page {number:02}" for number in range(65)]


def comments() -> None:
    comment = repository.get_pull(1).create_issue_comment("Hello 🎪")
    comment.edit("Hello again")
    assert [each.body for each in repository.get_issue(1).get_comments()] == ["Hello again"]
    comment.delete()
    assert repository.get_issue(1).comments == 0


def permission() -> None:
    assert repository.get_collaborator_permission("carol") == "read"
    assert repository.get_collaborator_permission("bob") == "write"


def deployments() -> None:
    head = repository.get_pull(1).head.sha
    deployment = repository.create_deployment(head, auto_merge=False, required_contexts=[], environment="preview",
                                              transient_environment=True, production_environment=False)
    deployment.create_status("success", environment_url="http://localhost:1")
    assert [each.state for each in deployment.get_statuses()] == ["success"]
    assert [each.id for each in repository.get_deployments(sha=head)] == [deployment.id]


def refs() -> None:
    head = repository.get_pull(1).head.sha
    ref = repository.create_git_ref("refs/heads/copy", head)
    assert repository.get_git_ref("heads/copy").object.sha == head
    main = repository.get_branch("main").commit.sha
    ref.edit(main, force=True)
    assert repository.get_git_ref("heads/copy").object.sha == main
    ref.delete()
    try:
        repository.get_git_ref("heads/copy")
    except GithubException as refused:
        assert refused.status == 404


def hooks() -> None:
    hook = repository.create_hook("web", {"url": "http://127.0.0.1:9/hook", "content_type": "json", "secret": "x"}, ["push"])
    hook.ping()
    assert [each.id for each in repository.get_hooks()] == [hook.id]
    hook.delete()
    assert list(repository.get_hooks()) == []


def search() -> None:
    assert [each.number for each in hub.search_issues("repo:demo/app is:pr is:open feature")] == [1]


globals()[sys.argv[2]]()
