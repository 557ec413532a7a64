// Comments and their mutations (github-facts §5).

#include "local_forge/graphql_issue_fields.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Members;
using graphql::Value;

Answer<std::string> comment_path(const Comment& comment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(comment.repository_id));
    const auto issue = TRY_ANSWER(world.store.issues().find(comment.issue_id));
    if (!issue) return Refuse(not_found());
    return fmt::format("{}#issuecomment-{}", path_of(repository, *issue), comment.id);
}

Answer<Value> subject_of(const Comment& comment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(comment.repository_id));
    const auto issue = TRY_ANSWER(world.store.issues().find(comment.issue_id));
    if (!issue) return Refuse(not_found());
    return TRY_ANSWER(issue_or_pull_value(world, repository, *issue));
}

Answer<Value> pull_of(const Comment& comment, const Call& call) {
    Value subject = TRY_ANSWER(subject_of(comment, call));
    return subject.get_if<graphql::Object>()->type_name() == "PullRequest" ? subject : Value();
}

// GitHub's `issue` is never null: for a comment on a pull request it is the issue that the pull request also
// is.
Answer<Value> issue_of(const Comment& comment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(comment.repository_id));
    const auto issue = TRY_ANSWER(world.store.issues().find(comment.issue_id));
    if (!issue) return Refuse(not_found());
    return issue_value(repository, *issue);
}

Answer<Value> association_of(const Comment& comment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(comment.repository_id));
    return TRY_ANSWER(association(world, repository, comment.author));
}

Answer<bool> viewer_may_edit(const Comment& comment, const Call& call) {
    GraphqlWorld& world = world_of(call);
    const Repository repository = TRY_ANSWER(world.repository(comment.repository_id));
    return TRY_ANSWER(may_edit(world, repository, comment.author));
}

// REST keeps the reason in lower case ("outdated"); so does GraphQL's `minimizedReason`.
void add_comment(graphql::Schema& schema) {
    graphql::TypeBuilder type = schema.object("IssueComment");
    type.implements("Node").implements("Comment").implements("Minimizable");
    type.field("id: ID!", on<Comment>([](const Comment& comment) { return node_id(comment); }))
        .field("databaseId: Int", on<Comment>(&Comment::id))
        .field("fullDatabaseId: BigInt",
               on<Comment>([](const Comment& comment) { return std::to_string(comment.id); }))
        .field("author: Actor",
               on<Comment>([](const Comment& comment) { return user_value(comment.author); }))
        .field("authorAssociation: CommentAuthorAssociation!", on<Comment>(association_of))
        .field("body: String!", on<Comment>(&Comment::body))
        .field("bodyText: String!", on<Comment>(&Comment::body))
        .field("createdAt: DateTime!", on<Comment>(&Comment::created_at))
        .field("publishedAt: DateTime", on<Comment>(&Comment::created_at))
        .field("updatedAt: DateTime!", on<Comment>(&Comment::updated_at))
        .field("lastEditedAt: DateTime", on<Comment>([](const Comment& comment) {
                   return comment.updated_at == comment.created_at ? std::optional<TimePoint>()
                                                                   : comment.updated_at;
               }))
        .field("includesCreatedEdit: Boolean!",
               on<Comment>([](const Comment& comment) { return comment.updated_at != comment.created_at; }))
        .field("editor: Actor", always(nullptr))
        .field("isMinimized: Boolean!",
               on<Comment>([](const Comment& comment) { return comment.minimized_reason.has_value(); }))
        .field("minimizedReason: String", on<Comment>(&Comment::minimized_reason))
        .field("resourcePath: URI!", on<Comment>(comment_path))
        .field("url: URI!", on<Comment>([](const Comment& comment, const Call& call) -> Answer<std::string> {
                   return world_of(call).url(TRY_ANSWER(comment_path(comment, call)));
               }))
        .field("issue: Issue!", on<Comment>(issue_of))
        .field("pullRequest: PullRequest", on<Comment>(pull_of))
        .field("repository: Repository!",
               on<Comment>([](const Comment& comment, const Call& call) -> Answer<Value> {
                   return repository_value(TRY_ANSWER(world_of(call).repository(comment.repository_id)));
               }))
        .field("reactionGroups: [ReactionGroup!]",
               from_call([](const Call&) { return empty_reaction_groups(); }))
        .field("viewerDidAuthor: Boolean!", on<Comment>([](const Comment& comment, const Call& call) {
                   return world_of(call).viewer.user && world_of(call).viewer.user->id == comment.author.id;
               }));
    for (const char* field :
         {"viewerCanDelete: Boolean!", "viewerCanUpdate: Boolean!", "viewerCanMinimize: Boolean!"})
        type.field(field, on<Comment>(viewer_may_edit));
    add_connection_types(schema, "IssueComment", "IssueComment");
    schema.enumeration("IssueCommentOrderField", {"UPDATED_AT"});
    schema.input("IssueCommentOrder", {"direction: OrderDirection!", "field: IssueCommentOrderField!"});
}

Answer<Members> add(GraphqlWorld& world, const Members& input) {
    const IssueNode node = TRY_ANSWER(find_issue_node(world, *input.text("subjectId")));
    Comment comment = TRY_ANSWER(
        world.store.comments().create(world.viewer, node.repository, node.issue, *input.text("body")));
    ConnectionItem item{number_key(comment.id), comment_value(std::move(comment)), {}};
    Members payload;
    payload.set("commentEdge", graphql::object("IssueCommentEdge", ConnectionEdge{std::move(item)}));
    payload.set("subject", TRY_ANSWER(node_value(world, *input.text("subjectId"))));
    return payload;
}

Answer<Members> update(GraphqlWorld& world, const Members& input) {
    const auto [repository, comment] = TRY_ANSWER(find_comment_node(world, *input.text("id")));
    Members payload;
    payload.set("issueComment", comment_value(TRY_ANSWER(world.store.comments().update(
                                    world.viewer, repository, comment, *input.text("body")))));
    return payload;
}

Answer<Members> remove(GraphqlWorld& world, const Members& input) {
    const auto [repository, comment] = TRY_ANSWER(find_comment_node(world, *input.text("id")));
    TRY_ANSWER(world.store.comments().remove(world.viewer, repository, comment));
    return Members{};
}

Answer<Members> set_minimized(GraphqlWorld& world, const std::string& id,
                              std::optional<std::string> classifier, std::string member) {
    const auto [repository, comment] = TRY_ANSWER(find_comment_node(world, id));
    Members payload;
    payload.set(std::move(member), comment_value(TRY_ANSWER(world.store.comments().minimize(
                                       world.viewer, repository, comment, std::move(classifier)))));
    return payload;
}

}  // namespace

void add_comment_types(graphql::Schema& schema) {
    add_comment(schema);
}

void add_comment_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    add_mutation(schema, mutation,
                 {"addComment",
                  {"subjectId: ID!", "body: String!"},
                  {"commentEdge: IssueCommentEdge", "subject: Node"}},
                 add);
    add_mutation(schema, mutation,
                 {"updateIssueComment", {"id: ID!", "body: String!"}, {"issueComment: IssueComment"}},
                 update);
    add_mutation(schema, mutation, {"deleteIssueComment", {"id: ID!"}, {}}, remove);
    add_mutation(schema, mutation,
                 {"minimizeComment",
                  {"subjectId: ID!", "classifier: ReportedContentClassifiers!"},
                  {"minimizedComment: Minimizable"}},
                 [](GraphqlWorld& world, const Members& input) {
                     return set_minimized(world, *input.text("subjectId"), input.text("classifier"),
                                          "minimizedComment");
                 });
    add_mutation(
        schema, mutation, {"unminimizeComment", {"subjectId: ID!"}, {"unminimizedComment: Minimizable"}},
        [](GraphqlWorld& world, const Members& input) {
            return set_minimized(world, *input.text("subjectId"), std::nullopt, "unminimizedComment");
        });
}

}  // namespace ringmaster::local_forge
