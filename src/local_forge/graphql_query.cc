// The roots: viewer, repository, node, search, rateLimit.

#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::List;
using graphql::Value;

// GitHub's hourly allowance of a person (github-facts 3.2). The forge itself has no limit, and says so by
// never coming nearer to it.
constexpr int kHourlyPoints = 5000;
constexpr auto kLimitWindow = std::chrono::hours(1);
constexpr std::size_t kMaxNodeIds = 100;

Answer<Value> repository(const Call& call) {
    const std::string owner = *call.arguments.text("owner");
    const std::string name = *call.arguments.text("name");
    GraphqlWorld& world = world_of(call);
    auto found = world.store.repositories().visible(world.viewer, owner, name);
    if (!found && found.error().status == 404)
        return Refuse(Refusal(
            404, fmt::format("Could not resolve to a Repository with the name '{}/{}'.", owner, name)));
    return repository_value(TRY_ANSWER(world.visible_repository(TRY_ANSWER(std::move(found)).id)));
}

Answer<Value> account(const Call& call, std::string_view kind, auto fits) {
    const std::string login = *call.arguments.text("login");
    const auto user = TRY_ANSWER(world_of(call).store.accounts().find(login));
    if (!user || !fits(user->type))
        return Refuse(
            Refusal(404, fmt::format("Could not resolve to {} with the login of '{}'.", kind, login)));
    return user_value(*user);
}

// Each id that names nothing is an error of its own, and null in its place.
graphql::Resolved nodes(const Call& call) {
    const auto ids = call.arguments.texts("ids");
    if (ids.size() > kMaxNodeIds)
        return graphql::Unresolved({fmt::format("You may not provide more than {} node ids; you provided {}.",
                                                kMaxNodeIds, ids.size()),
                                    "ARGUMENT_LIMIT"});
    List found;
    for (const std::string& id : ids) {
        auto value = node_value(world_of(call), id);
        if (!value && value.error().status != 404) return graphql::Unresolved(problem_of(value.error()));
        found.push_back(value ? std::move(*value) : Value(problem_of(value.error())));
    }
    return Value(std::move(found));
}

struct RateLimitNode {
    TimePoint reset_at;
};

void add_rate_limit(graphql::Schema& schema) {
    schema.object("RateLimit")
        .field("cost: Int!", always(1))
        .field("limit: Int!", always(kHourlyPoints))
        .field("nodeCount: Int!", always(0))
        .field("remaining: Int!", always(kHourlyPoints - 1))
        .field("used: Int!", always(1))
        .field("resetAt: DateTime!", on<RateLimitNode>(&RateLimitNode::reset_at));
}

}  // namespace

void add_query_type(graphql::Schema& schema) {
    add_rate_limit(schema);
    graphql::TypeBuilder query = schema.object("Query");
    query
        .field("viewer: User!", from_call([](const Call& call) -> Value {
                   return graphql::object("User", *world_of(call).viewer.user);
               }))
        .field("repository(owner: String!, name: String!, followRenames: Boolean = true): Repository",
               from_call(repository))
        .field("node(id: ID!): Node", from_call([](const Call& call) {
                   return node_value(world_of(call), *call.arguments.text("id"));
               }))
        .field("nodes(ids: [ID!]!): [Node]!", nodes)
        .field("user(login: String!): User", from_call([](const Call& call) {
                   return account(call, "a User", [](UserType type) { return type == UserType::User; });
               }))
        .field("organization(login: String!): Organization", from_call([](const Call& call) {
                   return account(call, "an Organization",
                                  [](UserType type) { return type == UserType::Organization; });
               }))
        .field("repositoryOwner(login: String!): RepositoryOwner", from_call([](const Call& call) {
                   return account(call, "a User", [](UserType type) { return type != UserType::Bot; });
               }))
        .field("rateLimit(dryRun: Boolean = false): RateLimit", from_call([](const Call& call) -> Value {
                   return graphql::object("RateLimit",
                                          RateLimitNode{world_of(call).store.now() + kLimitWindow});
               }));
    add_search(schema, query);
}

}  // namespace ringmaster::local_forge
