// The two largest objects of the REST API as values: repositories and pull requests (whose members
// pull_printer.cc knows).

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/pull_printer.h"
#include "local_forge/rest_json.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
using nlohmann::json;
namespace {

json time_json(TimePoint time) {
    return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
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
    for (const char* flag : {"has_issues", "has_projects", "allow_merge_commit", "allow_squash_merge",
                             "allow_rebase_merge", "allow_forking"})
        result[flag] = true;
    for (const char* flag :
         {"has_wiki", "has_pages", "has_downloads", "has_discussions", "archived", "disabled", "is_template",
          "allow_auto_merge", "delete_branch_on_merge", "web_commit_signoff_required"})
        result[flag] = false;
    for (const char* absent : {"homepage", "language", "license", "mirror_url"}) result[absent] = nullptr;
    result["topics"] = json::array();
    result["custom_properties"] = json::object();
    result["visibility"] = repository.is_private ? "private" : "public";
    result["svn_url"] = links.web + "/" + repository.full_name();
    result["git_url"] = result["clone_url"];
    result["ssh_url"] = result["clone_url"];
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
    return json::parse(PullPrinter(links, base, detail).print(head, pull, labels));
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
