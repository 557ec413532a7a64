// What GitHub has and the forge has not: milestones, projects, reviews, checks, releases. Clients ask for
// them all the same (gh's `pr view` for most of them in one query), so the types are here, and nothing is
// ever of them: fields that would give one are null or an empty connection.

#include "local_forge/graphql_connection.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

// An object type that no field ever gives an object of.
graphql::TypeBuilder add_absent(graphql::Schema& schema, std::string_view name,
                                std::initializer_list<std::string_view> fields) {
    graphql::TypeBuilder type = schema.object(name);
    for (const std::string_view field : fields) type.field(field, always(nullptr));
    return type;
}

void add_projects(graphql::Schema& schema) {
    add_absent(schema, "Milestone",
               {"id: ID!", "number: Int!", "title: String!", "description: String", "dueOn: DateTime",
                "state: MilestoneState!", "url: URI!", "createdAt: DateTime!"});
    schema.enumeration("MilestoneState", {"CLOSED", "OPEN"});
    schema.enumeration("MilestoneOrderField", {"CREATED_AT", "DUE_DATE", "NUMBER", "UPDATED_AT"});
    schema.input("MilestoneOrder", {"direction: OrderDirection!", "field: MilestoneOrderField!"});
    add_connection_types(schema, "Milestone", "Milestone");

    add_absent(schema, "Project",
               {"id: ID!", "name: String!", "number: Int!", "body: String", "resourcePath: URI!", "url: URI!",
                "state: ProjectState!"});
    schema.enumeration("ProjectState", {"CLOSED", "OPEN"});
    schema.enumeration("ProjectOrderField", {"CREATED_AT", "NAME", "UPDATED_AT"});
    schema.input("ProjectOrder", {"direction: OrderDirection!", "field: ProjectOrderField!"});
    schema.enumeration("ProjectCardArchivedState", {"ARCHIVED", "NOT_ARCHIVED"});
    add_absent(schema, "ProjectColumn", {"id: ID!", "name: String!"});
    add_absent(schema, "ProjectCard",
               {"id: ID!", "project: Project!", "column: ProjectColumn", "isArchived: Boolean!"});
    add_connection_types(schema, "Project", "Project");
    add_connection_types(schema, "ProjectCard", "ProjectCard");

    add_absent(
        schema, "ProjectV2",
        {"id: ID!", "number: Int!", "title: String!", "resourcePath: URI!", "closed: Boolean!", "url: URI!"});
    add_absent(schema, "ProjectV2ItemFieldSingleSelectValue",
               {"id: ID!", "optionId: String", "name: String"});
    add_absent(schema, "ProjectV2ItemFieldTextValue", {"id: ID!", "text: String"});
    schema.union_of("ProjectV2ItemFieldValue",
                    {"ProjectV2ItemFieldSingleSelectValue", "ProjectV2ItemFieldTextValue"});
    add_absent(schema, "ProjectV2Item",
               {"id: ID!", "project: ProjectV2!", "isArchived: Boolean!",
                "fieldValueByName(name: String!): ProjectV2ItemFieldValue"});
    schema.enumeration("ProjectV2OrderField", {"CREATED_AT", "NUMBER", "TITLE", "UPDATED_AT"});
    schema.input("ProjectV2Order", {"direction: OrderDirection!", "field: ProjectV2OrderField!"});
    add_connection_types(schema, "ProjectV2", "ProjectV2");
    add_connection_types(schema, "ProjectV2Item", "ProjectV2Item");
}

void add_reviews(graphql::Schema& schema) {
    schema.enumeration("PullRequestReviewState",
                       {"APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"});
    schema.enumeration("PullRequestReviewDecision", {"APPROVED", "CHANGES_REQUESTED", "REVIEW_REQUIRED"});
    add_absent(schema, "PullRequestReview",
               {"id: ID!", "author: Actor", "authorAssociation: CommentAuthorAssociation!", "body: String!",
                "state: PullRequestReviewState!", "submittedAt: DateTime", "commit: Commit", "url: URI!",
                "reactionGroups: [ReactionGroup!]", "includesCreatedEdit: Boolean!", "createdAt: DateTime!",
                "updatedAt: DateTime!", "viewerDidAuthor: Boolean!"});
    add_connection_types(schema, "PullRequestReview", "PullRequestReview");
    add_absent(schema, "PullRequestReviewThread",
               {"id: ID!", "isResolved: Boolean!", "isOutdated: Boolean!", "path: String!"});
    add_connection_types(schema, "PullRequestReviewThread", "PullRequestReviewThread");
    add_absent(schema, "Team",
               {"id: ID!", "name: String!", "slug: String!", "organization: Organization!", "url: URI!"});
    add_absent(schema, "Mannequin", {"id: ID!", "login: String!", "url: URI!"});
    schema.enumeration("TeamOrderField", {"NAME"});
    schema.input("TeamOrder", {"direction: OrderDirection!", "field: TeamOrderField!"});
    add_connection_types(schema, "Team", "Team");
    schema.union_of("RequestedReviewer", {"Bot", "Mannequin", "Team", "User"});
    add_absent(schema, "ReviewRequest",
               {"id: ID!", "requestedReviewer: RequestedReviewer", "asCodeOwner: Boolean!"});
    add_connection_types(schema, "ReviewRequest", "ReviewRequest");
    schema.enumeration("PullRequestMergeMethod", {"MERGE", "REBASE", "SQUASH"});
    add_absent(schema, "AutoMergeRequest",
               {"authorEmail: String", "commitBody: String", "commitHeadline: String", "enabledAt: DateTime",
                "enabledBy: Actor", "mergeMethod: PullRequestMergeMethod!", "pullRequest: PullRequest!"});
}

void add_checks(graphql::Schema& schema) {
    schema.enumeration("StatusState", {"ERROR", "EXPECTED", "FAILURE", "PENDING", "SUCCESS"});
    schema.enumeration("CheckStatusState",
                       {"COMPLETED", "IN_PROGRESS", "PENDING", "QUEUED", "REQUESTED", "WAITING"});
    schema.enumeration("CheckConclusionState",
                       {"ACTION_REQUIRED", "CANCELLED", "FAILURE", "NEUTRAL", "SKIPPED", "STALE",
                        "STARTUP_FAILURE", "SUCCESS", "TIMED_OUT"});
    schema.enumeration("CheckRunState", {"ACTION_REQUIRED", "CANCELLED", "COMPLETED", "FAILURE",
                                         "IN_PROGRESS", "NEUTRAL", "PENDING", "QUEUED", "SKIPPED", "STALE",
                                         "STARTUP_FAILURE", "SUCCESS", "TIMED_OUT", "WAITING"});
    add_absent(schema, "Workflow", {"id: ID!", "name: String!"});
    add_absent(schema, "WorkflowRun", {"id: ID!", "event: String!", "workflow: Workflow!", "url: URI!"});
    add_absent(schema, "CheckSuite", {"id: ID!", "workflowRun: WorkflowRun"});
    add_absent(schema, "CheckRun",
               {"id: ID!", "name: String!", "checkSuite: CheckSuite!", "status: CheckStatusState!",
                "conclusion: CheckConclusionState", "startedAt: DateTime", "completedAt: DateTime",
                "detailsUrl: URI", "isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!"});
    add_absent(
        schema, "StatusContext",
        {"id: ID!", "context: String!", "state: StatusState!", "targetUrl: URI", "createdAt: DateTime!",
         "description: String", "isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!"});
    schema.union_of("StatusCheckRollupContext", {"CheckRun", "StatusContext"});
    add_absent(schema, "CheckRunStateCount", {"count: Int!", "state: CheckRunState!"});
    add_absent(schema, "StatusContextStateCount", {"count: Int!", "state: StatusState!"});
    add_connection_types(schema, "StatusCheckRollupContext", "StatusCheckRollupContext")
        .connection.field("checkRunCount: Int!", always(0))
        .field("checkRunCountsByState: [CheckRunStateCount!]", always(nullptr))
        .field("statusContextCount: Int!", always(0))
        .field("statusContextCountsByState: [StatusContextStateCount!]", always(nullptr));
    add_absent(schema, "StatusCheckRollup",
               {"id: ID!", "state: StatusState!", "commit: Commit",
                "contexts(first: Int, last: Int, after: String, before: String): "
                "StatusCheckRollupContextConnection!"});
    add_absent(schema, "BranchProtectionRule",
               {"id: ID!", "pattern: String!", "requiresStrictStatusChecks: Boolean!",
                "requiredApprovingReviewCount: Int", "requiresApprovingReviews: Boolean!"});
}

void add_repository_extras(graphql::Schema& schema) {
    add_absent(schema, "CodeOfConduct", {"id: ID!", "key: String!", "name: String!", "url: URI"});
    add_absent(schema, "RepositoryContactLink", {"about: String!", "name: String!", "url: URI!"});
    add_absent(schema, "FundingLink", {"platform: String!", "url: URI!"});
    add_absent(schema, "License",
               {"id: ID!", "key: String!", "name: String!", "nickname: String", "spdxId: String"});
    add_absent(schema, "Topic", {"id: ID!", "name: String!"});
    add_absent(schema, "RepositoryTopic", {"id: ID!", "topic: Topic!", "url: URI!"});
    add_connection_types(schema, "RepositoryTopic", "RepositoryTopic");
    add_absent(schema, "IssueTemplate",
               {"name: String!", "title: String", "body: String", "about: String", "filename: String!"});
    add_absent(schema, "PullRequestTemplate", {"body: String", "filename: String"});
    add_absent(schema, "Language", {"id: ID!", "name: String!", "color: String"});
    add_connection_types(schema, "Language", "Language").edge.field("size: Int!", always(0));
    add_absent(schema, "Release",
               {"id: ID!", "name: String", "tagName: String!", "publishedAt: DateTime", "url: URI!"});
    add_connection_types(schema, "Release", "Release");
    add_absent(schema, "UserContentEdit",
               {"id: ID!", "editedAt: DateTime!", "editor: Actor", "diff: String"});
    add_connection_types(schema, "UserContentEdit", "UserContentEdit");
}

// Every kind of reaction is listed with its count, as GitHub does: all zero.
struct ReactionGroupNode {
    std::string content;
};

void add_reactions(graphql::Schema& schema) {
    schema.object("ReactionGroup")
        .field("content: ReactionContent!", on<ReactionGroupNode>(&ReactionGroupNode::content))
        .field("createdAt: DateTime", always(nullptr))
        .field(connection_field("users", "UserConnection!"), empty_connection("UserConnection"))
        .field(connection_field("reactors", "UserConnection!"), empty_connection("UserConnection"))
        .field("viewerHasReacted: Boolean!", always(false));
    add_absent(schema, "Reaction",
               {"id: ID!", "content: ReactionContent!", "user: User", "createdAt: DateTime!"});
    add_connection_types(schema, "Reaction", "Reaction");
}

}  // namespace

graphql::Value empty_reaction_groups() {
    graphql::List groups;
    for (const char* content :
         {"THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES"})
        groups.emplace_back(graphql::object("ReactionGroup", ReactionGroupNode{content}));
    return groups;
}

void add_absent_types(graphql::Schema& schema) {
    add_projects(schema);
    add_reviews(schema);
    add_checks(schema);
    add_repository_extras(schema);
    add_reactions(schema);
}

}  // namespace ringmaster::local_forge
