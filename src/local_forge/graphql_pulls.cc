// Pull requests, as gh, Octokit and Ringmaster itself ask for them (github-facts §4, 9.7–9.13).

#include "base/text.h"
#include "local_forge/graphql_issue_fields.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/graphql_timeline.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

// A resolver of something that stands in the pull request's own row.
template <typename Get>
graphql::Resolver of_pull(Get get) {
    return on<IssueNode>([get](const IssueNode& node) { return std::invoke(get, *node.pull); });
}

// A resolver of something that git has to be asked for once: mergeability and diff statistics.
template <typename Get>
graphql::Resolver of_measured(Get get) {
    return on<IssueNode>([get](const IssueNode& node, const Call& call) -> Answer<Value> {
        const PullRequest pull = TRY_ANSWER(world_of(call).measured(node.repository, *node.pull));
        return detail::to_value(std::invoke(get, pull));
    });
}

std::string_view state_of(const PullRequest& pull) {
    if (pull.merged_at) return "MERGED";
    return pull.issue.state == IssueState::Open ? "OPEN" : "CLOSED";
}

std::string_view mergeable_of(const PullRequest& pull) {
    if (!pull.is_mergeable) return "UNKNOWN";
    return *pull.is_mergeable ? "MERGEABLE" : "CONFLICTING";
}

std::string_view merge_state_of(const PullRequest& pull) {
    if (pull.issue.state == IssueState::Closed || !pull.is_mergeable) return "UNKNOWN";
    if (!*pull.is_mergeable) return "DIRTY";
    return pull.is_draft ? "DRAFT" : "CLEAN";
}

Answer<Value> head_ref(const IssueNode& node, const Call& call) {
    GraphqlWorld& world = world_of(call);
    if (!node.pull->head_repository_id) return Value();
    const auto head = TRY_ANSWER(world.find_repository(*node.pull->head_repository_id));
    if (!head) return Value();
    return TRY_ANSWER(find_ref_value(world, *head, "refs/heads/" + node.pull->head_ref));
}

Answer<Value> base_ref(const IssueNode& node, const Call& call) {
    return TRY_ANSWER(find_ref_value(world_of(call), node.repository, "refs/heads/" + node.pull->base_ref));
}

Answer<Value> head_repository(const IssueNode& node, const Call& call) {
    if (!node.pull->head_repository_id) return Value();
    auto head = world_of(call).visible_repository(*node.pull->head_repository_id);
    if (!head && head.error().status == 404) return Value();
    return repository_value(TRY_ANSWER(std::move(head)));
}

Answer<Value> head_owner(const IssueNode& node, const Call& call) {
    return user_value(TRY_ANSWER(world_of(call).store.accounts().find(node.pull->head_owner_login)));
}

// The merge commit once merged, the test merge before.
template <bool kMerged>
Value merge_commit(const PullRequest& pull, const Repository& repository) {
    if (!pull.merge_commit_sha || pull.merged_at.has_value() != kMerged) return {};
    return commit_value(repository, *pull.merge_commit_sha);
}

template <bool kMerged>
Answer<Value> merge_commit_of(const IssueNode& node, const Call& call) {
    if (kMerged) return merge_commit<true>(*node.pull, node.repository);
    return merge_commit<false>(TRY_ANSWER(world_of(call).measured(node.repository, *node.pull)),
                               node.repository);
}

Value pull_commit_value(const Repository& repository, const std::string& sha) {
    return graphql::object("PullRequestCommit", CommitNode{repository, sha});
}

// The newest alone is known without asking git, and is what lists ask for (its checks).
Answer<Connection> commits_page(GraphqlWorld& world, const IssueNode& node, const PageRequest& page) {
    if (page.count == 0) return Connection{};
    if (page.from_end && page.count == 1 && !page.before && !page.after) {
        Connection connection;
        connection.items.push_back(
            {number_key(0), pull_commit_value(node.repository, node.pull->head_sha), {}});
        return connection;
    }
    std::vector<ConnectionItem> items;
    for (const Commit& commit : TRY_ANSWER(world.store.pulls().commits(node.repository, *node.pull)))
        items.push_back(
            {number_key(static_cast<Id>(items.size())), pull_commit_value(node.repository, commit.sha), {}});
    return slice(std::move(items), page);
}

graphql::Resolved commits(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const IssueNode& node = call.parent<IssueNode>();
    auto connection = commits_page(world, node, page);
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [&world, &node]() -> Answer<std::int64_t> {
        return TRY_ANSWER(world.measured(node.repository, *node.pull)).commit_count;
    };
    return connection_value("PullRequestCommitConnection", std::move(*connection));
}

struct ChangedFile {
    std::string path;
    std::int64_t additions = 0;
    std::int64_t deletions = 0;
};

// git's --numstat -z: "12\t3\tpath\0"; "-" for both of a binary file.
std::vector<ChangedFile> parse_numstat(std::string_view output) {
    std::vector<ChangedFile> files;
    for (const std::string_view line : split(output, '\0')) {
        const auto parts = split(line, '\t');
        if (parts.size() != 3) continue;
        files.push_back({std::string(parts[2]), parse_integer(parts[0]).value_or(0),
                         parse_integer(parts[1]).value_or(0)});
    }
    return files;
}

graphql::Resolved files(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    const IssueNode& node = call.parent<IssueNode>();
    const auto output = world_of(call)
                            .store.repositories()
                            .git(node.repository)
                            .read({"diff", "--numstat", "-z", "--no-renames",
                                   node.pull->base_sha + "..." + node.pull->head_sha});
    if (!output) return graphql::Unresolved(problem_of(output.error()));
    std::vector<ConnectionItem> items;
    for (ChangedFile& file : parse_numstat(*output))
        items.push_back({number_key(static_cast<Id>(items.size())),
                         graphql::object("PullRequestChangedFile", std::move(file)),
                         {}});
    return connection_value("PullRequestChangedFileConnection", slice(std::move(items), page));
}

void add_head_and_base(graphql::TypeBuilder& type) {
    type.field("headRef: Ref", on<IssueNode>(head_ref))
        .field("headRefName: String!", of_pull(&PullRequest::head_ref))
        .field("headRefOid: GitObjectID!", of_pull(&PullRequest::head_sha))
        .field("headRepository: Repository", on<IssueNode>(head_repository))
        .field("headRepositoryOwner: RepositoryOwner", on<IssueNode>(head_owner))
        .field("baseRef: Ref", on<IssueNode>(base_ref))
        .field("baseRefName: String!", of_pull(&PullRequest::base_ref))
        .field("baseRefOid: GitObjectID!", of_pull(&PullRequest::base_sha))
        .field("baseRepository: Repository",
               on<IssueNode>([](const IssueNode& node) { return repository_value(node.repository); }))
        .field("isCrossRepository: Boolean!", of_pull(&PullRequest::is_cross_repository))
        .field("isDraft: Boolean!", of_pull(&PullRequest::is_draft))
        .field("state: PullRequestState!", of_pull(state_of))
        .field("maintainerCanModify: Boolean!", always(false));
}

Result<bool> can_be_rebased(const IssueNode& node, const Call& call) {
    return world_of(call).store.pulls().can_be_rebased(node.repository, *node.pull);
}

void add_merge_fields(graphql::TypeBuilder& type) {
    type.field("mergeable: MergeableState!", of_measured(mergeable_of))
        .field("mergeStateStatus: MergeStateStatus!", of_measured(merge_state_of))
        .field("merged: Boolean!",
               of_pull([](const PullRequest& pull) { return pull.merged_at.has_value(); }))
        .field("mergedAt: DateTime", of_pull(&PullRequest::merged_at))
        .field("mergedBy: Actor", of_pull([](const PullRequest& pull) { return user_value(pull.merged_by); }))
        .field("mergeCommit: Commit", on<IssueNode>(merge_commit_of<true>))
        .field("potentialMergeCommit: Commit", on<IssueNode>(merge_commit_of<false>))
        .field("canBeRebased: Boolean!", on<IssueNode>(can_be_rebased))
        .field("autoMergeRequest: AutoMergeRequest", always(nullptr))
        .field("viewerMergeHeadlineText(mergeType: PullRequestMergeMethod): String!",
               of_pull([](const PullRequest& pull) {
                   return fmt::format("Merge pull request #{} from {}/{}", pull.issue.number,
                                      pull.head_owner_login, pull.head_ref);
               }))
        .field("viewerMergeBodyText(mergeType: PullRequestMergeMethod): String!",
               of_pull([](const PullRequest& pull) { return pull.issue.title; }))
        .field("viewerCanDisableAutoMerge: Boolean!", always(false))
        .field("viewerCanEnableAutoMerge: Boolean!", always(false))
        .field("additions: Int!", of_measured(&PullRequest::additions))
        .field("deletions: Int!", of_measured(&PullRequest::deletions))
        .field("changedFiles: Int!", of_measured(&PullRequest::changed_files))
        .field(connection_field("commits", "PullRequestCommitConnection!"), commits)
        .field(connection_field("files", "PullRequestChangedFileConnection"), files)
        .field("statusCheckRollup: StatusCheckRollup", always(nullptr));
}

void add_review_fields(graphql::TypeBuilder& type) {
    const graphql::Resolver none = empty_connection("PullRequestReviewConnection");
    type.field("reviewDecision: PullRequestReviewDecision", always(nullptr))
        .field(connection_field("reviews", "PullRequestReviewConnection",
                                "author: String, states: [PullRequestReviewState!]"),
               none)
        .field(connection_field("latestReviews", "PullRequestReviewConnection"), none)
        .field(connection_field("latestOpinionatedReviews", "PullRequestReviewConnection",
                                "writersOnly: Boolean = false"),
               none)
        .field(connection_field("reviewRequests", "ReviewRequestConnection"),
               empty_connection("ReviewRequestConnection"))
        .field(connection_field("reviewThreads", "PullRequestReviewThreadConnection!"),
               empty_connection("PullRequestReviewThreadConnection"))
        .field(connection_field("closingIssuesReferences", "IssueConnection"),
               empty_connection("IssueConnection"))
        .field("viewerLatestReview: PullRequestReview", always(nullptr))
        .field("viewerLatestReviewRequest: ReviewRequest", always(nullptr))
        .field("totalCommentsCount: Int",
               on<IssueNode>([](const IssueNode& node) { return node.issue.comment_count; }))
        .field("isReadByViewer: Boolean", always(true));
}

void add_enums(graphql::Schema& schema) {
    schema.enumeration("PullRequestState", {"CLOSED", "MERGED", "OPEN"});
    schema.enumeration("PullRequestUpdateState", {"CLOSED", "OPEN"});
    schema.enumeration("MergeableState", {"CONFLICTING", "MERGEABLE", "UNKNOWN"});
    schema.enumeration("MergeStateStatus",
                       {"BEHIND", "BLOCKED", "CLEAN", "DIRTY", "DRAFT", "HAS_HOOKS", "UNKNOWN", "UNSTABLE"});
}

}  // namespace

void add_pull_request_types(graphql::Schema& schema) {
    add_enums(schema);
    graphql::TypeBuilder type = schema.object("PullRequest");
    add_issue_fields(type);
    add_head_and_base(type);
    add_merge_fields(type);
    add_review_fields(type);
    const auto address = [](const IssueNode& node, const Call& call) {
        return world_of(call).url(path_of(node.repository, node.issue));
    };
    type.field("permalink: URI!", on<IssueNode>(address))
        .field("checksUrl: URI!", on<IssueNode>([=](const IssueNode& node, const Call& call) {
                   return address(node, call) + "/checks";
               }))
        .field(connection_field("timelineItems", "PullRequestTimelineItemsConnection!",
                                "itemTypes: [PullRequestTimelineItemsItemType!], since: DateTime, skip: Int"),
               timeline_items("PullRequestTimelineItemsConnection"));
    add_connection_types(schema, "PullRequest", "PullRequest");

    schema.object("PullRequestCommit")
        .field("id: ID!", on<CommitNode>([](const CommitNode& node) {
                   return print_node_id({NodeKind::Commit, node.repository.id, 0, node.sha});
               }))
        .field("commit: Commit!", on<CommitNode>([](const CommitNode& node) {
                   return commit_value(node.repository, node.sha);
               }));
    add_connection_types(schema, "PullRequestCommit", "PullRequestCommit");
    schema.object("PullRequestChangedFile")
        .field("path: String!", on<ChangedFile>(&ChangedFile::path))
        .field("additions: Int!", on<ChangedFile>(&ChangedFile::additions))
        .field("deletions: Int!", on<ChangedFile>(&ChangedFile::deletions));
    add_connection_types(schema, "PullRequestChangedFile", "PullRequestChangedFile");
}

}  // namespace ringmaster::local_forge
