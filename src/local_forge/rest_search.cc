// REST: search for issues and pull requests. https://docs.github.com/en/rest/search/search

#include "base/text.h"
#include "local_forge/issue_search.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

Answer<nlohmann::json> found_json(const Call& call, const FoundIssue& found) {
    const auto& [repository, issue] = found;
    const auto labels = TRY_ANSWER(call.store.labels().of_issue(issue.id));
    const auto pull = issue.is_pull_request ? TRY_ANSWER(call.store.pulls().find(issue.id)) : std::nullopt;
    auto item = issue_json(call.links, repository, issue, labels, pull);
    item["score"] = 1.0;
    return item;
}

// What stands in the address goes before a `sort:` in the text.
void apply_order(const Call& call, IssueQuery& query) {
    const std::string sort = call.parameter("sort");
    if (sort == "created") query.order = IssueOrder::Created;
    if (sort == "updated") query.order = IssueOrder::Updated;
    if (sort == "comments") query.order = IssueOrder::Comments;
    const std::string order = call.parameter("order");
    if (order == "asc") query.direction = Direction::Ascending;
    if (order == "desc") query.direction = Direction::Descending;
}

Answer<Reply> search_issues(const Call& call) {
    const std::string text = call.parameter("q");
    if (trim(text).empty()) return Refuse(invalid_field({"Search", "q", "missing", "", ""}));
    IssueSearch search = parse_issue_search(text);
    apply_order(call, search.issues);
    search.issues.window = call.window();
    if (search.issues.window.offset >= kMaxSearchResults)
        return Refuse(Refusal(422, "Only the first 1000 search results are available"));
    const FoundIssues found = TRY_ANSWER(find_issues(call.store, call.viewer, std::move(search)));
    if (found.names_no_repository)
        return Refuse(invalid_field(
            {"Search", "q", "invalid",
             "The listed users and repositories cannot be searched either because the resources do not "
             "exist or you do not have permission to view them.",
             ""}));
    auto items = nlohmann::json::array();
    for (const FoundIssue& issue : found.issues) items.push_back(TRY_ANSWER(found_json(call, issue)));
    return paged(call,
                 {{"total_count", found.total}, {"incomplete_results", false}, {"items", std::move(items)}},
                 std::min(found.total, kMaxSearchResults));
}

constexpr Route kRoutes[] = {{"GET", "/search/issues", search_issues}};

}  // namespace

std::span<const Route> search_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
