#pragma once
// The objects of the forge's GraphQL schema as resolvers pass them on: which C++ value stands behind which
// type, and how one is made. Users, labels, comments, deployments and repositories are the store's own
// values.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/schema.h"
#include "local_forge/graphql_connection.h"
#include "local_forge/graphql_world.h"
#include "local_forge/node_id.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

/// Issues or pull requests that were listed together. What each of them is asked for is looked up for all at
/// once.
struct IssueBatch {
    std::vector<Id> issue_ids;
    std::optional<std::map<Id, std::vector<Label>>> labels;
};

/// An Issue, or with `pull` a PullRequest.
struct IssueNode {
    Issue issue;
    std::shared_ptr<const PullRequest> pull;
    Repository repository;
    std::shared_ptr<IssueBatch> batch;
};

/// Read when more than its name is asked for.
struct CommitNode {
    Repository repository;
    std::string sha;
};

struct RefNode {
    Repository repository;
    Ref ref;
};

graphql::Value user_value(const User& user);
graphql::Value user_value(const std::optional<User>& user);
graphql::Value repository_value(Repository repository);
graphql::Value label_value(Label label);
graphql::Value comment_value(Comment comment);
graphql::Value deployment_value(Deployment deployment);
graphql::Value deployment_status_value(DeploymentStatus status);
graphql::Value environment_value(Environment environment);
graphql::Value commit_value(const Repository& repository, std::string sha);
graphql::Value ref_value(const Repository& repository, Ref ref);
/// Null when there is no such ref.
Result<graphql::Value> find_ref_value(GraphqlWorld& world, const Repository& repository,
                                      const std::string& name);

graphql::Value pull_value(const Repository& repository, PullRequest pull,
                          std::shared_ptr<IssueBatch> batch = nullptr);
graphql::Value issue_value(const Repository& repository, Issue issue,
                           std::shared_ptr<IssueBatch> batch = nullptr);
/// The issue or the pull request that it is.
Result<graphql::Value> issue_or_pull_value(GraphqlWorld& world, const Repository& repository,
                                           const Issue& issue, std::shared_ptr<IssueBatch> batch = nullptr);
std::vector<ConnectionItem> pull_items(const Repository& repository, std::vector<PullRequest> pulls);
std::vector<ConnectionItem> issue_items(const Repository& repository, std::vector<Issue> issues);

/// The labels of one issue, read for its whole batch.
Result<std::vector<Label>> labels_of(GraphqlWorld& world, const IssueNode& node);

/// "/owner/name" and what hangs below it, as in GitHub's web addresses.
std::string path_of(const Repository& repository);
std::string path_of(const Repository& repository, const Issue& issue);

/// A repository's labels as a connection: `orderBy` and the page from the call (graphql_labels.cc).
graphql::Resolved labels_connection(const graphql::Call& call, const Repository& repository,
                                    std::string_view query);

/// All kinds of reaction, none of them given by anybody (graphql_absent.cc).
graphql::Value empty_reaction_groups();

/// 404 "Could not resolve to a node with the global id of …" for what is not there or not to be seen.
Answer<graphql::Value> node_value(GraphqlWorld& world, const std::string& id);
Refusal no_such_node(std::string_view id);

// Subjects of mutations, by node id: there, of that kind, and in a repository that the viewer may read; else
// the 404 above.
struct LabelSubject {
    Repository repository;
    Label label;
};
struct CommentSubject {
    Repository repository;
    Comment comment;
};
struct DeploymentSubject {
    Repository repository;
    Deployment deployment;
};
Answer<Repository> find_repository_node(GraphqlWorld& world, const std::string& id);
Answer<LabelSubject> find_label_node(GraphqlWorld& world, const std::string& id);
Answer<IssueNode> find_issue_node(GraphqlWorld& world, const std::string& id);
Answer<IssueNode> find_pull_node(GraphqlWorld& world, const std::string& id);
Answer<CommentSubject> find_comment_node(GraphqlWorld& world, const std::string& id);
Answer<DeploymentSubject> find_deployment_node(GraphqlWorld& world, const std::string& id);
Answer<RefNode> find_ref_node(GraphqlWorld& world, const std::string& id);

}  // namespace ringmaster::local_forge
