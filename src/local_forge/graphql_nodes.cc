#include "local_forge/graphql_nodes.h"

#include "local_forge/graphql_resolve.h"

namespace ringmaster::local_forge {

using graphql::object;
using graphql::Value;

Value user_value(const User& user) {
    switch (user.type) {
        case UserType::Bot:
            return object("Bot", user);
        case UserType::Organization:
            return object("Organization", user);
        case UserType::User:
            break;
    }
    return object("User", user);
}

Value user_value(const std::optional<User>& user) {
    return user ? user_value(*user) : Value();
}
Value repository_value(Repository repository) {
    return object("Repository", std::move(repository));
}
Value label_value(Label label) {
    return object("Label", std::move(label));
}
Value comment_value(Comment comment) {
    return object("IssueComment", std::move(comment));
}
Value deployment_value(Deployment deployment) {
    return object("Deployment", std::move(deployment));
}
Value deployment_status_value(DeploymentStatus status) {
    return object("DeploymentStatus", std::move(status));
}
Value environment_value(Environment environment) {
    return object("Environment", std::move(environment));
}

Value commit_value(const Repository& repository, std::string sha) {
    return object("Commit", CommitNode{repository, std::move(sha)});
}

Value ref_value(const Repository& repository, Ref ref) {
    return object("Ref", RefNode{repository, std::move(ref)});
}

Result<Value> find_ref_value(GraphqlWorld& world, const Repository& repository, const std::string& name) {
    auto ref = TRY(world.store.refs().find(repository, name));
    if (!ref) return Value();
    return ref_value(repository, std::move(*ref));
}

Value pull_value(const Repository& repository, PullRequest pull, std::shared_ptr<IssueBatch> batch) {
    auto shared = std::make_shared<const PullRequest>(std::move(pull));
    if (!batch) batch = std::make_shared<IssueBatch>(IssueBatch{{shared->issue.id}, std::nullopt});
    Issue issue = shared->issue;
    return object("PullRequest",
                  IssueNode{std::move(issue), std::move(shared), repository, std::move(batch)});
}

Value issue_value(const Repository& repository, Issue issue, std::shared_ptr<IssueBatch> batch) {
    if (!batch) batch = std::make_shared<IssueBatch>(IssueBatch{{issue.id}, std::nullopt});
    return object("Issue", IssueNode{std::move(issue), nullptr, repository, std::move(batch)});
}

Result<Value> issue_or_pull_value(GraphqlWorld& world, const Repository& repository, const Issue& issue,
                                  std::shared_ptr<IssueBatch> batch) {
    if (!issue.is_pull_request) return issue_value(repository, issue, std::move(batch));
    auto pull = TRY(world.store.pulls().find(issue.id));
    if (!pull) return Fail(Error::corrupt("issue {} is a pull request without its row", issue.id));
    return pull_value(repository, std::move(*pull), std::move(batch));
}

std::vector<ConnectionItem> pull_items(const Repository& repository, std::vector<PullRequest> pulls) {
    auto batch = std::make_shared<IssueBatch>();
    for (const PullRequest& pull : pulls) batch->issue_ids.push_back(pull.issue.id);
    std::vector<ConnectionItem> items;
    for (PullRequest& pull : pulls) {
        const std::string key = number_key(pull.issue.number);
        items.push_back({key, pull_value(repository, std::move(pull), batch), {}});
    }
    return items;
}

std::vector<ConnectionItem> issue_items(const Repository& repository, std::vector<Issue> issues) {
    auto batch = std::make_shared<IssueBatch>();
    for (const Issue& issue : issues) batch->issue_ids.push_back(issue.id);
    std::vector<ConnectionItem> items;
    for (Issue& issue : issues) {
        const std::string key = number_key(issue.number);
        items.push_back({key, issue_value(repository, std::move(issue), batch), {}});
    }
    return items;
}

Result<std::vector<Label>> labels_of(GraphqlWorld& world, const IssueNode& node) {
    IssueBatch& batch = *node.batch;
    if (!batch.labels) batch.labels = TRY(world.store.labels().of_issues(batch.issue_ids));
    const auto found = batch.labels->find(node.issue.id);
    return found == batch.labels->end() ? std::vector<Label>{} : found->second;
}

std::string path_of(const Repository& repository) {
    return "/" + repository.full_name();
}

std::string path_of(const Repository& repository, const Issue& issue) {
    return fmt::format("{}/{}/{}", path_of(repository), issue.is_pull_request ? "pull" : "issues",
                       issue.number);
}

Refusal no_such_node(std::string_view id) {
    return {404, fmt::format("Could not resolve to a node with the global id of '{}'", id)};
}

namespace {

Answer<NodeId> parse_id(const std::string& id, std::initializer_list<NodeKind> kinds) {
    const auto node = parse_node_id(id);
    if (node)
        for (const NodeKind kind : kinds)
            if (node->kind == kind) return *node;
    return Refuse(no_such_node(id));
}

// The repository that the id says the object is in; one that may not be seen hides all in it.
Answer<Repository> repository_of(GraphqlWorld& world, const std::string& id, Id repository_id) {
    auto repository = world.visible_repository(repository_id);
    if (!repository && repository.error().status == 404) return Refuse(no_such_node(id));
    return repository;
}

Answer<IssueNode> find_issue_of_kind(GraphqlWorld& world, const std::string& id,
                                     std::initializer_list<NodeKind> kinds) {
    const NodeId node = TRY_ANSWER(parse_id(id, kinds));
    Repository repository = TRY_ANSWER(repository_of(world, id, node.repository_id));
    auto issue = TRY_ANSWER(world.store.issues().find(node.id));
    if (!issue || issue->repository_id != repository.id ||
        issue->is_pull_request != (node.kind == NodeKind::PullRequest))
        return Refuse(no_such_node(id));
    const Value value = TRY_ANSWER(issue_or_pull_value(world, repository, *issue));
    return value.get_if<graphql::Object>()->as<IssueNode>();
}

Answer<Value> account_node(GraphqlWorld& world, const NodeId& node, const std::string& id) {
    const auto user = TRY_ANSWER(world.store.accounts().find(node.id));
    if (!user) return Refuse(no_such_node(id));
    return user_value(*user);
}

}  // namespace

Answer<Repository> find_repository_node(GraphqlWorld& world, const std::string& id) {
    const NodeId node = TRY_ANSWER(parse_id(id, {NodeKind::Repository}));
    return repository_of(world, id, node.id);
}

Answer<LabelSubject> find_label_node(GraphqlWorld& world, const std::string& id) {
    const NodeId node = TRY_ANSWER(parse_id(id, {NodeKind::Label}));
    Repository repository = TRY_ANSWER(repository_of(world, id, node.repository_id));
    auto label = TRY_ANSWER(world.store.labels().find(node.id));
    if (!label || label->repository_id != repository.id) return Refuse(no_such_node(id));
    return LabelSubject{std::move(repository), std::move(*label)};
}

Answer<IssueNode> find_issue_node(GraphqlWorld& world, const std::string& id) {
    return find_issue_of_kind(world, id, {NodeKind::Issue, NodeKind::PullRequest});
}

Answer<IssueNode> find_pull_node(GraphqlWorld& world, const std::string& id) {
    return find_issue_of_kind(world, id, {NodeKind::PullRequest});
}

Answer<CommentSubject> find_comment_node(GraphqlWorld& world, const std::string& id) {
    const NodeId node = TRY_ANSWER(parse_id(id, {NodeKind::Comment}));
    Repository repository = TRY_ANSWER(repository_of(world, id, node.repository_id));
    auto comment = TRY_ANSWER(world.store.comments().find(node.id));
    if (!comment || comment->repository_id != repository.id) return Refuse(no_such_node(id));
    return CommentSubject{std::move(repository), std::move(*comment)};
}

Answer<DeploymentSubject> find_deployment_node(GraphqlWorld& world, const std::string& id) {
    const NodeId node = TRY_ANSWER(parse_id(id, {NodeKind::Deployment}));
    Repository repository = TRY_ANSWER(repository_of(world, id, node.repository_id));
    auto deployment = TRY_ANSWER(world.store.deployments().find(node.id));
    if (!deployment || deployment->repository_id != repository.id) return Refuse(no_such_node(id));
    return DeploymentSubject{std::move(repository), std::move(*deployment)};
}

Answer<RefNode> find_ref_node(GraphqlWorld& world, const std::string& id) {
    const NodeId node = TRY_ANSWER(parse_id(id, {NodeKind::Ref}));
    Repository repository = TRY_ANSWER(repository_of(world, id, node.repository_id));
    auto ref = TRY_ANSWER(world.store.refs().find(repository, node.name));
    if (!ref) return Refuse(no_such_node(id));
    return RefNode{std::move(repository), std::move(*ref)};
}

Answer<Value> node_value(GraphqlWorld& world, const std::string& id) {
    const auto node = parse_node_id(id);
    if (!node) return Refuse(no_such_node(id));
    switch (node->kind) {
        case NodeKind::User:
        case NodeKind::Bot:
        case NodeKind::Organization:
            return account_node(world, *node, id);
        case NodeKind::Repository:
            return repository_value(TRY_ANSWER(find_repository_node(world, id)));
        case NodeKind::Label:
            return label_value(TRY_ANSWER(find_label_node(world, id)).label);
        case NodeKind::Comment:
            return comment_value(TRY_ANSWER(find_comment_node(world, id)).comment);
        case NodeKind::Deployment:
            return deployment_value(TRY_ANSWER(find_deployment_node(world, id)).deployment);
        case NodeKind::Issue:
            return Value(object("Issue", TRY_ANSWER(find_issue_node(world, id))));
        case NodeKind::PullRequest:
            return Value(object("PullRequest", TRY_ANSWER(find_pull_node(world, id))));
        case NodeKind::Ref:
            return Value(object("Ref", TRY_ANSWER(find_ref_node(world, id))));
        case NodeKind::Commit: {
            const Repository repository = TRY_ANSWER(repository_of(world, id, node->repository_id));
            if (!TRY_ANSWER(world.store.refs().commit(repository, node->name)))
                return Refuse(no_such_node(id));
            return commit_value(repository, node->name);
        }
        case NodeKind::DeploymentStatus: {
            TRY_ANSWER(repository_of(world, id, node->repository_id));
            auto status = TRY_ANSWER(world.store.deployments().find_status(node->id));
            if (!status) return Refuse(no_such_node(id));
            return deployment_status_value(std::move(*status));
        }
        case NodeKind::Environment:
        case NodeKind::TimelineEvent:
            return Refuse(no_such_node(id));
    }
    return Refuse(no_such_node(id));
}

}  // namespace ringmaster::local_forge
