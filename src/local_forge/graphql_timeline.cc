// What happened to an issue or pull request, in order: `timelineItems`. The store's event names are REST's
// ("labeled"); GraphQL's are types (LabeledEvent) and an enum of them (LABELED_EVENT).

#include "local_forge/graphql_timeline.h"

#include <algorithm>
#include <array>

#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

struct EventKind {
    std::string_view event;  // the store's name
    std::string_view type;
    std::string_view item_type;
};

constexpr std::array kKinds = {
    EventKind{"labeled", "LabeledEvent", "LABELED_EVENT"},
    EventKind{"unlabeled", "UnlabeledEvent", "UNLABELED_EVENT"},
    EventKind{"closed", "ClosedEvent", "CLOSED_EVENT"},
    EventKind{"reopened", "ReopenedEvent", "REOPENED_EVENT"},
    EventKind{"merged", "MergedEvent", "MERGED_EVENT"},
    EventKind{"renamed", "RenamedTitleEvent", "RENAMED_TITLE_EVENT"},
    EventKind{"locked", "LockedEvent", "LOCKED_EVENT"},
    EventKind{"unlocked", "UnlockedEvent", "UNLOCKED_EVENT"},
    EventKind{"head_ref_force_pushed", "HeadRefForcePushedEvent", "HEAD_REF_FORCE_PUSHED_EVENT"},
    EventKind{"head_ref_deleted", "HeadRefDeletedEvent", "HEAD_REF_DELETED_EVENT"},
    EventKind{"convert_to_draft", "ConvertToDraftEvent", "CONVERT_TO_DRAFT_EVENT"},
    EventKind{"ready_for_review", "ReadyForReviewEvent", "READY_FOR_REVIEW_EVENT"}};

// GitHub's other item types: known, so that asking for them is no mistake, and never there.
constexpr std::array kAbsentItemTypes = {"ADDED_TO_MERGE_QUEUE_EVENT",
                                         "ADDED_TO_PROJECT_EVENT",
                                         "ASSIGNED_EVENT",
                                         "AUTO_MERGE_DISABLED_EVENT",
                                         "AUTO_MERGE_ENABLED_EVENT",
                                         "BASE_REF_CHANGED_EVENT",
                                         "BASE_REF_DELETED_EVENT",
                                         "BASE_REF_FORCE_PUSHED_EVENT",
                                         "COMMENT_DELETED_EVENT",
                                         "CONNECTED_EVENT",
                                         "CROSS_REFERENCED_EVENT",
                                         "DEMILESTONED_EVENT",
                                         "DEPLOYED_EVENT",
                                         "DEPLOYMENT_ENVIRONMENT_CHANGED_EVENT",
                                         "DISCONNECTED_EVENT",
                                         "HEAD_REF_RESTORED_EVENT",
                                         "MARKED_AS_DUPLICATE_EVENT",
                                         "MENTIONED_EVENT",
                                         "MILESTONED_EVENT",
                                         "MOVED_COLUMNS_IN_PROJECT_EVENT",
                                         "PINNED_EVENT",
                                         "PULL_REQUEST_COMMIT",
                                         "PULL_REQUEST_REVIEW",
                                         "PULL_REQUEST_REVIEW_THREAD",
                                         "REFERENCED_EVENT",
                                         "REMOVED_FROM_PROJECT_EVENT",
                                         "REVIEW_DISMISSED_EVENT",
                                         "REVIEW_REQUESTED_EVENT",
                                         "REVIEW_REQUEST_REMOVED_EVENT",
                                         "SUBSCRIBED_EVENT",
                                         "TRANSFERRED_EVENT",
                                         "UNASSIGNED_EVENT",
                                         "UNPINNED_EVENT",
                                         "UNSUBSCRIBED_EVENT"};

struct EventNode {
    TimelineEvent event;
    IssueNode subject;
};

// An event and a comment of one instant: the comment's key sorts after.
std::string key_of(TimePoint time, char kind, Id id) {
    return fmt::format("{}{}{}", number_key(time.time_since_epoch().count()), kind, number_key(id));
}

const EventKind* kind_of(const TimelineEvent& event) {
    const auto found = std::ranges::find(kKinds, event.event, &EventKind::event);
    return found == kKinds.end() ? nullptr : &*found;
}

Result<std::vector<ConnectionItem>> items_of(GraphqlWorld& world, const IssueNode& node,
                                             const std::vector<std::string>& item_types) {
    const auto wanted = [&](std::string_view type) {
        return item_types.empty() || std::ranges::find(item_types, type) != item_types.end();
    };
    std::vector<ConnectionItem> items;
    const Window all{0, TRY(world.store.issues().timeline_count(node.issue.id))};
    for (TimelineEvent& event : TRY(world.store.issues().timeline(node.issue.id, all))) {
        const EventKind* kind = kind_of(event);
        if (kind == nullptr || !wanted(kind->item_type)) continue;
        const std::string key = key_of(event.created_at, 'e', event.id);
        items.push_back({key, graphql::object(kind->type, EventNode{std::move(event), node}), {}});
    }
    if (wanted("ISSUE_COMMENT") && node.issue.comment_count > 0) {
        for (Comment& comment : TRY(world.store.comments().list(node.issue, {0, node.issue.comment_count}))) {
            const std::string key = key_of(comment.created_at, 'i', comment.id);
            items.push_back({key, comment_value(std::move(comment)), {}});
        }
        std::ranges::sort(items, {}, &ConnectionItem::key);
    }
    return items;
}

// The label as it was then (github-facts 1.19), with the definition's id while there is one of that name.
Answer<Value> label_then(const EventNode& node, const Call& call) {
    Label label;
    label.repository_id = node.subject.repository.id;
    if (auto now =
            TRY_ANSWER(world_of(call).store.labels().find(node.subject.repository, node.event.label_name)))
        label = std::move(*now);
    label.name = node.event.label_name;
    label.color = node.event.label_color;
    return label_value(std::move(label));
}

Value subject_value(const EventNode& node) {
    return graphql::object(node.subject.pull ? "PullRequest" : "Issue", node.subject);
}

graphql::TypeBuilder add_event(graphql::Schema& schema, std::string_view name) {
    graphql::TypeBuilder type = schema.object(name);
    type.implements("Node")
        .field("id: ID!", on<EventNode>([](const EventNode& node) {
                   return print_node_id(
                       {NodeKind::TimelineEvent, node.subject.repository.id, node.event.id, ""});
               }))
        .field("actor: Actor",
               on<EventNode>([](const EventNode& node) { return user_value(node.event.actor); }))
        .field("createdAt: DateTime!",
               on<EventNode>([](const EventNode& node) { return node.event.created_at; }));
    return type;
}

Value commit_of(const EventNode& node) {
    return node.event.commit_id.empty() ? Value()
                                        : commit_value(node.subject.repository, node.event.commit_id);
}

void add_event_types(graphql::Schema& schema) {
    for (const char* name : {"LabeledEvent", "UnlabeledEvent"})
        add_event(schema, name)
            .field("label: Label!", on<EventNode>(label_then))
            .field("labelable: Labelable!", on<EventNode>(subject_value));
    add_event(schema, "ClosedEvent")
        .field("closable: Closable!", on<EventNode>(subject_value))
        .field("stateReason: IssueStateReason", always(nullptr));
    add_event(schema, "ReopenedEvent").field("closable: Closable!", on<EventNode>(subject_value));
    add_event(schema, "MergedEvent")
        .field("commit: Commit", on<EventNode>(commit_of))
        .field("mergeRefName: String!",
               on<EventNode>([](const EventNode& node) { return node.subject.pull->base_ref; }))
        .field("pullRequest: PullRequest!", on<EventNode>(subject_value));
    add_event(schema, "RenamedTitleEvent")
        .field("currentTitle: String!",
               on<EventNode>([](const EventNode& node) { return node.subject.issue.title; }));
    for (const char* name : {"LockedEvent", "UnlockedEvent"})
        add_event(schema, name).field("lockable: Lockable!", on<EventNode>(subject_value));
    add_event(schema, "HeadRefForcePushedEvent")
        .field("afterCommit: Commit", on<EventNode>(commit_of))
        .field("pullRequest: PullRequest!", on<EventNode>(subject_value));
    for (const char* name : {"HeadRefDeletedEvent", "ConvertToDraftEvent", "ReadyForReviewEvent"})
        add_event(schema, name).field("pullRequest: PullRequest!", on<EventNode>(subject_value));
}

}  // namespace

void add_timeline_types(graphql::Schema& schema) {
    add_event_types(schema);
    std::vector<std::string> types = {"IssueComment"};
    std::vector<std::string> item_types = {"ISSUE_COMMENT"};
    for (const EventKind& kind : kKinds) {
        types.emplace_back(kind.type);
        item_types.emplace_back(kind.item_type);
    }
    item_types.insert(item_types.end(), kAbsentItemTypes.begin(), kAbsentItemTypes.end());
    for (const char* owner : {"PullRequest", "Issue"}) {
        const std::string name = std::string(owner) + "TimelineItems";
        schema.union_of(name, types);
        schema.enumeration(name + "ItemType", item_types);
        add_connection_types(schema, name, name)
            .connection
            .field("filteredCount: Int!", on<Connection>([](const Connection& page) { return page.count(); }))
            .field("pageCount: Int!",
                   on<Connection>([](const Connection& page) { return page.items.size(); }));
    }
}

graphql::Resolver timeline_items(std::string_view connection_type) {
    return [connection_type](const Call& call) -> graphql::Resolved {
        const PageRequest page = TRY(page_request(call));
        auto items = items_of(world_of(call), call.parent<IssueNode>(), call.arguments.texts("itemTypes"));
        if (!items) return graphql::Unresolved(problem_of(items.error()));
        return connection_value(connection_type, slice(std::move(*items), page));
    };
}

}  // namespace ringmaster::local_forge
