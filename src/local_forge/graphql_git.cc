// Refs and commits.

#include "base/text.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

constexpr std::size_t kAbbreviatedLength = 7;

struct GitActorNode {
    Signature signature;
};

struct ComparisonNode {
    Repository repository;
    Comparison comparison;
    std::string base;
    std::string head;
};

Answer<Commit> read(const CommitNode& node, const Call& call) {
    auto commit = TRY_ANSWER(world_of(call).store.refs().commit(node.repository, node.sha));
    if (!commit) return Refuse(Refusal(404, fmt::format("The commit {} is gone", node.sha)));
    return std::move(*commit);
}

template <typename Get>
graphql::Resolver of_commit(Get get) {
    return [get](const Call& call) -> graphql::Resolved {
        const auto commit = read(call.parent<CommitNode>(), call);
        if (!commit) return graphql::Unresolved(problem_of(commit.error()));
        return detail::to_value(get(*commit));
    };
}

std::string body_of(const Commit& commit) {
    const auto line_end = commit.message.find('\n');
    return line_end == std::string::npos ? "" : std::string(trim(commit.message.substr(line_end)));
}

Value actor_of(const Signature& signature) {
    return graphql::object("GitActor", GitActorNode{signature});
}

// The account whose address signed, by the only link there is: its e-mail or login.
Result<Value> account_of(const GitActorNode& actor, const Call& call) {
    return user_value(TRY(world_of(call).store.accounts().find(actor.signature.name)));
}

std::string commit_path(const CommitNode& node) {
    return path_of(node.repository) + "/commit/" + node.sha;
}

graphql::Resolved authors_of(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const auto commit = read(call.parent<CommitNode>(), call);
    if (!commit) return graphql::Unresolved(problem_of(commit.error()));
    return connection_value("GitActorConnection",
                            slice({{number_key(0), actor_of(commit->author), {}}}, page));
}

graphql::Resolved parents_of(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const CommitNode& node = call.parent<CommitNode>();
    const auto commit = read(node, call);
    if (!commit) return graphql::Unresolved(problem_of(commit.error()));
    std::vector<ConnectionItem> items;
    for (const std::string& parent : commit->parents)
        items.push_back(
            {number_key(static_cast<Id>(items.size())), commit_value(node.repository, parent), {}});
    return connection_value("CommitConnection", slice(std::move(items), page));
}

graphql::Resolved pulls_of_commit(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const CommitNode& node = call.parent<CommitNode>();
    auto pulls = world_of(call).store.pulls().of_head_sha(node.repository, node.sha);
    if (!pulls) return graphql::Unresolved(problem_of(pulls.error()));
    return connection_value("PullRequestConnection", slice(pull_items(node.repository, std::move(*pulls)),
                                                           page, Direction::Descending));
}

void add_commit(graphql::Schema& schema) {
    graphql::TypeBuilder type = schema.object("Commit");
    type.implements("Node").implements("GitObject").implements("UniformResourceLocatable");
    type.field("id: ID!", on<CommitNode>([](const CommitNode& node) {
                   return print_node_id({NodeKind::Commit, node.repository.id, 0, node.sha});
               }))
        .field("oid: GitObjectID!", on<CommitNode>(&CommitNode::sha))
        .field("abbreviatedOid: String!",
               on<CommitNode>([](const CommitNode& node) { return node.sha.substr(0, kAbbreviatedLength); }))
        .field("repository: Repository!",
               on<CommitNode>([](const CommitNode& node) { return repository_value(node.repository); }))
        .field("message: String!",
               of_commit([](const Commit& commit) { return std::string(trim(commit.message)); }))
        .field("messageHeadline: String!", of_commit([](const Commit& commit) { return commit.subject(); }))
        .field("messageBody: String!", of_commit(body_of))
        .field("authoredDate: DateTime!", of_commit([](const Commit& commit) { return commit.author.time; }))
        .field("committedDate: DateTime!",
               of_commit([](const Commit& commit) { return commit.committer.time; }))
        .field("pushedDate: DateTime", always(nullptr))
        .deprecated("`pushedDate` is no longer supported.")
        .field("author: GitActor", of_commit([](const Commit& commit) { return actor_of(commit.author); }))
        .field("committer: GitActor",
               of_commit([](const Commit& commit) { return actor_of(commit.committer); }))
        .field(connection_field("authors", "GitActorConnection!"), authors_of)
        .field(connection_field("parents", "CommitConnection!"), parents_of)
        .field(connection_field("associatedPullRequests", "PullRequestConnection"), pulls_of_commit)
        .field("statusCheckRollup: StatusCheckRollup", always(nullptr));
    for (const char* field : {"resourcePath: URI!", "commitResourcePath: URI!"})
        type.field(field, on<CommitNode>(commit_path));
    for (const char* field : {"url: URI!", "commitUrl: URI!"})
        type.field(field, on<CommitNode>([](const CommitNode& node, const Call& call) {
                       return world_of(call).url(commit_path(node));
                   }));
    add_connection_types(schema, "Commit", "Commit");

    const auto signature = [](auto member) {
        return on<GitActorNode>([member](const GitActorNode& node) { return node.signature.*member; });
    };
    schema.object("GitActor")
        .field("name: String", signature(&Signature::name))
        .field("email: String", signature(&Signature::email))
        .field("date: GitTimestamp", signature(&Signature::time))
        .field("user: User", on<GitActorNode>(account_of));
    add_connection_types(schema, "GitActor", "GitActor");
}

// "refs/heads/a/b" is called "a/b" with the prefix "refs/heads/"; refs of other kinds have the prefix
// "refs/".
std::string prefix_of(const std::string& name) {
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/pull/"})
        if (name.starts_with(prefix)) return std::string(prefix);
    return "refs/";
}

Answer<Value> compare(const RefNode& node, const Call& call) {
    const std::string head = *call.arguments.text("headRef");
    auto comparison = TRY_ANSWER(world_of(call).store.refs().compare(node.repository, node.ref.sha, head));
    if (!comparison) return Value();
    return Value(graphql::object(
        "Comparison", ComparisonNode{node.repository, std::move(*comparison), node.ref.sha, head}));
}

std::string_view comparison_status(const ComparisonNode& node) {
    const auto& [merge_base, ahead, behind, commits] = node.comparison;
    if (ahead > 0) return behind > 0 ? "DIVERGED" : "AHEAD";
    return behind > 0 ? "BEHIND" : "IDENTICAL";
}

void add_comparison(graphql::Schema& schema) {
    schema.enumeration("ComparisonStatus", {"AHEAD", "BEHIND", "DIVERGED", "IDENTICAL"});
    schema.object("Comparison")
        .field("aheadBy: Int!",
               on<ComparisonNode>([](const ComparisonNode& node) { return node.comparison.ahead_by; }))
        .field("behindBy: Int!",
               on<ComparisonNode>([](const ComparisonNode& node) { return node.comparison.behind_by; }))
        .field("status: ComparisonStatus!", on<ComparisonNode>(comparison_status));
}

graphql::Resolved pulls_of_ref(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const RefNode& node = call.parent<RefNode>();
    PullRequestQuery query;
    query.head_ref = node.ref.name.substr(prefix_of(node.ref.name).size());
    query.window.limit = 1000;  // a branch has few
    auto pulls = world_of(call).store.pulls().list(node.repository, query);
    if (!pulls) return graphql::Unresolved(problem_of(pulls.error()));
    return connection_value("PullRequestConnection", slice(pull_items(node.repository, std::move(*pulls)),
                                                           page, Direction::Descending));
}

void add_ref(graphql::Schema& schema) {
    schema.object("Ref")
        .implements("Node")
        .field("id: ID!", on<RefNode>([](const RefNode& node) {
                   return print_node_id({NodeKind::Ref, node.repository.id, 0, node.ref.name});
               }))
        .field("name: String!", on<RefNode>([](const RefNode& node) {
                   return node.ref.name.substr(prefix_of(node.ref.name).size());
               }))
        .field("prefix: String!", on<RefNode>([](const RefNode& node) { return prefix_of(node.ref.name); }))
        .field("repository: Repository!",
               on<RefNode>([](const RefNode& node) { return repository_value(node.repository); }))
        .field("target: GitObject",
               on<RefNode>([](const RefNode& node) { return commit_value(node.repository, node.ref.sha); }))
        .field("branchProtectionRule: BranchProtectionRule", always(nullptr))
        .field("compare(headRef: String!): Comparison", on<RefNode>(compare))
        .field(connection_field("associatedPullRequests", "PullRequestConnection!",
                                "states: [PullRequestState!], orderBy: IssueOrder"),
               pulls_of_ref);
    add_connection_types(schema, "Ref", "Ref");
}

}  // namespace

void add_git_types(graphql::Schema& schema) {
    add_commit(schema);
    add_ref(schema);
    add_comparison(schema);
}

}  // namespace ringmaster::local_forge
