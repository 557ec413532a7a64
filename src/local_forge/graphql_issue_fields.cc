#include "local_forge/graphql_issue_fields.h"

#include <algorithm>

#include "base/text.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_store_queries.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Value;

graphql::Resolved labels(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    auto found = labels_of(world_of(call), call.parent<IssueNode>());
    if (!found) return graphql::Unresolved(problem_of(found.error()));
    const graphql::Members* order = call.arguments.members("orderBy");
    const bool by_name = order != nullptr && order->text("field") == "NAME";
    const bool descending = order != nullptr && order->text("direction") == "DESC";
    std::vector<ConnectionItem> items;
    for (Label& label : *found) {
        const std::string key = by_name ? to_lower_ascii(label.name) : number_key(label.id);
        items.push_back({key, label_value(std::move(label)), {}});
    }
    const Direction direction = descending ? Direction::Descending : Direction::Ascending;
    std::ranges::sort(items, [&](const ConnectionItem& a, const ConnectionItem& b) {
        return descending ? b.key < a.key : a.key < b.key;
    });
    return connection_value("LabelConnection", slice(std::move(items), page, direction));
}

graphql::Resolved comments(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const KeyedRows rows = comment_rows(call.parent<IssueNode>().issue);
    const auto build = [&]() -> Answer<Connection> {
        std::vector<ConnectionItem> items;
        for (const auto& key :
             TRY_ANSWER(read_keys(world.store, rows, store_page(page, Direction::Ascending))))
            if (auto comment = TRY_ANSWER(world.store.comments().find(*number_of_key(key))))
                items.push_back({key, comment_value(std::move(*comment)), {}});
        return finish(std::move(items), page);
    };
    auto connection = build();
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [count = call.parent<IssueNode>().issue.comment_count]() -> Answer<std::int64_t> {
        return count;
    };
    return connection_value("IssueCommentConnection", std::move(*connection));
}

graphql::Resolved participants(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    return connection_value(
        "UserConnection",
        slice({{number_key(0), user_value(call.parent<IssueNode>().issue.author), {}}}, page));
}

Result<bool> viewer_may_label(const IssueNode& node, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Right right = node.pull ? Right::PullRequests : Right::Issues;
    return world.store.accounts().may(world.viewer, node.repository, Role::Triage, right);
}

std::string web_path(const IssueNode& node) {
    return path_of(node.repository, node.issue);
}

void add_text_fields(graphql::TypeBuilder& type) {
    const auto text = [](const IssueNode& node) { return node.issue.body.value_or(""); };
    type.field("title: String!", on<IssueNode>([](const IssueNode& node) { return node.issue.title; }))
        .field("titleHTML: HTML!", on<IssueNode>([](const IssueNode& node) { return node.issue.title; }))
        .field("body: String!", on<IssueNode>(text))
        .field("bodyText: String!", on<IssueNode>(text))
        .field("author: Actor",
               on<IssueNode>([](const IssueNode& node) { return user_value(node.issue.author); }))
        .field("authorAssociation: CommentAuthorAssociation!",
               on<IssueNode>([](const IssueNode& node, const Call& call) {
                   return association(world_of(call), node.repository, node.issue.author);
               }))
        .field("editor: Actor", always(nullptr))
        .field("includesCreatedEdit: Boolean!", always(false))
        .field("lastEditedAt: DateTime", always(nullptr))
        .field("createdViaEmail: Boolean!", always(false))
        .field(connection_field("userContentEdits", "UserContentEditConnection"),
               empty_connection("UserContentEditConnection"));
}

void add_state_fields(graphql::TypeBuilder& type) {
    type.field("closed: Boolean!",
               on<IssueNode>([](const IssueNode& node) { return node.issue.state == IssueState::Closed; }))
        .field("closedAt: DateTime",
               on<IssueNode>([](const IssueNode& node) { return node.issue.closed_at; }))
        .field("createdAt: DateTime!",
               on<IssueNode>([](const IssueNode& node) { return node.issue.created_at; }))
        .field("publishedAt: DateTime",
               on<IssueNode>([](const IssueNode& node) { return node.issue.created_at; }))
        .field("updatedAt: DateTime!",
               on<IssueNode>([](const IssueNode& node) { return node.issue.updated_at; }))
        .field("locked: Boolean!", on<IssueNode>([](const IssueNode& node) { return node.issue.locked; }))
        .field("activeLockReason: LockReason", always(nullptr));
}

void add_absent_fields(graphql::TypeBuilder& type) {
    type.field(connection_field("assignees", "UserConnection!"), empty_connection("UserConnection"))
        .field("milestone: Milestone", always(nullptr))
        .field(connection_field("projectCards", "ProjectCardConnection!",
                                "archivedStates: [ProjectCardArchivedState] = [ARCHIVED, NOT_ARCHIVED]"),
               empty_connection("ProjectCardConnection"))
        .deprecated("Projects (classic) is being deprecated in favor of the new Projects experience.")
        .field(
            connection_field("projectItems", "ProjectV2ItemConnection!", "includeArchived: Boolean = true"),
            empty_connection("ProjectV2ItemConnection"))
        .field(
            connection_field("projectsV2", "ProjectV2Connection!", "query: String, orderBy: ProjectV2Order"),
            empty_connection("ProjectV2Connection"))
        .field("reactionGroups: [ReactionGroup!]",
               from_call([](const Call&) { return empty_reaction_groups(); }))
        .field(connection_field("reactions", "ReactionConnection!", "content: ReactionContent"),
               empty_connection("ReactionConnection"));
}

void add_viewer_fields(graphql::TypeBuilder& type) {
    const auto may_change = [](const IssueNode& node, const Call& call) {
        return may_edit(world_of(call), node.repository, node.issue.author);
    };
    type.field("viewerDidAuthor: Boolean!", on<IssueNode>([](const IssueNode& node, const Call& call) {
                   return world_of(call).viewer.user &&
                          world_of(call).viewer.user->id == node.issue.author.id;
               }))
        .field("viewerCanUpdate: Boolean!", on<IssueNode>(may_change))
        .field("viewerCanClose: Boolean!", on<IssueNode>(may_change))
        .field("viewerCanReopen: Boolean!", on<IssueNode>(may_change))
        .field("viewerCanLabel: Boolean!", on<IssueNode>(viewer_may_label))
        .field("viewerCanReact: Boolean!", always(false))
        .field("viewerCanSubscribe: Boolean!", always(false))
        .field("viewerSubscription: SubscriptionState", always("UNSUBSCRIBED"));
}

}  // namespace

Result<Value> association(GraphqlWorld& world, const Repository& repository, const User& author) {
    if (author.id == repository.owner.id) return Value("OWNER");
    const Role role = TRY(world.role_of(repository, author));
    if (role == Role::None) return Value("CONTRIBUTOR");
    return Value(repository.owner.type == UserType::Organization ? "MEMBER" : "COLLABORATOR");
}

Result<bool> may_edit(GraphqlWorld& world, const Repository& repository, const User& author) {
    if (world.viewer.user && world.viewer.user->id == author.id) return true;
    return TRY(world.viewer_role(repository)) >= Role::Write;
}

void add_issue_fields(graphql::TypeBuilder& type) {
    for (const char* interface :
         {"Node", "UniformResourceLocatable", "Comment", "Labelable", "Lockable", "Closable", "Assignable"})
        type.implements(interface);
    type.field("id: ID!", on<IssueNode>([](const IssueNode& node) { return node_id(node.issue); }))
        .field("databaseId: Int", on<IssueNode>([](const IssueNode& node) { return node.issue.id; }))
        .field("fullDatabaseId: BigInt",
               on<IssueNode>([](const IssueNode& node) { return std::to_string(node.issue.id); }))
        .field("number: Int!", on<IssueNode>([](const IssueNode& node) { return node.issue.number; }))
        .field("repository: Repository!",
               on<IssueNode>([](const IssueNode& node) { return repository_value(node.repository); }))
        .field("resourcePath: URI!", on<IssueNode>(web_path))
        .field("url: URI!", on<IssueNode>([](const IssueNode& node, const Call& call) {
                   return world_of(call).url(web_path(node));
               }))
        .field(connection_field("labels", "LabelConnection",
                                "orderBy: LabelOrder = {field: CREATED_AT, direction: ASC}"),
               labels)
        .field(connection_field("comments", "IssueCommentConnection!", "orderBy: IssueCommentOrder"),
               comments)
        .field(connection_field("participants", "UserConnection!"), participants);
    add_text_fields(type);
    add_state_fields(type);
    add_absent_fields(type);
    add_viewer_fields(type);
}

}  // namespace ringmaster::local_forge
