// Issues.

#include "local_forge/graphql_issue_fields.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/graphql_timeline.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Members;

void add_issue(graphql::Schema& schema) {
    graphql::TypeBuilder type = schema.object("Issue");
    add_issue_fields(type);
    type.field("state: IssueState!", on<IssueNode>([](const IssueNode& node) {
                   return node.issue.state == IssueState::Open ? "OPEN" : "CLOSED";
               }))
        .field("stateReason(enableDuplicate: Boolean = false): IssueStateReason",
               on<IssueNode>([](const IssueNode& node) {
                   return node.issue.state == IssueState::Open ? graphql::Value()
                                                               : graphql::Value("COMPLETED");
               }))
        .field("isPinned: Boolean", always(false))
        .field(connection_field("timelineItems", "IssueTimelineItemsConnection!",
                                "itemTypes: [IssueTimelineItemsItemType!], since: DateTime, skip: Int"),
               timeline_items("IssueTimelineItemsConnection"));
    add_connection_types(schema, "Issue", "Issue");
    schema.union_of("IssueOrPullRequest", {"Issue", "PullRequest"});
}

Answer<IssueNode> find_plain_issue(GraphqlWorld& world, const std::string& id) {
    IssueNode node = TRY_ANSWER(find_issue_node(world, id));
    if (node.pull) return Refuse(no_such_node(id));
    return node;
}

Answer<Members> create(GraphqlWorld& world, const Members& input) {
    const Repository repository = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    std::vector<Label> labels;
    for (const std::string& id : input.texts("labelIds"))
        labels.push_back(TRY_ANSWER(find_label_node(world, id)).label);
    Issue issue = TRY_ANSWER(world.store.issues().create(world.viewer, repository, *input.text("title"),
                                                         input.text("body").value_or("")));
    if (!labels.empty()) TRY_ANSWER(world.store.labels().add(world.viewer, repository, issue, labels));
    Members payload;
    payload.set("issue", issue_value(repository, std::move(issue)));
    return payload;
}

Answer<Members> change(GraphqlWorld& world, const std::string& id, const IssueChange& wanted) {
    const IssueNode node = TRY_ANSWER(find_plain_issue(world, id));
    Issue issue = TRY_ANSWER(world.store.issues().update(world.viewer, node.repository, node.issue, wanted));
    Members payload;
    payload.set("issue", issue_value(node.repository, std::move(issue)));
    return payload;
}

}  // namespace

void add_issue_types(graphql::Schema& schema) {
    add_issue(schema);
}

void add_issue_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    add_mutation(schema, mutation,
                 {"createIssue",
                  {"repositoryId: ID!", "title: String!", "body: String", "labelIds: [ID!]",
                   "assigneeIds: [ID!]", "milestoneId: ID", "projectIds: [ID!]", "issueTemplate: String"},
                  {"issue: Issue"}},
                 create);
    add_mutation(
        schema, mutation,
        {"updateIssue", {"id: ID!", "title: String", "body: String", "state: IssueState"}, {"issue: Issue"}},
        [](GraphqlWorld& world, const Members& input) {
            IssueChange wanted{.title = input.text("title"), .body = input.text("body")};
            if (const auto state = input.text("state"))
                wanted.state = *state == "OPEN" ? IssueState::Open : IssueState::Closed;
            return change(world, *input.text("id"), wanted);
        });
    add_mutation(schema, mutation,
                 {"closeIssue", {"issueId: ID!", "stateReason: IssueClosedStateReason"}, {"issue: Issue"}},
                 [](GraphqlWorld& world, const Members& input) {
                     return change(world, *input.text("issueId"), {.state = IssueState::Closed});
                 });
    add_mutation(schema, mutation, {"reopenIssue", {"issueId: ID!"}, {"issue: Issue"}},
                 [](GraphqlWorld& world, const Members& input) {
                     return change(world, *input.text("issueId"), {.state = IssueState::Open});
                 });
}

}  // namespace ringmaster::local_forge
