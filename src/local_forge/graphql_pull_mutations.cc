// Opening, changing, closing and merging pull requests.

#include "base/text.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Members;

Answer<Members> payload_of(GraphqlWorld& world, const std::string& id) {
    Members payload;
    payload.set("pullRequest", TRY_ANSWER(node_value(world, id)));
    payload.set("actor", user_value(world.viewer.user));
    return payload;
}

Answer<Members> change(GraphqlWorld& world, const std::string& id, const PullRequestChange& wanted) {
    const IssueNode node = TRY_ANSWER(find_pull_node(world, id));
    TRY_ANSWER(world.store.pulls().update(world.viewer, node.repository, *node.pull, wanted));
    return payload_of(world, id);
}

// `headRefName` may name a fork's branch: "owner:branch".
Answer<Members> create(GraphqlWorld& world, const Members& input) {
    const Repository base = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    NewPullRequest wanted{.title = *input.text("title"),
                          .body = input.text("body"),
                          .head_repository_id = base.id,
                          .head_ref = *input.text("headRefName"),
                          .base_ref = *input.text("baseRefName"),
                          .is_draft = input.boolean("draft").value_or(false)};
    if (const auto head = input.text("headRepositoryId"))
        wanted.head_repository_id = TRY_ANSWER(find_repository_node(world, *head)).id;
    if (const auto colon = wanted.head_ref.find(':'); colon != std::string::npos) {
        const auto head = TRY_ANSWER(
            world.store.repositories().visible(world.viewer, wanted.head_ref.substr(0, colon), base.name));
        wanted.head_repository_id = head.id;
        wanted.head_ref = wanted.head_ref.substr(colon + 1);
    }
    PullRequest pull = TRY_ANSWER(world.store.pulls().create(world.viewer, base, wanted));
    Members payload;
    payload.set("pullRequest", pull_value(base, std::move(pull)));
    return payload;
}

// All labels at once, as gh's `pr create --label` sets them.
Answer<void> set_labels(GraphqlWorld& world, const IssueNode& node, const std::vector<std::string>& ids) {
    std::vector<std::string> names;
    for (const std::string& id : ids) names.push_back(TRY_ANSWER(find_label_node(world, id)).label.name);
    TRY_ANSWER(world.store.labels().replace(world.viewer, node.repository, node.issue, names));
    return {};
}

Answer<Members> update(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("pullRequestId");
    PullRequestChange wanted{
        .title = input.text("title"), .body = input.text("body"), .base_ref = input.text("baseRefName")};
    if (const auto state = input.text("state"))
        wanted.state = *state == "OPEN" ? IssueState::Open : IssueState::Closed;
    if (input.has("labelIds"))
        TRY_ANSWER(set_labels(world, TRY_ANSWER(find_pull_node(world, id)), input.texts("labelIds")));
    return change(world, id, wanted);
}

Answer<Members> merge(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("pullRequestId");
    const IssueNode node = TRY_ANSWER(find_pull_node(world, id));
    TRY_ANSWER(world.store.pulls().merge(world.viewer, node.repository, *node.pull,
                                         to_lower_ascii(input.text("mergeMethod").value_or("MERGE")),
                                         input.text("commitHeadline").value_or(""),
                                         input.text("commitBody").value_or(""),
                                         input.text("expectedHeadOid").value_or("")));
    return payload_of(world, id);
}

MutationFunction with_change(const PullRequestChange& wanted) {
    return [wanted](GraphqlWorld& world, const Members& input) {
        return change(world, *input.text("pullRequestId"), wanted);
    };
}

}  // namespace

void add_pull_request_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    const std::vector<std::string_view> pull = {"pullRequest: PullRequest"};
    const std::vector<std::string_view> pull_and_actor = {"pullRequest: PullRequest", "actor: Actor"};
    const std::vector<std::string_view> id = {"pullRequestId: ID!"};
    add_mutation(schema, mutation,
                 {"createPullRequest",
                  {"repositoryId: ID!", "title: String!", "body: String", "headRefName: String!",
                   "baseRefName: String!", "draft: Boolean = false", "headRepositoryId: ID",
                   "maintainerCanModify: Boolean = true"},
                  pull},
                 create);
    add_mutation(schema, mutation,
                 {"updatePullRequest",
                  {"pullRequestId: ID!", "title: String", "body: String", "baseRefName: String",
                   "state: PullRequestUpdateState", "labelIds: [ID!]", "assigneeIds: [ID!]",
                   "milestoneId: ID", "projectIds: [ID!]", "maintainerCanModify: Boolean"},
                  pull_and_actor},
                 update);
    add_mutation(
        schema, mutation,
        {"mergePullRequest",
         {"pullRequestId: ID!", "mergeMethod: PullRequestMergeMethod = MERGE", "commitHeadline: String",
          "commitBody: String", "expectedHeadOid: GitObjectID", "authorEmail: String"},
         pull_and_actor},
        merge);
    add_mutation(schema, mutation, {"closePullRequest", id, pull},
                 with_change({.state = IssueState::Closed}));
    add_mutation(schema, mutation, {"reopenPullRequest", id, pull}, with_change({.state = IssueState::Open}));
    add_mutation(schema, mutation, {"convertPullRequestToDraft", id, pull}, with_change({.is_draft = true}));
    add_mutation(schema, mutation, {"markPullRequestReadyForReview", id, pull},
                 with_change({.is_draft = false}));
}

}  // namespace ringmaster::local_forge
