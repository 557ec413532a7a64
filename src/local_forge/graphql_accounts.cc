// People, bots and organisations.

#include "base/text.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

constexpr std::string_view kBotSuffix = "[bot]";

// A bot signs without its suffix, though its own `viewer.login` has it (github-facts 5.2).
std::string shown_login(const User& user, const Call& call) {
    std::string login = user.login;
    if (call.parent_object().type_name() == "Bot" && login.ends_with(kBotSuffix))
        login.resize(login.size() - kBotSuffix.size());
    return login;
}

std::string path_of(const User& user) {
    if (user.type != UserType::Bot) return "/" + user.login;
    return "/apps/" + user.login.substr(0, user.login.find('['));
}

Answer<Value> repository_of_owner(const User& user, const Call& call) {
    auto found = world_of(call).store.repositories().visible(world_of(call).viewer, user.login,
                                                             *call.arguments.text("name"));
    if (!found && found.error().status == 404) return Value();
    return repository_value(TRY_ANSWER(std::move(found)));
}

// In the order of creation; the forge's owners have few.
graphql::Resolved repositories_of(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    auto repositories = world.store.repositories().list_of_owner(call.parent<User>());
    if (!repositories) return graphql::Unresolved(problem_of(repositories.error()));
    const auto is_fork = call.arguments.boolean("isFork");
    const auto privacy = call.arguments.text("privacy");
    std::vector<ConnectionItem> items;
    for (Repository& repository : *repositories) {
        const auto may_read = world.store.accounts().may_read(world.viewer, repository);
        if (!may_read) return graphql::Unresolved(problem_of(may_read.error()));
        if (!*may_read || (is_fork && *is_fork != repository.parent_id.has_value())) continue;
        if (privacy && (*privacy == "PRIVATE") != repository.is_private) continue;
        const std::string key = number_key(repository.id);
        items.push_back({key, repository_value(std::move(repository)), {}});
    }
    return connection_value("RepositoryConnection", slice(std::move(items), page));
}

void add_actor_fields(graphql::TypeBuilder& type) {
    type.field("id: ID!", on<User>([](const User& user) { return node_id(user); }))
        .field("databaseId: Int", on<User>(&User::id))
        .field("login: String!", on<User>(shown_login))
        .field("resourcePath: URI!", on<User>([](const User& user) { return path_of(user); }))
        .field("url: URI!",
               on<User>([](const User& user, const Call& call) { return world_of(call).url(path_of(user)); }))
        .field("avatarUrl(size: Int): URI!", on<User>([](const User& user, const Call& call) {
                   return world_of(call).url(fmt::format("/avatars/u/{}", user.id));
               }));
}

Value name_or_null(const User& user) {
    return user.name.empty() ? Value() : Value(user.name);
}

void add_owner_fields(graphql::TypeBuilder& type) {
    type.implements("Node")
        .implements("Actor")
        .implements("RepositoryOwner")
        .field("name: String", on<User>(name_or_null))
        .field("email: String!", on<User>(&User::email))
        .field("repository(name: String!, followRenames: Boolean = true): Repository",
               on<User>(repository_of_owner))
        .field(connection_field("repositories", "RepositoryConnection!",
                                "isFork: Boolean, privacy: RepositoryPrivacy, orderBy: RepositoryOrder, "
                                "ownerAffiliations: [RepositoryAffiliation], affiliations: "
                                "[RepositoryAffiliation]"),
               repositories_of);
}

}  // namespace

void add_account_types(graphql::Schema& schema) {
    graphql::TypeBuilder user = schema.object("User");
    add_actor_fields(user);
    add_owner_fields(user);
    user.field("isViewer: Boolean!", on<User>([](const User& who, const Call& call) {
                   return world_of(call).viewer.user && world_of(call).viewer.user->id == who.id;
               }))
        .field("bio: String", always(nullptr))
        .field("company: String", always(nullptr))
        .field(connection_field("organizations", "OrganizationConnection!"),
               empty_connection("OrganizationConnection"))
        .field(
            connection_field("projectsV2", "ProjectV2Connection!", "query: String, orderBy: ProjectV2Order"),
            empty_connection("ProjectV2Connection"));
    graphql::TypeBuilder bot = schema.object("Bot");
    bot.implements("Node").implements("Actor");
    add_actor_fields(bot);
    graphql::TypeBuilder organization = schema.object("Organization");
    add_actor_fields(organization);
    add_owner_fields(organization);
    organization.field("description: String", always(nullptr))
        .field("team(slug: String!): Team", always(nullptr))
        .field(connection_field("teams", "TeamConnection!", "query: String, orderBy: TeamOrder"),
               empty_connection("TeamConnection"))
        .field(connection_field("projects", "ProjectConnection!",
                                "states: [ProjectState!], orderBy: ProjectOrder, search: String"),
               empty_connection("ProjectConnection"))
        .field(
            connection_field("projectsV2", "ProjectV2Connection!", "query: String, orderBy: ProjectV2Order"),
            empty_connection("ProjectV2Connection"));
    add_connection_types(schema, "User", "User");
    add_connection_types(schema, "Organization", "Organization");
}

}  // namespace ringmaster::local_forge
