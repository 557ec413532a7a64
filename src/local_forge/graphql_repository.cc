// Repositories, and the lists that hang on them.

#include "base/text.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_repository_lists.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

Answer<Value> default_branch(const Repository& repository, const Call& call) {
    return TRY_ANSWER(find_ref_value(world_of(call), repository, "refs/heads/" + repository.default_branch));
}

Answer<Value> parent(const Repository& repository, const Call& call) {
    if (!repository.parent_id) return Value();
    auto found = world_of(call).visible_repository(*repository.parent_id);
    if (!found && found.error().status == 404) return Value();
    return repository_value(TRY_ANSWER(std::move(found)));
}

// Everybody may read a public repository.
Answer<Value> permission(const Repository& repository, const Call& call) {
    const Role role = TRY_ANSWER(world_of(call).viewer_role(repository));
    return Value(role == Role::None ? "READ" : to_upper_ascii(role_name(role)));
}

Answer<bool> may_administer(const Repository& repository, const Call& call) {
    return TRY_ANSWER(world_of(call).viewer_role(repository)) >= Role::Admin;
}

Answer<Value> label(const Repository& repository, const Call& call) {
    auto found = TRY_ANSWER(world_of(call).store.labels().find(repository, *call.arguments.text("name")));
    return found ? label_value(std::move(*found)) : Value();
}

Refusal no_such(std::string_view what, std::int64_t number) {
    return {404, fmt::format("Could not resolve to {} with the number of {}.", what, number)};
}

Answer<Value> pull_request(const Repository& repository, const Call& call) {
    const std::int64_t number = *call.arguments.integer("number");
    auto pull = TRY_ANSWER(world_of(call).store.pulls().find(repository, number));
    if (!pull) return Refuse(no_such("a PullRequest", number));
    return pull_value(repository, std::move(*pull));
}

Answer<Value> issue(const Repository& repository, const Call& call) {
    const std::int64_t number = *call.arguments.integer("number");
    auto found = TRY_ANSWER(world_of(call).store.issues().find(repository, number));
    if (!found || found->is_pull_request) return Refuse(no_such("an Issue", number));
    return issue_value(repository, std::move(*found));
}

Answer<Value> issue_or_pull(const Repository& repository, const Call& call) {
    const std::int64_t number = *call.arguments.integer("number");
    const auto found = TRY_ANSWER(world_of(call).store.issues().find(repository, number));
    if (!found) return Refuse(no_such("an issue or pull request", number));
    return TRY_ANSWER(issue_or_pull_value(world_of(call), repository, *found));
}

// GitHub takes "main" for "refs/heads/main".
Answer<Value> ref(const Repository& repository, const Call& call) {
    const std::string name = *call.arguments.text("qualifiedName");
    for (const char* prefix : {"", "refs/heads/", "refs/tags/", "refs/"}) {
        Value found = TRY_ANSWER(find_ref_value(world_of(call), repository, prefix + name));
        if (!found.is_null()) return found;
    }
    return Value();
}

// Commits only: what the expression names ("main", "v1", a sha). Paths ("main:README.md") give null.
Answer<Value> git_object(const Repository& repository, const Call& call) {
    const auto oid = call.arguments.text("oid");
    const auto expression = call.arguments.text("expression");
    if (oid.has_value() == expression.has_value())
        return Refuse(Refusal(422, "Exactly one of `oid` and `expression` must be provided."));
    GraphqlWorld& world = world_of(call);
    if (oid) {
        const std::string sha = to_lower_ascii(*oid);
        return TRY_ANSWER(world.store.refs().commit(repository, sha)) ? commit_value(repository, sha)
                                                                      : Value();
    }
    auto sha = TRY_ANSWER(world.store.refs().resolve(repository, *expression));
    return sha ? commit_value(repository, std::move(*sha)) : Value();
}

Answer<Value> environment(const Repository& repository, const Call& call) {
    auto found = TRY_ANSWER(
        world_of(call).store.deployments().find_environment(repository, *call.arguments.text("name")));
    return found ? environment_value(std::move(*found)) : Value();
}

void add_identity(graphql::TypeBuilder& type) {
    const auto url = [](const Repository& repository, const Call& call) {
        return world_of(call).url(path_of(repository));
    };
    type.implements("Node").implements("UniformResourceLocatable");
    type.field("id: ID!", on<Repository>([](const Repository& repository) { return node_id(repository); }))
        .field("databaseId: Int", on<Repository>(&Repository::id))
        .field("name: String!", on<Repository>(&Repository::name))
        .field("nameWithOwner: String!", on<Repository>(&Repository::full_name))
        .field("owner: RepositoryOwner!",
               on<Repository>([](const Repository& repository) { return user_value(repository.owner); }))
        .field("description: String", on<Repository>([](const Repository& repository) {
                   return repository.description.empty() ? Value() : Value(repository.description);
               }))
        .field("resourcePath: URI!",
               on<Repository>([](const Repository& repository) { return path_of(repository); }))
        .field("url: URI!", on<Repository>(url))
        .field("projectsUrl: URI!", on<Repository>([=](const Repository& repository, const Call& call) {
                   return url(repository, call) + "/projects";
               }))
        .field("sshUrl: GitSSHRemote!", on<Repository>([=](const Repository& repository, const Call& call) {
                   return url(repository, call) + ".git";  // the forge speaks no ssh
               }))
        .field("openGraphImageUrl: URI!", on<Repository>(url))
        .field("createdAt: DateTime!", on<Repository>(&Repository::created_at))
        .field("updatedAt: DateTime!", on<Repository>(&Repository::updated_at))
        .field("pushedAt: DateTime", on<Repository>(&Repository::pushed_at))
        .field("isPrivate: Boolean!", on<Repository>(&Repository::is_private))
        .field("visibility: RepositoryVisibility!", on<Repository>([](const Repository& repository) {
                   return repository.is_private ? "PRIVATE" : "PUBLIC";
               }))
        .field("isFork: Boolean!",
               on<Repository>([](const Repository& repository) { return repository.parent_id.has_value(); }))
        .field("isInOrganization: Boolean!", on<Repository>([](const Repository& repository) {
                   return repository.owner.type == UserType::Organization;
               }))
        .field("isEmpty: Boolean!",
               on<Repository>([](const Repository& repository, const Call& call) -> Answer<bool> {
                   return TRY_ANSWER(default_branch(repository, call)).is_null();
               }))
        .field("parent: Repository", on<Repository>(parent))
        .field("defaultBranchRef: Ref", on<Repository>(default_branch))
        .field("viewerPermission: RepositoryPermission", on<Repository>(permission))
        .field("viewerCanAdminister: Boolean!", on<Repository>(may_administer));
}

void add_lookups(graphql::TypeBuilder& type) {
    type.field("label(name: String!): Label", on<Repository>(label))
        .field("pullRequest(number: Int!): PullRequest", on<Repository>(pull_request))
        .field("issue(number: Int!): Issue", on<Repository>(issue))
        .field("issueOrPullRequest(number: Int!): IssueOrPullRequest", on<Repository>(issue_or_pull))
        .field("ref(qualifiedName: String!): Ref", on<Repository>(ref))
        .field("object(expression: String, oid: GitObjectID): GitObject", on<Repository>(git_object))
        .field("environment(name: String!): Environment", on<Repository>(environment))
        .field("milestone(number: Int!): Milestone", always(nullptr));
}

// The forge's repositories are all alike in these.
void add_settings(graphql::TypeBuilder& type) {
    for (const char* field :
         {"mergeCommitAllowed: Boolean!", "rebaseMergeAllowed: Boolean!", "squashMergeAllowed: Boolean!",
          "hasIssuesEnabled: Boolean!", "isBlankIssuesEnabled: Boolean!", "forkingAllowed: Boolean!"})
        type.field(field, always(true));
    for (const char* field :
         {"isArchived: Boolean!", "isDisabled: Boolean!", "isLocked: Boolean!", "isMirror: Boolean!",
          "isTemplate: Boolean!", "isSecurityPolicyEnabled: Boolean",
          "isUserConfigurationRepository: Boolean!", "hasProjectsEnabled: Boolean!",
          "hasWikiEnabled: Boolean!", "hasDiscussionsEnabled: Boolean!", "deleteBranchOnMerge: Boolean!",
          "autoMergeAllowed: Boolean!", "usesCustomOpenGraphImage: Boolean!", "viewerHasStarred: Boolean!"})
        type.field(field, always(false));
    for (const char* field :
         {"archivedAt: DateTime", "homepageUrl: URI", "mirrorUrl: URI", "securityPolicyUrl: URI",
          "diskUsage: Int", "templateRepository: Repository", "codeOfConduct: CodeOfConduct",
          "licenseInfo: License", "latestRelease: Release", "primaryLanguage: Language",
          "viewerDefaultCommitEmail: String", "viewerPossibleCommitEmails: [String!]",
          "viewerSubscription: SubscriptionState"})
        type.field(field, always(nullptr));
    for (const char* field :
         {"contactLinks: [RepositoryContactLink!]", "fundingLinks: [FundingLink!]!",
          "issueTemplates: [IssueTemplate!]", "pullRequestTemplates: [PullRequestTemplate!]"})
        type.field(field, always(graphql::List{}));
    type.field("stargazerCount: Int!", always(0))
        .field("forkCount: Int!",
               on<Repository>([](const Repository& repository, const Call& call) -> Answer<std::size_t> {
                   return TRY_ANSWER(world_of(call).store.repositories().forks_of(repository)).size();
               }))
        .field("viewerDefaultMergeMethod: PullRequestMergeMethod!", always("MERGE"));
}

void add_empty_lists(graphql::TypeBuilder& type) {
    type.field(connection_field("watchers", "UserConnection!"), empty_connection("UserConnection"))
        .field(connection_field("repositoryTopics", "RepositoryTopicConnection!"),
               empty_connection("RepositoryTopicConnection"))
        .field(connection_field("languages", "LanguageConnection"), empty_connection("LanguageConnection"))
        .field(connection_field("releases", "ReleaseConnection!"), empty_connection("ReleaseConnection"))
        .field(connection_field("milestones", "MilestoneConnection",
                                "states: [MilestoneState!], orderBy: MilestoneOrder, query: String"),
               empty_connection("MilestoneConnection"))
        .field(connection_field("projects", "ProjectConnection!",
                                "states: [ProjectState!], orderBy: ProjectOrder, search: String"),
               empty_connection("ProjectConnection"))
        .field(
            connection_field("projectsV2", "ProjectV2Connection!", "query: String, orderBy: ProjectV2Order"),
            empty_connection("ProjectV2Connection"));
}

void add_list_enums(graphql::Schema& schema) {
    schema.enumeration("RepositoryVisibility", {"INTERNAL", "PRIVATE", "PUBLIC"});
    schema.enumeration("RepositoryPrivacy", {"PRIVATE", "PUBLIC"});
    schema.enumeration("RepositoryAffiliation", {"COLLABORATOR", "ORGANIZATION_MEMBER", "OWNER"});
    schema.enumeration("CollaboratorAffiliation", {"ALL", "DIRECT", "OUTSIDE"});
    schema.enumeration("RepositoryOrderField",
                       {"CREATED_AT", "NAME", "PUSHED_AT", "STARGAZERS", "UPDATED_AT"});
    schema.input("RepositoryOrder", {"direction: OrderDirection!", "field: RepositoryOrderField!"});
    schema.enumeration("RefOrderField", {"ALPHABETICAL", "TAG_COMMIT_DATE"});
    schema.input("RefOrder", {"direction: OrderDirection!", "field: RefOrderField!"});
    schema.input("IssueFilters",
                 {"labels: [String!]", "states: [IssueState!]", "createdBy: String", "assignee: String",
                  "mentioned: String", "milestone: String", "since: DateTime"});
}

}  // namespace

void add_repository_types(graphql::Schema& schema) {
    graphql::TypeBuilder type = schema.object("Repository");
    add_identity(type);
    add_lookups(type);
    add_settings(type);
    add_empty_lists(type);
    add_repository_lists(type);
    add_list_enums(schema);
    add_connection_types(schema, "Repository", "Repository");
    add_connection_types(schema, "RepositoryCollaborator", "User")
        .edge.field("permission: RepositoryPermission!",
                    on<ConnectionEdge>([](const ConnectionEdge& edge) { return edge.item.detail; }));
}

}  // namespace ringmaster::local_forge
