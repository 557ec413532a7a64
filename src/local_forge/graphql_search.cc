// search(type: ISSUE): what `gh pr list --label` and its kin ask. Unlike GitHub's, it is never late
// (github-facts 2.4).

#include <algorithm>

#include "base/text.h"
#include "local_forge/graphql_issue_search.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Resolved;

// GitHub gives no more of one search (github-facts 2.6).
constexpr std::size_t kMaxResults = 1000;
// Read from one repository before the filters that SQL does not do.
constexpr std::int64_t kMaxCandidates = 20'000;

struct Found {
    Repository repository;
    Issue issue;
};

Result<std::vector<Repository>> repositories_to_search(GraphqlWorld& world, const IssueSearch& query) {
    std::vector<Repository> visible;
    for (Repository& repository : TRY(world.store.repositories().list())) {
        const bool wanted =
            (query.repository.empty() ||
             equal_ignoring_ascii_case(repository.full_name(), query.repository)) &&
            (query.owner.empty() || equal_ignoring_ascii_case(repository.owner.login, query.owner));
        if (!wanted || !TRY(world.store.accounts().may_read(world.viewer, repository))) continue;
        TRY(world.store.refs().rescan_if_changed(repository));
        visible.push_back(std::move(repository));
    }
    return visible;
}

IssueQuery issue_query(const IssueSearch& query, const Viewer& viewer) {
    IssueQuery wanted;
    wanted.state = query.state == IssueSearch::State::Open     ? StateFilter::Open
                   : query.state == IssueSearch::State::Closed ? StateFilter::Closed
                                                               : StateFilter::All;
    if (query.kind != IssueSearch::Kind::Any)
        wanted.pull_requests = query.kind == IssueSearch::Kind::PullRequest;
    for (const auto& group : query.labels)
        if (group.size() == 1) wanted.label_names.push_back(group.front());
    wanted.creator = query.author == "@me" && viewer.user ? viewer.user->login : query.author;
    wanted.is_draft = query.is_draft;
    wanted.head_ref = query.head;
    wanted.base_ref = query.base;
    wanted.window = {0, kMaxCandidates};
    return wanted;
}

bool has_words(const Issue& issue, const std::vector<std::string>& words) {
    const std::string text = to_lower_ascii(issue.title + " " + issue.body.value_or(""));
    return std::ranges::all_of(words,
                               [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

bool has_label(const std::vector<Label>& labels, const std::vector<std::string>& any_of) {
    return std::ranges::any_of(labels, [&](const Label& label) {
        return std::ranges::any_of(
            any_of, [&](const std::string& name) { return equal_ignoring_ascii_case(label.name, name); });
    });
}

// The filters that the store's list does not have.
Result<std::vector<Issue>> filtered(GraphqlWorld& world, std::vector<Issue> issues,
                                    const IssueSearch& query) {
    if (!query.words.empty())
        std::erase_if(issues, [&](const Issue& issue) { return !has_words(issue, query.words); });
    const bool needs_labels =
        !query.without_labels.empty() ||
        std::ranges::any_of(query.labels, [](const auto& group) { return group.size() > 1; });
    if (needs_labels) {
        std::vector<Id> ids;
        for (const Issue& issue : issues) ids.push_back(issue.id);
        auto labels = TRY(world.store.labels().of_issues(ids));
        std::erase_if(issues, [&](const Issue& issue) {
            const auto& carried = labels[issue.id];
            return has_label(carried, query.without_labels) ||
                   !std::ranges::all_of(query.labels,
                                        [&](const auto& group) { return has_label(carried, group); });
        });
    }
    if (!query.is_merged) return issues;
    std::vector<Issue> kept;
    for (Issue& issue : issues) {
        const auto pull = TRY(world.store.pulls().find(issue.id));
        if (pull && pull->merged_at.has_value() == *query.is_merged) kept.push_back(std::move(issue));
    }
    return kept;
}

std::string sort_key(const Issue& issue, bool by_update) {
    const TimePoint time = by_update ? issue.updated_at : issue.created_at;
    return number_key(time.time_since_epoch().count()) + number_key(issue.id);
}

struct SearchResult {
    std::vector<ConnectionItem> items;   // without nodes
    std::map<std::string, Found> found;  // by key
};

Result<SearchResult> search_issues(GraphqlWorld& world, const IssueSearch& query) {
    SearchResult result;
    if (query.matches_nothing) return result;
    const IssueQuery wanted = issue_query(query, world.viewer);
    for (const Repository& repository : TRY(repositories_to_search(world, query)))
        for (Issue& issue : TRY(filtered(world, TRY(world.store.issues().list(repository, wanted)), query))) {
            const std::string key = sort_key(issue, query.by_update);
            result.items.push_back({key, {}, {}});
            result.found.emplace(key, Found{repository, std::move(issue)});
        }
    std::ranges::sort(result.items, [&](const ConnectionItem& a, const ConnectionItem& b) {
        return query.direction == Direction::Ascending ? a.key < b.key : b.key < a.key;
    });
    return result;
}

Result<Connection> page_of(GraphqlWorld& world, SearchResult result, const PageRequest& page,
                           Direction direction) {
    const auto total = static_cast<std::int64_t>(result.items.size());
    if (result.items.size() > kMaxResults) result.items.resize(kMaxResults);
    Connection connection = slice(std::move(result.items), page, direction);
    auto batch = std::make_shared<IssueBatch>();
    for (const ConnectionItem& item : connection.items)
        batch->issue_ids.push_back(result.found.at(item.key).issue.id);
    for (ConnectionItem& item : connection.items) {
        const auto& [repository, issue] = result.found.at(item.key);
        item.node = TRY(issue_or_pull_value(world, repository, issue, batch));
    }
    connection.count = [total]() -> Answer<std::int64_t> { return total; };
    return connection;
}

Resolved search(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    SearchResult result;
    IssueSearch query;
    if (call.arguments.text("type") == "ISSUE") {
        query = parse_issue_search(*call.arguments.text("query"));
        auto found = search_issues(world_of(call), query);
        if (!found) return graphql::Unresolved(problem_of(found.error()));
        result = std::move(*found);
    }
    auto connection = page_of(world_of(call), std::move(result), page, query.direction);
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    return connection_value("SearchResultItemConnection", std::move(*connection));
}

}  // namespace

void add_search(graphql::Schema& schema, graphql::TypeBuilder& query) {
    schema.enumeration("SearchType", {"DISCUSSION", "ISSUE", "REPOSITORY", "USER"});
    schema.union_of("SearchResultItem", {"Issue", "Organization", "PullRequest", "Repository", "User"});
    graphql::TypeBuilder connection =
        add_connection_types(schema, "SearchResultItem", "SearchResultItem").connection;
    connection.field("issueCount: Int!", on<Connection>([](const Connection& page) { return page.count(); }));
    for (const char* field : {"codeCount: Int!", "discussionCount: Int!", "repositoryCount: Int!",
                              "userCount: Int!", "wikiCount: Int!"})
        connection.field(field, always(0));
    query.field(
        connection_field("search", "SearchResultItemConnection!", "query: String!, type: SearchType!"),
        search);
}

}  // namespace ringmaster::local_forge
