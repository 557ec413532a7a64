// Deployments, their statuses and environments (github-facts §6).

#include <array>

#include "base/text.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/graphql_store_queries.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Members;
using graphql::Value;

Result<std::optional<DeploymentStatus>> latest_status(const Deployment& deployment, const Call& call) {
    auto statuses = TRY(world_of(call).store.deployments().statuses(deployment, {0, 1}));
    return statuses.empty() ? std::nullopt : std::optional(std::move(statuses.front()));
}

// What the newest status makes of the deployment: GitHub shows a transient one that went inactive as
// destroyed.
Answer<Value> state_of(const Deployment& deployment, const Call& call) {
    const auto status = TRY_ANSWER(latest_status(deployment, call));
    if (!status) return Value("PENDING");
    if (status->state == "success") return Value("ACTIVE");
    if (status->state == "inactive") return Value(deployment.is_transient ? "DESTROYED" : "INACTIVE");
    return Value(to_upper_ascii(status->state));
}

Answer<Value> latest_status_value(const Deployment& deployment, const Call& call) {
    auto status = TRY_ANSWER(latest_status(deployment, call));
    return status ? deployment_status_value(std::move(*status)) : Value();
}

// The ref it was made from, while there is one of that name.
Answer<Value> ref_of(const Deployment& deployment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(deployment.repository_id));
    for (const char* prefix : {"", "refs/heads/", "refs/tags/"}) {
        Value ref = TRY_ANSWER(find_ref_value(world, repository, prefix + deployment.ref));
        if (!ref.is_null()) return ref;
    }
    return Value();
}

// Newest first.
graphql::Resolved statuses_of(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const KeyedRows rows = deployment_status_rows(call.parent<Deployment>());
    const auto build = [&]() -> Answer<Connection> {
        std::vector<ConnectionItem> items;
        for (const auto& key :
             TRY_ANSWER(read_keys(world.store, rows, store_page(page, Direction::Descending))))
            if (auto status = TRY_ANSWER(world.store.deployments().find_status(*number_of_key(key))))
                items.push_back({key, deployment_status_value(std::move(*status)), {}});
        return finish(std::move(items), page);
    };
    auto connection = build();
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [&world, rows]() -> Answer<std::int64_t> {
        return TRY_ANSWER(count_rows(world.store, rows));
    };
    return connection_value("DeploymentStatusConnection", std::move(*connection));
}

void add_deployment(graphql::Schema& schema) {
    schema.object("Deployment")
        .implements("Node")
        .field("id: ID!", on<Deployment>([](const Deployment& deployment) { return node_id(deployment); }))
        .field("databaseId: Int", on<Deployment>(&Deployment::id))
        .field("commit: Commit",
               on<Deployment>([](const Deployment& deployment, const Call& call) -> Answer<Value> {
                   return commit_value(TRY_ANSWER(world_of(call).repository(deployment.repository_id)),
                                       deployment.sha);
               }))
        .field("commitOid: String!", on<Deployment>(&Deployment::sha))
        .field("createdAt: DateTime!", on<Deployment>(&Deployment::created_at))
        .field("updatedAt: DateTime!", on<Deployment>(&Deployment::updated_at))
        .field("creator: Actor!",
               on<Deployment>([](const Deployment& deployment) { return user_value(deployment.creator); }))
        .field("description: String", on<Deployment>(&Deployment::description))
        .field("environment: String", on<Deployment>(&Deployment::environment))
        .field("latestEnvironment: String", on<Deployment>(&Deployment::environment))
        .field("originalEnvironment: String", on<Deployment>(&Deployment::original_environment))
        .field("payload: String", on<Deployment>(&Deployment::payload))
        .field("task: String", on<Deployment>(&Deployment::task))
        .field("ref: Ref", on<Deployment>(ref_of))
        .field("repository: Repository!",
               on<Deployment>([](const Deployment& deployment, const Call& call) -> Answer<Value> {
                   return repository_value(TRY_ANSWER(world_of(call).repository(deployment.repository_id)));
               }))
        .field("state: DeploymentState", on<Deployment>(state_of))
        .field("latestStatus: DeploymentStatus", on<Deployment>(latest_status_value))
        .field(connection_field("statuses", "DeploymentStatusConnection"), statuses_of);
    schema.enumeration("DeploymentState", {"ABANDONED", "ACTIVE", "DESTROYED", "ERROR", "FAILURE", "INACTIVE",
                                           "IN_PROGRESS", "PENDING", "QUEUED", "SUCCESS", "WAITING"});
    schema.enumeration("DeploymentOrderField", {"CREATED_AT"});
    schema.input("DeploymentOrder", {"direction: OrderDirection!", "field: DeploymentOrderField!"});
    add_connection_types(schema, "Deployment", "Deployment");
}

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

void add_status(graphql::Schema& schema) {
    using Status = DeploymentStatus;
    schema.object("DeploymentStatus")
        .implements("Node")
        .field("id: ID!", on<Status>([](const Status& status, const Call& call) -> Answer<std::string> {
                   const auto deployment =
                       TRY_ANSWER(world_of(call).store.deployments().find(status.deployment_id));
                   const Id repository = deployment ? deployment->repository_id : 0;
                   return print_node_id({NodeKind::DeploymentStatus, repository, status.id, ""});
               }))
        .field("state: DeploymentStatusState!",
               on<Status>([](const Status& status) { return to_upper_ascii(status.state); }))
        .field("description: String",
               on<Status>([](const Status& status) { return text_or_null(status.description); }))
        .field("environment: String",
               on<Status>([](const Status& status) { return text_or_null(status.environment); }))
        .field("environmentUrl: URI",
               on<Status>([](const Status& status) { return text_or_null(status.environment_url); }))
        .field("logUrl: URI", on<Status>([](const Status& status) { return text_or_null(status.log_url); }))
        .field("createdAt: DateTime!", on<Status>(&Status::created_at))
        .field("updatedAt: DateTime!", on<Status>(&Status::updated_at))
        .field("creator: Actor!", on<Status>([](const Status& status) { return user_value(status.creator); }))
        .field("deployment: Deployment!",
               on<Status>([](const Status& status, const Call& call) -> Answer<Value> {
                   auto deployment =
                       TRY_ANSWER(world_of(call).store.deployments().find(status.deployment_id));
                   return deployment ? deployment_value(std::move(*deployment)) : Value();
               }));
    schema.enumeration("DeploymentStatusState", {"ERROR", "FAILURE", "INACTIVE", "IN_PROGRESS", "PENDING",
                                                 "QUEUED", "SUCCESS", "WAITING"});
    add_connection_types(schema, "DeploymentStatus", "DeploymentStatus");
    schema.object("Environment")
        .implements("Node")
        .field(
            "id: ID!", on<Environment>([](const Environment& environment) {
                return print_node_id({NodeKind::Environment, environment.repository_id, environment.id, ""});
            }))
        .field("databaseId: Int", on<Environment>(&Environment::id))
        .field("name: String!", on<Environment>(&Environment::name));
    add_connection_types(schema, "Environment", "Environment");
}

Answer<Members> create(GraphqlWorld& world, const Members& input) {
    const Repository repository = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    const RefNode ref = TRY_ANSWER(find_ref_node(world, *input.text("refId")));
    if (ref.repository.id != repository.id) return Refuse(no_such_node(*input.text("refId")));
    NewDeployment wanted{.ref = ref.ref.name,
                         .task = input.text("task").value_or("deploy"),
                         .environment = input.text("environment").value_or("production"),
                         .payload = input.text("payload").value_or("{}")};
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/"})
        if (wanted.ref.starts_with(prefix)) wanted.ref = wanted.ref.substr(prefix.size());
    if (const auto description = input.text("description"); description && !description->empty())
        wanted.description = description;
    Members payload;
    payload.set(
        "deployment",
        deployment_value(TRY_ANSWER(world.store.deployments().create(world.viewer, repository, wanted))));
    payload.set("autoMerged", false);
    return payload;
}

Answer<Members> add_deployment_status(GraphqlWorld& world, const Members& input) {
    const auto [repository, deployment] =
        TRY_ANSWER(find_deployment_node(world, *input.text("deploymentId")));
    const NewDeploymentStatus wanted{.state = to_lower_ascii(*input.text("state")),
                                     .description = input.text("description").value_or(""),
                                     .environment = input.text("environment").value_or(""),
                                     .environment_url = input.text("environmentUrl").value_or(""),
                                     .log_url = input.text("logUrl").value_or(""),
                                     .auto_inactive = input.boolean("autoInactive").value_or(true)};
    Members payload;
    payload.set("deploymentStatus", deployment_status_value(TRY_ANSWER(world.store.deployments().add_status(
                                        world.viewer, repository, deployment, wanted))));
    return payload;
}

Answer<Members> remove(GraphqlWorld& world, const Members& input) {
    const auto [repository, deployment] = TRY_ANSWER(find_deployment_node(world, *input.text("id")));
    TRY_ANSWER(world.store.deployments().remove(world.viewer, repository, deployment));
    return Members{};
}

Answer<Members> remove_environment(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("id");
    const auto node = parse_node_id(id);
    if (!node || node->kind != NodeKind::Environment) return Refuse(no_such_node(id));
    const auto repository = world.visible_repository(node->repository_id);
    if (!repository) return Refuse(repository.error().status == 404 ? no_such_node(id) : repository.error());
    const Window all{0, TRY_ANSWER(world.store.deployments().environment_count(*repository))};
    for (const Environment& environment :
         TRY_ANSWER(world.store.deployments().environments(*repository, all)))
        if (environment.id == node->id) {
            TRY_ANSWER(world.store.deployments().remove_environment(world.viewer, *repository, environment));
            return Members{};
        }
    return Refuse(no_such_node(id));
}

}  // namespace

void add_deployment_types(graphql::Schema& schema) {
    add_deployment(schema);
    add_status(schema);
}

void add_deployment_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    add_mutation(schema, mutation,
                 {"createDeployment",
                  {"repositoryId: ID!", "refId: ID!", "task: String = \"deploy\"",
                   "environment: String = \"production\"", "description: String = \"\"",
                   "payload: String = \"{}\"", "autoMerge: Boolean = true", "requiredContexts: [String!]"},
                  {"deployment: Deployment", "autoMerged: Boolean"}},
                 create);
    add_mutation(schema, mutation,
                 {"createDeploymentStatus",
                  {"deploymentId: ID!", "state: DeploymentStatusState!", "description: String = \"\"",
                   "environment: String", "environmentUrl: String = \"\"", "logUrl: String = \"\"",
                   "autoInactive: Boolean = true"},
                  {"deploymentStatus: DeploymentStatus"}},
                 add_deployment_status);
    add_mutation(schema, mutation, {"deleteDeployment", {"id: ID!"}, {}}, remove);
    add_mutation(schema, mutation, {"deleteEnvironment", {"id: ID!"}, {}}, remove_environment);
}

}  // namespace ringmaster::local_forge
