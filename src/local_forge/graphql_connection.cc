#include "local_forge/graphql_connection.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

#include "local_forge/graphql_resolve.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::List;
using graphql::Problem;
using graphql::Value;

constexpr std::int64_t kMaxPage = 100;  // github-facts 3.3
constexpr std::string_view kCursorPrefix = "cursor:v2:";

struct PageInfo {
    bool has_previous;
    bool has_next;
    std::string start;
    std::string end;
};

std::unexpected<Problem> problem(std::string message, std::string type) {
    return std::unexpected(Problem{std::move(message), std::move(type)});
}

std::expected<void, Problem> check_count(std::int64_t count, std::string_view argument,
                                         std::string_view field) {
    if (count < 0)
        return problem(fmt::format("`{}` on the `{}` connection cannot be less than zero.", argument, field),
                       "UNPROCESSABLE");
    if (count > kMaxPage)
        return problem(
            fmt::format("Requesting {} records on the `{}` connection exceeds the `{}` limit of {} records.",
                        count, field, argument, kMaxPage),
            "EXCESSIVE_PAGINATION");
    return {};
}

std::expected<std::optional<std::string>, Problem> cursor_argument(const Call& call, std::string_view name) {
    const auto text = call.arguments.text(name);
    if (!text) return std::nullopt;
    auto key = parse_cursor(*text);
    if (!key)
        return problem(fmt::format("`{}` does not appear to be a valid cursor.", *text),
                       "INVALID_CURSOR_ARGUMENTS");
    return key;
}

Value page_info(const Connection& connection) {
    PageInfo info{connection.has_previous, connection.has_next, "", ""};
    if (!connection.items.empty()) {
        info.start = print_cursor(connection.items.front().key);
        info.end = print_cursor(connection.items.back().key);
    }
    return graphql::object("PageInfo", std::move(info));
}

Value cursor_or_null(const std::string& cursor) {
    return cursor.empty() ? Value() : Value(cursor);
}

Value nodes_of(const Connection& connection) {
    List nodes;
    nodes.reserve(connection.items.size());
    for (const ConnectionItem& item : connection.items) nodes.push_back(item.node);
    return nodes;
}

void add_page_info(graphql::Schema& schema) {
    if (schema.find("PageInfo") != nullptr) return;
    schema.object("PageInfo")
        .field("hasNextPage: Boolean!", on<PageInfo>(&PageInfo::has_next))
        .field("hasPreviousPage: Boolean!", on<PageInfo>(&PageInfo::has_previous))
        .field("startCursor: String",
               on<PageInfo>([](const PageInfo& info) { return cursor_or_null(info.start); }))
        .field("endCursor: String",
               on<PageInfo>([](const PageInfo& info) { return cursor_or_null(info.end); }));
}

}  // namespace

std::string print_cursor(std::string_view key) {
    const std::string plain = std::string(kCursorPrefix) + std::string(key);
    std::string text(4 * ((plain.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::optional<std::string> parse_cursor(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0 || text.size() > 4096) return std::nullopt;
    std::string plain(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(plain.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    // The decoder counts padding as bytes.
    plain.resize(plain.size() - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
    if (!plain.starts_with(kCursorPrefix)) return std::nullopt;
    return plain.substr(kCursorPrefix.size());
}

std::string number_key(std::int64_t number) {
    return fmt::format("{:019}", number);
}

std::optional<std::int64_t> number_of_key(std::string_view key) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc{} || end != key.data() + key.size()) return std::nullopt;
    return number;
}

std::expected<PageRequest, Problem> page_request(const Call& call) {
    PageRequest page;
    const auto first = call.arguments.integer("first");
    const auto last = call.arguments.integer("last");
    const std::string& field = call.field.name;
    if (first && last)
        return problem(
            fmt::format("Passing both `first` and `last` to paginate the `{}` connection is not supported.",
                        field),
            "UNPROCESSABLE");
    if (first) TRY(check_count(*first, "first", field));
    if (last) TRY(check_count(*last, "last", field));
    if (!first && !last && (call.selects("nodes") || call.selects("edges") || call.selects("pageInfo")))
        return problem(
            fmt::format(
                "You must provide a `first` or `last` value to properly paginate the `{}` connection.",
                field),
            "MISSING_PAGINATION_BOUNDARIES");
    page.count = first.value_or(last.value_or(0));
    page.from_end = last.has_value();
    page.after = TRY(cursor_argument(call, "after"));
    page.before = TRY(cursor_argument(call, "before"));
    return page;
}

ConnectionTypes add_connection_types(graphql::Schema& schema, std::string_view name, std::string_view node) {
    add_page_info(schema);
    const std::string edge_name = std::string(name) + "Edge";
    graphql::TypeBuilder edge = schema.object(edge_name);
    edge.field("cursor: String!",
               on<ConnectionEdge>([](const ConnectionEdge& e) { return print_cursor(e.item.key); }))
        .field("node: " + std::string(node),
               on<ConnectionEdge>([](const ConnectionEdge& e) { return e.item.node; }));
    graphql::TypeBuilder connection = schema.object(std::string(name) + "Connection");
    connection
        .field(fmt::format("edges: [{}]", edge_name),
               on<Connection>([edge_type = schema.find(edge_name)](const Connection& page) {
                   List edges;
                   for (const ConnectionItem& item : page.items)
                       edges.emplace_back(graphql::object(edge_type->name, ConnectionEdge{item}));
                   return Value(std::move(edges));
               }))
        .field(fmt::format("nodes: [{}]", node), on<Connection>(nodes_of))
        .field("pageInfo: PageInfo!", on<Connection>(page_info))
        .field("totalCount: Int!", on<Connection>([](const Connection& page) { return page.count(); }));
    return {connection, edge};
}

Connection slice(std::vector<ConnectionItem> items, const PageRequest& page, Direction direction) {
    const auto precedes = [&](const std::string& a, const std::string& b) {
        return direction == Direction::Ascending ? a < b : b < a;
    };
    const auto total = static_cast<std::int64_t>(items.size());
    auto begin = items.begin();
    auto end = items.end();
    if (page.after)
        begin = std::ranges::find_if(begin, end,
                                     [&](const auto& item) { return precedes(*page.after, item.key); });
    if (page.before)
        end = std::find_if(begin, end, [&](const auto& item) { return !precedes(item.key, *page.before); });
    if (end - begin > page.count) (page.from_end ? begin = end - page.count : end = begin + page.count);
    Connection connection;
    connection.has_previous = begin != items.begin();
    connection.has_next = end != items.end();
    connection.items.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
    connection.count = [total]() -> Answer<std::int64_t> { return total; };
    return connection;
}

StorePage store_page(const PageRequest& page, Direction list_direction) {
    if (!page.from_end) return {list_direction, page.after, page.before, page.count + 1};
    const Direction reversed =
        list_direction == Direction::Ascending ? Direction::Descending : Direction::Ascending;
    return {reversed, page.before, page.after, page.count + 1};
}

Connection finish(std::vector<ConnectionItem> items, const PageRequest& page) {
    const bool has_more = static_cast<std::int64_t>(items.size()) > page.count;
    if (has_more) items.resize(static_cast<std::size_t>(page.count));
    if (page.from_end) std::ranges::reverse(items);
    Connection connection;
    connection.has_next = page.from_end ? page.before.has_value() : has_more;
    connection.has_previous = page.from_end ? has_more : page.after.has_value();
    connection.items = std::move(items);
    return connection;
}

Value connection_value(std::string_view type_name, Connection connection) {
    return graphql::object(type_name, std::move(connection));
}

graphql::Resolver empty_connection(std::string_view type_name) {
    return [type_name](const Call& call) -> graphql::Resolved {
        TRY(page_request(call));
        Connection connection;
        connection.count = []() -> Answer<std::int64_t> { return 0; };
        return connection_value(type_name, std::move(connection));
    };
}

std::string connection_field(std::string_view name, std::string_view type, std::string_view more_arguments) {
    return fmt::format("{}(first: Int, last: Int, after: String, before: String{}{}): {}", name,
                       more_arguments.empty() ? "" : ", ", more_arguments, type);
}

}  // namespace ringmaster::local_forge
