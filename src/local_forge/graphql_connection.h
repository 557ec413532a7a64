#pragma once
// GitHub's connections: a page of a list, cut by first/last and after/before. A cursor holds the key of its
// item, not its position, so it stays good when items before it, or the item itself, go away.
// https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/schema.h"
#include "local_forge/answer.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

/// Which part of a list is wanted, in the list's own order.
struct PageRequest {
    std::int64_t count =
        0;                  ///< at most; 0 when neither first nor last was given, which only totalCount needs
    bool from_end = false;  ///< the last `count` rather than the first
    std::optional<std::string> after;  ///< keys
    std::optional<std::string> before;
};

/// Reads first, last, after and before. Problems: GitHub's own for missing, excessive, contradicting bounds
/// and for what is no cursor.
std::expected<PageRequest, graphql::Problem> page_request(const graphql::Call& call);

std::string print_cursor(std::string_view key);
std::optional<std::string> parse_cursor(std::string_view text);
/// Keys that compare as text like the numbers do.
std::string number_key(std::int64_t number);
std::optional<std::int64_t> number_of_key(std::string_view key);

struct ConnectionItem {
    std::string key;
    graphql::Value node;
    graphql::Value detail;  ///< of edges that say more than their node (a collaborator's permission)
};

/// What a field of an edge type has as its parent.
struct ConnectionEdge {
    ConnectionItem item;
};

struct Connection {
    std::vector<ConnectionItem> items;
    bool has_previous = false;
    bool has_next = false;
    std::function<Answer<std::int64_t>()> count;
};

struct ConnectionTypes {
    graphql::TypeBuilder connection;
    graphql::TypeBuilder edge;
};

/// Adds "{Name}Connection" and "{Name}Edge" for nodes of type `node`; both may get further fields.
ConnectionTypes add_connection_types(graphql::Schema& schema, std::string_view name, std::string_view node);

/// The page of a list that is in memory. `items` are in the list's order, which is that of their keys in
/// `direction`.
Connection slice(std::vector<ConnectionItem> items, const PageRequest& page,
                 Direction direction = Direction::Ascending);

/// For a list that is read as far as needed: what to ask the store for, one more than wanted. Turn `rows`
/// around with finish() afterwards.
struct StorePage {
    Direction direction;               ///< to read in; against the list's order when its end is wanted
    std::optional<std::string> after;  ///< in the direction of reading
    std::optional<std::string> before;
    std::int64_t limit;
};
StorePage store_page(const PageRequest& page, Direction list_direction);
/// `items` as read by store_page().
Connection finish(std::vector<ConnectionItem> items, const PageRequest& page);

/// A resolver's value.
graphql::Value connection_value(std::string_view type_name, Connection connection);
/// A connection that is always empty, bounds checked all the same.
graphql::Resolver empty_connection(std::string_view type_name);

/// "first: Int, last: Int, after: String, before: String" and what follows, for a field's declaration.
std::string connection_field(std::string_view name, std::string_view type,
                             std::string_view more_arguments = "");

}  // namespace ringmaster::local_forge
