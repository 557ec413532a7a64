// The best-effort half of ChangeRun that takes requests of its own.

#include "adapters/github/change_run.h"
#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {

using support::json_quote;

namespace {

// 100 a page; a pull request with more comments than this is searched no further, and gets a second comment
// of ours.
constexpr int kMostCommentPages = 20;

}  // namespace

Result<std::optional<StickyComment>> find_sticky_anywhere(GitHubClient& client, int number) {
    const std::string doing = fmt::format("looking for our comment on #{}", number);
    std::optional<StickyComment> found;
    PageEnd end;
    for (int page = 0; page < kMostCommentPages; ++page) {
        const std::string more = fmt::format(",\"number\":{}{}", number, after_variable(end.next));
        const auto reply =
            TRY(client.graphql(kCommentPageQuery, repository_variables(client.settings().repository, more),
                               Effect::Read, doing));
        const auto data = TRY(reply.complete(client.context(doing)));
        const auto viewer = TRY(TRY(data.member("viewer")).string("login"));
        const auto comments =
            TRY(TRY(TRY(data.member("repository")).member("pullRequest")).member("comments"));
        if (auto newer = TRY(find_sticky(TRY(comments.items("nodes")), viewer))) found = std::move(newer);
        end = TRY(parse_page_end(comments));
        if (end.next.empty()) break;
    }
    return found;
}

/// Somebody deleted our comment while we were about to rewrite it.
void ChangeRun::create_comment_anew() {
    outcome_.view.comment.reset();
    const auto step = create_comment_step(view().id, comment_body_);
    const auto reply =
        perform(client_, std::span(&step.mutation, 1), in_time(Effect::WriteOnce), doing("commenting on"));
    if (!reply) return warn("the comment could not be written", reply.error());
    if (const auto answer = answer_of(*reply, step.mutation.alias)) return note(step, *answer);
    if (!reply->errors.empty())
        warn("the comment could not be written",
             error_of_graphql(reply->errors.front(), client_.context("")));
}

/// By REST: GraphQL's createDeployment knows neither transient nor production_environment, and wants a ref's
/// id, which a fork's head has not got here (github-facts 6.1, 6.4).
void ChangeRun::create_deployment() {
    const auto& update = *change_.deployment;
    const auto response = client_.rest(
        {.method = "POST",
         .path = client_.repository_path() + "/deployments",
         .body = fmt::format(
             R"({{"ref":"{}","auto_merge":false,"required_contexts":[],"environment":{},"production_environment":false,)"
             R"("transient_environment":true,"description":{}}})",
             update.sha.text(), json_quote(environment_name(view().pull_request.number)),
             json_quote(truncate_utf8(update.description, 137))),
         .effect = in_time(Effect::WriteOnce),
         .doing = doing("recording a deployment of")});
    if (!response) return warn("the deployment could not be recorded", response.error());
    const auto body = support::JsonReader::parse(response->body, "GitHub's answer");
    const auto id = body ? body->string("node_id") : Result<std::string>(Fail(body.error()));
    if (!id) return warn("the deployment could not be recorded", id.error());
    outcome_.view.deployments.insert(outcome_.view.deployments.begin(),
                                     {*id, update.sha, DeploymentState::Queued});
    const bool says_more = !update.environment_url.empty() || !update.log_url.empty();
    if (update.state == DeploymentState::Queued && !says_more) return;  // what a new one is anyway
    const auto step = deployment_status_step(*id, update);
    const auto reply =
        perform(client_, std::span(&step.mutation, 1), in_time(Effect::RepeatableWrite), doing("writing to"));
    if (!reply) return warn("the deployment record could not be brought up to date", reply.error());
    judge(step, *reply);
}

/// The environment was made by naming it; when nothing is left in it, it is taken away again. That takes
/// administration rights, which a workflow's own token never has (github-facts 6.5): it is not even tried
/// without them.
void ChangeRun::delete_environment() {
    if (!view().deployments.empty() || view().viewer_permission != Permission::Admin || change_.deployment)
        return;
    (void)client_.rest({.method = "DELETE",
                        .path = client_.repository_path() + "/environments/" +
                                percent_encode(environment_name(view().pull_request.number)),
                        .effect = in_time(Effect::WriteOnce),
                        .doing = doing("deleting the environment of")});
}

}  // namespace ringmaster::github
