#include "local_forge/graphql_repository_lists.h"

#include <algorithm>

#include "base/text.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_store_queries.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Members;
using graphql::Resolved;

Direction direction_of(const Members* order, Direction standard) {
    if (order == nullptr) return standard;
    return order->text("direction") == "DESC" ? Direction::Descending : Direction::Ascending;
}

// A page of a list whose keys SQL reads and whose items are looked up one by one.
template <typename Find>
Resolved keyed_connection(const Call& call, std::string_view type_name, const KeyedRows& rows,
                          Direction direction, Find find) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const auto build = [&]() -> Answer<Connection> {
        return finish(TRY_ANSWER(find(TRY_ANSWER(read_keys(world.store, rows, store_page(page, direction))))),
                      page);
    };
    auto connection = build();
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [&world, rows]() -> Answer<std::int64_t> {
        return TRY_ANSWER(count_rows(world.store, rows));
    };
    return connection_value(type_name, std::move(*connection));
}

PullRequestState parse_state(std::string_view name) {
    if (name == "OPEN") return PullRequestState::Open;
    return name == "MERGED" ? PullRequestState::Merged : PullRequestState::Closed;
}

PullRequestQuery pull_query(const Call& call) {
    PullRequestQuery query;
    for (const std::string& state : call.arguments.texts("states"))
        query.states.push_back(parse_state(state));
    query.base_ref = call.arguments.text("baseRefName").value_or("");
    query.head_ref = call.arguments.text("headRefName").value_or("");
    query.label_names = call.arguments.texts("labels");
    const Members* order = call.arguments.members("orderBy");
    query.by_update = order != nullptr && order->text("field") == "UPDATED_AT";
    query.direction = direction_of(order, Direction::Ascending);
    return query;
}

Resolved pull_requests(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const Repository& repository = call.parent<Repository>();
    const PullRequestQuery all = pull_query(call);
    PullRequestQuery query = all;
    const StorePage read = store_page(page, all.direction);
    query.direction = read.direction;
    if (read.after) query.after_number = number_of_key(*read.after).value_or(0);
    if (read.before) query.before_number = number_of_key(*read.before).value_or(0);
    query.window = {0, read.limit};
    auto pulls = world.store.pulls().list(repository, query);
    if (!pulls) return graphql::Unresolved(problem_of(pulls.error()));
    Connection connection = finish(pull_items(repository, std::move(*pulls)), page);
    connection.count = [&world, repository, all]() -> Answer<std::int64_t> {
        return TRY_ANSWER(world.store.pulls().count(repository, all));
    };
    return connection_value("PullRequestConnection", std::move(connection));
}

Resolved issues(const Call& call) {
    const Repository& repository = call.parent<Repository>();
    GraphqlWorld& world = world_of(call);
    std::vector<std::string> states = call.arguments.texts("states");
    std::vector<std::string> labels = call.arguments.texts("labels");
    if (const Members* filter = call.arguments.members("filterBy")) {
        if (states.empty()) states = filter->texts("states");
        if (labels.empty()) labels = filter->texts("labels");
    }
    const KeyedRows rows = issue_rows(repository, states, labels);
    const Direction direction = direction_of(call.arguments.members("orderBy"), Direction::Ascending);
    return keyed_connection(
        call, "IssueConnection", rows, direction,
        [&](const std::vector<std::string>& keys) -> Answer<std::vector<ConnectionItem>> {
            std::vector<Issue> found;
            for (const auto& key : keys)
                if (auto issue = TRY_ANSWER(world.store.issues().find(repository, *number_of_key(key))))
                    found.push_back(std::move(*issue));
            return issue_items(repository, std::move(found));
        });
}

Resolved deployments(const Call& call) {
    const Repository& repository = call.parent<Repository>();
    GraphqlWorld& world = world_of(call);
    const KeyedRows rows = deployment_rows(repository, call.arguments.texts("environments"));
    const Direction direction = direction_of(call.arguments.members("orderBy"), Direction::Ascending);
    return keyed_connection(
        call, "DeploymentConnection", rows, direction,
        [&](const std::vector<std::string>& keys) -> Answer<std::vector<ConnectionItem>> {
            std::vector<ConnectionItem> items;
            for (const auto& key : keys)
                if (auto found = TRY_ANSWER(world.store.deployments().find(*number_of_key(key))))
                    items.push_back({key, deployment_value(std::move(*found)), {}});
            return items;
        });
}

Resolved environments(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const Repository& repository = call.parent<Repository>();
    Deployments& store = world_of(call).store.deployments();
    const auto count = store.environment_count(repository);
    if (!count) return graphql::Unresolved(problem_of(count.error()));
    auto found = store.environments(repository, {0, *count});
    if (!found) return graphql::Unresolved(problem_of(found.error()));
    std::vector<ConnectionItem> items;
    for (Environment& environment : *found) {
        const std::string key = to_lower_ascii(environment.name);
        items.push_back({key, environment_value(std::move(environment)), {}});
    }
    std::ranges::sort(items, {}, &ConnectionItem::key);
    return connection_value("EnvironmentConnection", slice(std::move(items), page));
}

Resolved refs(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const Repository& repository = call.parent<Repository>();
    const std::string prefix = *call.arguments.text("refPrefix");
    const std::string query = to_lower_ascii(call.arguments.text("query").value_or(""));
    auto found = world_of(call).store.refs().list(repository, prefix);
    if (!found) return graphql::Unresolved(problem_of(found.error()));
    std::vector<ConnectionItem> items;
    for (Ref& ref : *found) {
        const std::string key = ref.name;
        if (to_lower_ascii(key).find(query, prefix.size()) == std::string::npos) continue;
        items.push_back({key, ref_value(repository, std::move(ref)), {}});
    }
    Direction direction = direction_of(call.arguments.members("orderBy"), Direction::Ascending);
    if (const auto given = call.arguments.text("direction"))
        direction = *given == "DESC" ? Direction::Descending : Direction::Ascending;
    if (direction == Direction::Descending) std::ranges::reverse(items);
    return connection_value("RefConnection", slice(std::move(items), page, direction));
}

// People with a role, by login; `matches` decides. The detail is the role.
Answer<std::vector<ConnectionItem>> people(GraphqlWorld& world, const Repository& repository,
                                           std::string_view query, Role at_least) {
    std::vector<ConnectionItem> items;
    const std::string wanted = to_lower_ascii(query);
    for (const Collaborator& person : TRY_ANSWER(world.store.accounts().collaborators(repository))) {
        const std::string key = to_lower_ascii(person.user.login);
        const bool matches = key.find(wanted) != std::string::npos ||
                             to_lower_ascii(person.user.name).find(wanted) != std::string::npos;
        if (!matches || person.role < at_least || person.user.type != UserType::User) continue;
        items.push_back({key, user_value(person.user), to_upper_ascii(role_name(person.role))});
    }
    std::ranges::sort(items, {}, &ConnectionItem::key);
    return items;
}

// Who may see the list at GitHub: people with push access.
Resolved collaborators(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const Repository& repository = call.parent<Repository>();
    const auto role = world.viewer_role(repository);
    if (!role) return graphql::Unresolved(problem_of(role.error()));
    if (*role < Role::Write)
        return graphql::Unresolved(
            {"You do not have permission to view repository collaborators.", "FORBIDDEN"});
    const auto login = call.arguments.text("login");
    auto items =
        people(world, repository, login.value_or(call.arguments.text("query").value_or("")), Role::Read);
    if (!items) return graphql::Unresolved(problem_of(items.error()));
    if (login)
        std::erase_if(*items, [&](const ConnectionItem& item) { return item.key != to_lower_ascii(*login); });
    return connection_value("RepositoryCollaboratorConnection", slice(std::move(*items), page));
}

Resolved users(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    auto items = people(world_of(call), call.parent<Repository>(), call.arguments.text("query").value_or(""),
                        Role::Read);
    if (!items) return graphql::Unresolved(problem_of(items.error()));
    return connection_value("UserConnection", slice(std::move(*items), page));
}

Resolved forks(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    auto found = world.store.repositories().forks_of(call.parent<Repository>());
    if (!found) return graphql::Unresolved(problem_of(found.error()));
    std::vector<ConnectionItem> items;
    for (Repository& fork : *found) {
        const auto may_read = world.store.accounts().may_read(world.viewer, fork);
        if (!may_read) return graphql::Unresolved(problem_of(may_read.error()));
        const std::string key = number_key(fork.id);
        if (*may_read) items.push_back({key, repository_value(std::move(fork)), {}});
    }
    std::ranges::sort(items, {}, &ConnectionItem::key);
    return connection_value("RepositoryConnection", slice(std::move(items), page));
}

Resolved labels(const Call& call) {
    return labels_connection(call, call.parent<Repository>(), call.arguments.text("query").value_or(""));
}

}  // namespace

void add_repository_lists(graphql::TypeBuilder& type) {
    type.field(connection_field("labels", "LabelConnection",
                                "query: String, orderBy: LabelOrder = {field: CREATED_AT, direction: ASC}"),
               labels)
        .field(connection_field("pullRequests", "PullRequestConnection!",
                                "states: [PullRequestState!], labels: [String!], baseRefName: String, "
                                "headRefName: String, orderBy: IssueOrder"),
               pull_requests)
        .field(connection_field(
                   "issues", "IssueConnection!",
                   "states: [IssueState!], labels: [String!], filterBy: IssueFilters, orderBy: IssueOrder"),
               issues)
        .field(connection_field(
                   "deployments", "DeploymentConnection!",
                   "environments: [String!], orderBy: DeploymentOrder = {field: CREATED_AT, direction: ASC}"),
               deployments)
        .field(connection_field("environments", "EnvironmentConnection!"), environments)
        .field(connection_field(
                   "refs", "RefConnection",
                   "refPrefix: String!, query: String, orderBy: RefOrder, direction: OrderDirection"),
               refs)
        .field(connection_field("collaborators", "RepositoryCollaboratorConnection",
                                "query: String, login: String, affiliation: CollaboratorAffiliation"),
               collaborators)
        .field(connection_field("assignableUsers", "UserConnection!", "query: String"), users)
        .field(connection_field("mentionableUsers", "UserConnection!", "query: String"), users)
        .field(connection_field(
                   "forks", "RepositoryConnection!",
                   "orderBy: RepositoryOrder, privacy: RepositoryPrivacy, "
                   "affiliations: [RepositoryAffiliation], ownerAffiliations: [RepositoryAffiliation]"),
               forks);
}

}  // namespace ringmaster::local_forge
