#include "local_forge/rest_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/node_id.h"

namespace ringmaster::local_forge {
using nlohmann::json;
namespace {

json time_json(TimePoint time) {
    // GitHub's timestamps have whole seconds.
    return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
}
json optional_time_json(const std::optional<TimePoint>& time) {
    return time ? time_json(*time) : json(nullptr);
}
json optional_text_json(const std::optional<std::string>& text) {
    return text ? json(*text) : json(nullptr);
}

// Nobody reacts in a local forge, but clients expect the counts.
json reactions_json(const std::string& url) {
    json result = {{"url", url + "/reactions"}, {"total_count", 0}};
    for (const char* reaction : {"+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"})
        result[reaction] = 0;
    return result;
}

std::string_view type_name(UserType type) {
    switch (type) {
        case UserType::User:
            return "User";
        case UserType::Bot:
            return "Bot";
        case UserType::Organization:
            return "Organization";
    }
    return "User";
}

std::string_view state_name(IssueState state) {
    return state == IssueState::Open ? "open" : "closed";
}

json parsed_or_empty(const std::string& text) {
    auto value = json::parse(text, nullptr, false);
    return value.is_discarded() ? json::object() : value;
}

}  // namespace

json user_json(const Links& links, const User& user, Detail detail) {
    const std::string url = links.api + "/users/" + percent_encode(user.login);
    json result = {{"login", user.login},
                   {"id", user.id},
                   {"node_id", node_id(user)},
                   {"avatar_url", links.web + "/avatars/" + std::to_string(user.id)},
                   {"url", url},
                   {"html_url", links.web + "/" + percent_encode(user.login)},
                   {"type", type_name(user.type)},
                   {"site_admin", false}};
    if (detail == Detail::Brief) return result;
    result["gravatar_id"] = "";
    for (const char* name : {"followers", "subscriptions", "organizations", "repos", "received_events"})
        result[std::string(name) + "_url"] = url + "/" + name;
    result["organizations_url"] = url + "/orgs";
    result["following_url"] = url + "/following{/other_user}";
    result["gists_url"] = url + "/gists{/gist_id}";
    result["starred_url"] = url + "/starred{/owner}{/repo}";
    result["events_url"] = url + "/events{/privacy}";
    return result;
}

json label_json(const Links& links, const Repository& repository, const Label& label) {
    return {{"id", label.id},
            {"node_id", node_id(label)},
            {"url", links.repository(repository) + "/labels/" + percent_encode(label.name)},
            {"name", label.name},
            {"color", label.color},
            {"default", false},
            {"description", optional_text_json(label.description)}};
}

json labels_json(const Links& links, const Repository& repository, const std::vector<Label>& labels) {
    json result = json::array();
    for (const Label& label : labels) result.push_back(label_json(links, repository, label));
    return result;
}

json issue_json(const Links& links, const Repository& repository, const Issue& issue,
                const std::vector<Label>& labels, const std::optional<PullRequest>& pull) {
    const std::string base = links.repository(repository);
    const std::string url = fmt::format("{}/issues/{}", base, issue.number);
    const std::string html = fmt::format("{}/{}/{}/{}", links.web, repository.full_name(),
                                         issue.is_pull_request ? "pull" : "issues", issue.number);
    json result = {{"url", url},
                   {"repository_url", base},
                   {"labels_url", url + "/labels{/name}"},
                   {"comments_url", url + "/comments"},
                   {"events_url", url + "/events"},
                   {"html_url", html},
                   {"id", issue.id},
                   {"node_id", node_id(issue)},
                   {"number", issue.number},
                   {"title", issue.title},
                   {"user", user_json(links, issue.author)},
                   {"labels", labels_json(links, repository, labels)},
                   {"state", state_name(issue.state)},
                   {"locked", issue.locked},
                   {"active_lock_reason", nullptr},
                   {"assignee", nullptr},
                   {"assignees", json::array()},
                   {"milestone", nullptr},
                   {"comments", issue.comment_count},
                   {"created_at", time_json(issue.created_at)},
                   {"updated_at", time_json(issue.updated_at)},
                   {"closed_at", optional_time_json(issue.closed_at)},
                   {"author_association", issue.author.id == repository.owner.id ? "OWNER" : "CONTRIBUTOR"},
                   {"performed_via_github_app", nullptr},
                   {"state_reason", issue.state == IssueState::Closed ? json("completed") : json(nullptr)},
                   {"body", optional_text_json(issue.body)},
                   {"reactions", reactions_json(url)},
                   {"timeline_url", url + "/timeline"}};
    if (!pull) return result;
    result["draft"] = pull->is_draft;
    result["pull_request"] = {{"url", fmt::format("{}/pulls/{}", base, issue.number)},
                              {"html_url", html},
                              {"diff_url", html + ".diff"},
                              {"patch_url", html + ".patch"},
                              {"merged_at", optional_time_json(pull->merged_at)}};
    return result;
}

json comment_json(const Links& links, const Repository& repository, const Comment& comment,
                  bool on_pull_request) {
    const std::string base = links.repository(repository);
    const std::string url = fmt::format("{}/issues/comments/{}", base, comment.id);
    return {{"url", url},
            {"reactions", reactions_json(url)},
            {"html_url", fmt::format("{}/{}/{}/{}#issuecomment-{}", links.web, repository.full_name(),
                                     on_pull_request ? "pull" : "issues", comment.issue_number, comment.id)},
            {"issue_url", fmt::format("{}/issues/{}", base, comment.issue_number)},
            {"id", comment.id},
            {"node_id", node_id(comment)},
            {"user", user_json(links, comment.author)},
            {"created_at", time_json(comment.created_at)},
            {"updated_at", time_json(comment.updated_at)},
            {"author_association", comment.author.id == repository.owner.id ? "OWNER" : "CONTRIBUTOR"},
            {"body", comment.body},
            {"performed_via_github_app", nullptr},
            {"minimized",
             comment.minimized_reason ? json{{"reason", *comment.minimized_reason}} : json(nullptr)}};
}

json deployment_json(const Links& links, const Repository& repository, const Deployment& deployment) {
    const std::string base = links.repository(repository);
    const std::string url = fmt::format("{}/deployments/{}", base, deployment.id);
    return {{"url", url},
            {"id", deployment.id},
            {"node_id", node_id(deployment)},
            {"sha", deployment.sha},
            {"ref", deployment.ref},
            {"task", deployment.task},
            {"payload", parsed_or_empty(deployment.payload)},
            {"original_environment", deployment.original_environment},
            {"environment", deployment.environment},
            {"description", optional_text_json(deployment.description)},
            {"creator", user_json(links, deployment.creator)},
            {"created_at", time_json(deployment.created_at)},
            {"updated_at", time_json(deployment.updated_at)},
            {"statuses_url", url + "/statuses"},
            {"repository_url", base},
            {"transient_environment", deployment.is_transient},
            {"production_environment", deployment.is_production},
            {"performed_via_github_app", nullptr}};
}

json deployment_status_json(const Links& links, const Repository& repository,
                            const DeploymentStatus& status) {
    const std::string base = links.repository(repository);
    const std::string deployment = fmt::format("{}/deployments/{}", base, status.deployment_id);
    const NodeId node{NodeKind::DeploymentStatus, repository.id, status.id, ""};
    return {{"url", fmt::format("{}/statuses/{}", deployment, status.id)},
            {"id", status.id},
            {"node_id", print_node_id(node)},
            {"state", status.state},
            {"creator", user_json(links, status.creator)},
            {"description", status.description},
            {"environment", status.environment},
            {"target_url", status.log_url},
            {"created_at", time_json(status.created_at)},
            {"updated_at", time_json(status.updated_at)},
            {"deployment_url", deployment},
            {"repository_url", base},
            {"environment_url", status.environment_url},
            {"log_url", status.log_url},
            {"performed_via_github_app", nullptr}};
}

json environment_json(const Links& links, const Repository& repository, const Environment& environment) {
    const NodeId node{NodeKind::Environment, repository.id, environment.id, ""};
    return {{"id", environment.id},
            {"node_id", print_node_id(node)},
            {"name", environment.name},
            {"url", links.repository(repository) + "/environments/" + percent_encode(environment.name)},
            {"html_url", fmt::format("{}/{}/deployments/activity_log?environments_filter={}", links.web,
                                     repository.full_name(), percent_encode(environment.name))},
            {"created_at", time_json(environment.created_at)},
            {"updated_at", time_json(environment.updated_at)},
            {"protection_rules", json::array()},
            {"deployment_branch_policy", nullptr}};
}

json hook_json(const Links& links, const Repository& repository, const Hook& hook) {
    const std::string url = fmt::format("{}/hooks/{}", links.repository(repository), hook.id);
    json config = {{"url", hook.url}, {"content_type", hook.content_type}, {"insecure_ssl", "0"}};
    if (!hook.secret.empty()) config["secret"] = "********";
    return {{"type", "Repository"},
            {"id", hook.id},
            {"name", "web"},
            {"active", hook.is_active},
            {"events", hook.events},
            {"config", config},
            {"updated_at", time_json(hook.updated_at)},
            {"created_at", time_json(hook.created_at)},
            {"url", url},
            {"test_url", url + "/test"},
            {"ping_url", url + "/pings"},
            {"deliveries_url", url + "/deliveries"},
            {"last_response", {{"code", nullptr}, {"status", "unused"}, {"message", nullptr}}}};
}

json delivery_json(const Links& links, const Repository& repository, const Delivery& delivery,
                   Detail detail) {
    json result = {{"id", delivery.id},
                   {"guid", delivery.guid},
                   {"delivered_at", optional_time_json(delivery.delivered_at)},
                   {"redelivery", delivery.is_redelivery},
                   {"duration", static_cast<double>(delivery.duration_ms) / 1000.0},
                   {"status", delivery.delivered_at ? delivery.status : "pending"},
                   {"status_code", delivery.status_code},
                   {"event", delivery.event},
                   {"action", delivery.action.empty() ? json(nullptr) : json(delivery.action)},
                   {"installation_id", nullptr},
                   {"repository_id", repository.id},
                   {"throttled_at", nullptr}};
    if (detail == Detail::Brief) return result;
    result["url"] =
        fmt::format("{}/hooks/{}/deliveries/{}", links.repository(repository), delivery.hook_id, delivery.id);
    result["request"] = {{"headers", parsed_or_empty(delivery.request_headers)},
                         {"payload", parsed_or_empty(delivery.payload)}};
    result["response"] = {{"headers", parsed_or_empty(delivery.response_headers)},
                          {"payload", delivery.response_body}};
    return result;
}

json commit_json(const Links& links, const Repository& repository, const Commit& commit) {
    const std::string base = links.repository(repository);
    const auto signature = [](const Signature& who) {
        return json{{"name", who.name}, {"email", who.email}, {"date", time_json(who.time)}};
    };
    const NodeId node{NodeKind::Commit, repository.id, 0, commit.sha};
    json parents = json::array();
    for (const auto& parent : commit.parents)
        parents.push_back({{"sha", parent},
                           {"url", base + "/commits/" + parent},
                           {"html_url", links.web + "/" + repository.full_name() + "/commit/" + parent}});
    return {{"sha", commit.sha},
            {"node_id", print_node_id(node)},
            {"commit",
             {{"author", signature(commit.author)},
              {"committer", signature(commit.committer)},
              {"message", commit.message},
              {"tree", {{"sha", commit.tree}, {"url", base + "/git/trees/" + commit.tree}}},
              {"url", base + "/git/commits/" + commit.sha},
              {"comment_count", 0}}},
            {"url", base + "/commits/" + commit.sha},
            {"html_url", links.web + "/" + repository.full_name() + "/commit/" + commit.sha},
            {"comments_url", base + "/commits/" + commit.sha + "/comments"},
            {"author", nullptr},
            {"committer", nullptr},
            {"parents", parents}};
}

json ref_json(const Links& links, const Repository& repository, const Ref& ref) {
    const std::string base = links.repository(repository);
    const NodeId node{NodeKind::Ref, repository.id, 0, ref.name};
    return {{"ref", ref.name},
            {"node_id", print_node_id(node)},
            {"url", base + "/git/" + ref.name},
            {"object", {{"sha", ref.sha}, {"type", "commit"}, {"url", base + "/git/commits/" + ref.sha}}}};
}

json refusal_json(const Refusal& refusal) {
    json body = {{"message", refusal.message},
                 {"documentation_url", "https://docs.github.com/rest"},
                 {"status", std::to_string(refusal.status)}};
    if (refusal.errors.empty()) return body;
    body["errors"] = json::array();
    for (const FieldError& error : refusal.errors) {
        json entry = {{"resource", error.resource}, {"code", error.code}};
        if (!error.field.empty()) entry["field"] = error.field;
        if (!error.message.empty()) entry["message"] = error.message;
        if (!error.value.empty()) entry["value"] = error.value;
        body["errors"].push_back(std::move(entry));
    }
    return body;
}

}  // namespace ringmaster::local_forge
