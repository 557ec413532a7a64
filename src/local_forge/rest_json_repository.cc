// The two largest objects of the REST API: repositories and pull requests.

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/rest_json.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
using nlohmann::json;
namespace {

json time_json(TimePoint time) {
    return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
}
json optional_time_json(const std::optional<TimePoint>& time) {
    return time ? time_json(*time) : json(nullptr);
}

// Name of the field (without "_url") and what stands behind the repository's address.
constexpr std::pair<const char*, const char*> kTemplates[] = {
    {"archive", "/{archive_format}{/ref}"},
    {"assignees", "/assignees{/user}"},
    {"blobs", "/git/blobs{/sha}"},
    {"branches", "/branches{/branch}"},
    {"collaborators", "/collaborators{/collaborator}"},
    {"comments", "/comments{/number}"},
    {"commits", "/commits{/sha}"},
    {"compare", "/compare/{base}...{head}"},
    {"contents", "/contents/{+path}"},
    {"contributors", "/contributors"},
    {"deployments", "/deployments"},
    {"downloads", "/downloads"},
    {"events", "/events"},
    {"forks", "/forks"},
    {"git_commits", "/git/commits{/sha}"},
    {"git_refs", "/git/refs{/sha}"},
    {"git_tags", "/git/tags{/sha}"},
    {"hooks", "/hooks"},
    {"issue_comment", "/issues/comments{/number}"},
    {"issue_events", "/issues/events{/number}"},
    {"issues", "/issues{/number}"},
    {"keys", "/keys{/key_id}"},
    {"labels", "/labels{/name}"},
    {"languages", "/languages"},
    {"merges", "/merges"},
    {"milestones", "/milestones{/number}"},
    {"notifications", "/notifications{?since,all,participating}"},
    {"pulls", "/pulls{/number}"},
    {"releases", "/releases{/id}"},
    {"stargazers", "/stargazers"},
    {"statuses", "/statuses/{sha}"},
    {"subscribers", "/subscribers"},
    {"subscription", "/subscription"},
    {"tags", "/tags"},
    {"teams", "/teams"},
    {"trees", "/git/trees{/sha}"}};

void add_repository_details(json& result, const Links& links, const Repository& repository) {
    const std::string url = links.repository(repository);
    for (const auto& [name, rest] : kTemplates) result[std::string(name) + "_url"] = url + rest;
    for (const char* count : {"size", "stargazers_count", "watchers_count", "forks_count",
                              "open_issues_count", "forks", "open_issues", "watchers"})
        result[count] = 0;
    for (const char* flag :
         {"has_issues", "has_projects", "allow_merge_commit", "allow_squash_merge", "allow_forking"})
        result[flag] = true;
    for (const char* flag :
         {"has_wiki", "has_pages", "has_downloads", "has_discussions", "archived", "disabled", "is_template",
          "allow_rebase_merge", "allow_auto_merge", "delete_branch_on_merge", "web_commit_signoff_required"})
        result[flag] = false;
    for (const char* absent : {"homepage", "language", "license", "mirror_url"}) result[absent] = nullptr;
    result["topics"] = json::array();
    result["custom_properties"] = json::object();
    result["visibility"] = repository.is_private ? "private" : "public";
    result["svn_url"] = links.web + "/" + repository.full_name();
    result["git_url"] = result["clone_url"];
    result["ssh_url"] = result["clone_url"];
}

json side_json(const Links& links, const User& owner, const std::string& owner_login, const std::string& ref,
               const std::string& sha, const std::optional<Repository>& repository, Detail detail) {
    return {{"label", owner_login + ":" + ref},
            {"ref", ref},
            {"sha", sha},
            {"user", repository ? user_json(links, owner, detail) : json(nullptr)},
            {"repo", repository ? repository_json(links, *repository, detail) : json(nullptr)}};
}

json links_json(const std::string& url, const std::string& html, const std::string& issue,
                const std::string& statuses) {
    const auto link = [](const std::string& href) { return json{{"href", href}}; };
    return {{"self", link(url)},
            {"html", link(html)},
            {"issue", link(issue)},
            {"comments", link(issue + "/comments")},
            {"review_comments", link(url + "/comments")},
            {"review_comment", link(url.substr(0, url.rfind('/')) + "/comments{/number}")},
            {"commits", link(url + "/commits")},
            {"statuses", link(statuses)}};
}

void add_pull_details(json& result, const Links& links, const PullRequest& pull) {
    result["merged"] = pull.merged_at.has_value();
    result["mergeable"] = pull.is_mergeable ? json(*pull.is_mergeable) : json(nullptr);
    result["rebaseable"] = false;
    result["mergeable_state"] = !pull.is_mergeable   ? "unknown"
                                : *pull.is_mergeable ? (pull.is_draft ? "draft" : "clean")
                                                     : "dirty";
    result["merged_by"] = pull.merged_by ? user_json(links, *pull.merged_by) : json(nullptr);
    result["comments"] = pull.issue.comment_count;
    result["review_comments"] = 0;
    result["maintainer_can_modify"] = false;
    result["commits"] = pull.commit_count;
    result["additions"] = pull.additions;
    result["deletions"] = pull.deletions;
    result["changed_files"] = pull.changed_files;
}

}  // namespace

json repository_json(const Links& links, const Repository& repository, Detail detail) {
    const std::string url = links.repository(repository);
    json result = {
        {"id", repository.id},
        {"node_id", node_id(repository)},
        {"name", repository.name},
        {"full_name", repository.full_name()},
        {"private", repository.is_private},
        {"owner", user_json(links, repository.owner, detail)},
        {"html_url", links.web + "/" + repository.full_name()},
        {"description", repository.description.empty() ? json(nullptr) : json(repository.description)},
        {"fork", repository.parent_id.has_value()},
        {"url", url},
        {"clone_url", links.web + "/" + repository.full_name() + ".git"},
        {"default_branch", repository.default_branch},
        {"created_at", time_json(repository.created_at)},
        {"updated_at", time_json(repository.updated_at)},
        {"pushed_at", time_json(repository.pushed_at)}};
    if (detail == Detail::Full) add_repository_details(result, links, repository);
    return result;
}

json pull_json(const Links& links, const Repository& base, const std::optional<Repository>& head,
               const PullRequest& pull, const std::vector<Label>& labels, Detail detail) {
    const Issue& issue = pull.issue;
    const std::string url = fmt::format("{}/pulls/{}", links.repository(base), issue.number);
    const std::string html = fmt::format("{}/{}/pull/{}", links.web, base.full_name(), issue.number);
    const std::string issue_url = fmt::format("{}/issues/{}", links.repository(base), issue.number);
    const std::string statuses = links.repository(base) + "/statuses/" + pull.head_sha;
    json result = {
        {"url", url},
        {"id", issue.id},
        {"node_id", node_id(pull)},
        {"html_url", html},
        {"diff_url", html + ".diff"},
        {"patch_url", html + ".patch"},
        {"issue_url", issue_url},
        {"commits_url", url + "/commits"},
        {"review_comments_url", url + "/comments"},
        {"review_comment_url", links.repository(base) + "/pulls/comments{/number}"},
        {"comments_url", issue_url + "/comments"},
        {"statuses_url", statuses},
        {"number", issue.number},
        {"state", issue.state == IssueState::Open ? "open" : "closed"},
        {"locked", issue.locked},
        {"active_lock_reason", nullptr},
        {"title", issue.title},
        {"user", user_json(links, issue.author, detail)},
        {"body", issue.body ? json(*issue.body) : json(nullptr)},
        {"labels", labels_json(links, base, labels)},
        {"milestone", nullptr},
        {"created_at", time_json(issue.created_at)},
        {"updated_at", time_json(issue.updated_at)},
        {"closed_at", optional_time_json(issue.closed_at)},
        {"merged_at", optional_time_json(pull.merged_at)},
        {"merge_commit_sha", pull.merge_commit_sha ? json(*pull.merge_commit_sha) : json(nullptr)},
        {"assignee", nullptr},
        {"assignees", json::array()},
        {"requested_reviewers", json::array()},
        {"requested_teams", json::array()},
        {"head", side_json(links, head ? head->owner : User{}, pull.head_owner_login, pull.head_ref,
                           pull.head_sha, head, detail)},
        {"base", side_json(links, base.owner, base.owner.login, pull.base_ref, pull.base_sha, base, detail)},
        {"author_association", issue.author.id == base.owner.id ? "OWNER" : "CONTRIBUTOR"},
        {"auto_merge", nullptr},
        {"draft", pull.is_draft},
        {"_links", links_json(url, html, issue_url, statuses)}};
    if (detail == Detail::Full) add_pull_details(result, links, pull);
    return result;
}

Result<json> pull_json(ForgeStore& store, const Links& links, const Repository& base, const PullRequest& pull,
                       Detail detail) {
    std::optional<Repository> head = base;
    if (pull.is_cross_repository())
        head =
            pull.head_repository_id ? TRY(store.repositories().find(*pull.head_repository_id)) : std::nullopt;
    return pull_json(links, base, head, pull, TRY(store.labels().of_issue(pull.issue.id)), detail);
}

}  // namespace ringmaster::local_forge
