// search(type: ISSUE): what `gh pr list --label` and its kin ask.

#include <map>

#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/issue_search.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Resolved;

// As the store orders them.
std::string sort_key(const Issue& issue, IssueOrder order) {
    const std::string id = number_key(issue.id);
    switch (order) {
        case IssueOrder::Created:
            break;
        case IssueOrder::Updated:
            return number_key(issue.updated_at.time_since_epoch().count()) + id;
        case IssueOrder::Comments:
            return number_key(issue.comment_count) + id;
    }
    return id;
}

Result<Connection> page_of(GraphqlWorld& world, const FoundIssues& found, const IssueQuery& query,
                           const PageRequest& page) {
    std::vector<ConnectionItem> items;  // nodes come for the page only
    std::map<std::string, const FoundIssue*> by_key;
    for (const FoundIssue& one : found.issues) {
        items.push_back({sort_key(one.issue, query.order), {}, {}});
        by_key.emplace(items.back().key, &one);
    }
    Connection connection = slice(std::move(items), page, query.direction);
    auto batch = std::make_shared<IssueBatch>();
    for (const ConnectionItem& item : connection.items)
        batch->issue_ids.push_back(by_key.at(item.key)->issue.id);
    for (ConnectionItem& item : connection.items) {
        const auto& [repository, issue] = *by_key.at(item.key);
        item.node = TRY(issue_or_pull_value(world, repository, issue, batch));
    }
    connection.count = [total = found.total]() -> Answer<std::int64_t> { return total; };
    return connection;
}

Result<Connection> found_page(GraphqlWorld& world, const Call& call, const PageRequest& page) {
    if (call.arguments.text("type") != "ISSUE") return page_of(world, {}, {}, page);
    IssueSearch search = parse_issue_search(*call.arguments.text("query"));
    search.issues.window = {0, kMaxSearchResults};
    const IssueQuery query = search.issues;
    return page_of(world, TRY(find_issues(world.store, world.viewer, std::move(search))), query, page);
}

Resolved search(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    auto connection = found_page(world_of(call), call, page);
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
