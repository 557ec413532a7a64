// REST: search for issues and pull requests. https://docs.github.com/en/rest/search/search

#include "base/text.h"
#include "local_forge/rest_call.h"
#include "local_forge/search_query.h"

namespace ringmaster::local_forge {
namespace {

// "Only the first 1000 search results are available" (github-facts 2.6).
constexpr std::int64_t kMaxResults = 1000;

Answer<nlohmann::json> found_json(const Call& call, const Repository& repository, const Issue& issue) {
    const auto labels = TRY_ANSWER(call.store.labels().of_issue(issue.id));
    const auto pull = issue.is_pull_request ? TRY_ANSWER(call.store.pulls().find(issue.id)) : std::nullopt;
    auto item = issue_json(call.links, repository, issue, labels, pull);
    item["score"] = 1.0;
    return item;
}

Answer<std::vector<Repository>> repositories_of(const Call& call, const SearchTerms& query) {
    if (query.repository.empty()) return TRY_ANSWER(call.store.repositories().list());
    const auto slash = query.repository.find('/');
    auto found = slash == std::string::npos
                     ? std::nullopt
                     : TRY_ANSWER(call.store.repositories().find(query.repository.substr(0, slash),
                                                                 query.repository.substr(slash + 1)));
    if (!found || !TRY_ANSWER(call.store.accounts().may_read(call.viewer, *found)))
        return Refuse(invalid_field(
            {"Search", "q", "invalid",
             "The listed users and repositories cannot be searched either because the resources do not "
             "exist or you do not have permission to view them.",
             ""}));
    return std::vector{*found};
}

Answer<Reply> search_issues(const Call& call) {
    const std::string text = call.parameter("q");
    if (trim(text).empty()) return Refuse(invalid_field({"Search", "q", "missing", "", ""}));
    Window window = call.window();
    if (window.offset >= kMaxResults)
        return Refuse(Refusal(422, "Only the first 1000 search results are available"));
    SearchTerms query = parse_search_terms(text);
    query.issues.direction = call.parameter("order") == "asc" ? Direction::Ascending : Direction::Descending;
    query.issues.by_update = call.parameter("sort") == "updated";
    auto items = nlohmann::json::array();
    std::int64_t total = 0;
    for (const Repository& repository : TRY_ANSWER(repositories_of(call, query))) {
        if (!TRY_ANSWER(call.store.accounts().may_read(call.viewer, repository))) continue;
        TRY_ANSWER(call.store.refs().rescan_if_changed(repository));
        const auto here = TRY_ANSWER(call.store.issues().count(repository, query.issues));
        query.issues.window = {std::max<std::int64_t>(0, window.offset - total),
                               window.limit - static_cast<std::int64_t>(items.size())};
        for (const Issue& issue : TRY_ANSWER(call.store.issues().list(repository, query.issues)))
            items.push_back(TRY_ANSWER(found_json(call, repository, issue)));
        total += here;
    }
    return paged(call, {{"total_count", total}, {"incomplete_results", false}, {"items", std::move(items)}},
                 std::min(total, kMaxResults));
}

constexpr Route kRoutes[] = {{"GET", "/search/issues", search_issues}};

}  // namespace

std::span<const Route> search_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
