// Labels, and the mutations that make, change, attach and take them off (github-facts §1).

#include "base/text.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"
#include "local_forge/graphql_store_queries.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Members;
using graphql::Value;

// Issues or pull requests that carry the label.
template <bool kPullRequests>
graphql::Resolved carriers(const Call& call) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const Label& label = call.parent<Label>();
    const KeyedRows rows = labeled_rows(label, kPullRequests, call.arguments.texts("states"));
    const auto build = [&]() -> Answer<Connection> {
        const Repository repository = TRY_ANSWER(world.repository(label.repository_id));
        std::vector<PullRequest> pulls;
        std::vector<Issue> issues;
        for (const auto& key :
             TRY_ANSWER(read_keys(world.store, rows, store_page(page, Direction::Ascending)))) {
            const std::int64_t number = *number_of_key(key);
            if (kPullRequests) {
                if (auto pull = TRY_ANSWER(world.store.pulls().find(repository, number)))
                    pulls.push_back(std::move(*pull));
            } else if (auto issue = TRY_ANSWER(world.store.issues().find(repository, number))) {
                issues.push_back(std::move(*issue));
            }
        }
        return finish(kPullRequests ? pull_items(repository, std::move(pulls))
                                    : issue_items(repository, std::move(issues)),
                      page);
    };
    auto connection = build();
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [&world, rows]() -> Answer<std::int64_t> {
        return TRY_ANSWER(count_rows(world.store, rows));
    };
    return connection_value(kPullRequests ? "PullRequestConnection" : "IssueConnection",
                            std::move(*connection));
}

std::string path_of_label(const Repository& repository, const Label& label) {
    return path_of(repository) + "/labels/" + percent_encode(label.name);
}

void add_label(graphql::Schema& schema) {
    const auto in_repository = [](auto get) {
        return on<Label>([get](const Label& label, const Call& call) -> Answer<Value> {
            return get(TRY_ANSWER(world_of(call).repository(label.repository_id)), label, call);
        });
    };
    schema.object("Label")
        .implements("Node")
        .field("id: ID!", on<Label>([](const Label& label) { return node_id(label); }))
        .field("name: String!", on<Label>(&Label::name))
        .field("color: String!", on<Label>(&Label::color))
        .field("description: String", on<Label>(&Label::description))
        .field("isDefault: Boolean!", always(false))
        .field("createdAt: DateTime", on<Label>(&Label::created_at))
        .field("updatedAt: DateTime", on<Label>(&Label::updated_at))
        .field("repository: Repository!",
               in_repository([](const Repository& repository, const Label&, const Call&) {
                   return repository_value(repository);
               }))
        .field("resourcePath: URI!",
               in_repository([](const Repository& repository, const Label& label, const Call&) {
                   return Value(path_of_label(repository, label));
               }))
        .field("url: URI!",
               in_repository([](const Repository& repository, const Label& label, const Call& call) {
                   return Value(world_of(call).url(path_of_label(repository, label)));
               }))
        .field(connection_field("issues", "IssueConnection!", "states: [IssueState!], orderBy: IssueOrder"),
               carriers<false>)
        .field(connection_field("pullRequests", "PullRequestConnection!",
                                "states: [PullRequestState!], orderBy: IssueOrder"),
               carriers<true>);
    schema.enumeration("LabelOrderField", {"CREATED_AT", "NAME"});
    schema.input("LabelOrder", {"direction: OrderDirection!", "field: LabelOrderField!"});
    add_connection_types(schema, "Label", "Label");
}

Answer<Members> create(GraphqlWorld& world, const Members& input) {
    const Repository repository = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    NewLabel wanted{*input.text("name"), *input.text("color"), input.text("description")};
    Members payload;
    payload.set("label",
                label_value(TRY_ANSWER(world.store.labels().create(world.viewer, repository, wanted))));
    return payload;
}

Answer<Members> update(GraphqlWorld& world, const Members& input) {
    const auto [repository, label] = TRY_ANSWER(find_label_node(world, *input.text("id")));
    const LabelChange change{input.text("name"), input.text("color"), input.text("description")};
    Members payload;
    payload.set(
        "label",
        label_value(TRY_ANSWER(world.store.labels().update(world.viewer, repository, label, change))));
    return payload;
}

Answer<Members> remove(GraphqlWorld& world, const Members& input) {
    const auto [repository, label] = TRY_ANSWER(find_label_node(world, *input.text("id")));
    TRY_ANSWER(world.store.labels().remove(world.viewer, repository, label));
    return Members{};
}

// Labels by id, all of the repository that the issue is in.
Answer<std::vector<Label>> labels_by_id(GraphqlWorld& world, const Repository& repository,
                                        const std::vector<std::string>& ids) {
    std::vector<Label> labels;
    for (const std::string& id : ids) {
        auto [label_repository, label] = TRY_ANSWER(find_label_node(world, id));
        if (label_repository.id != repository.id)
            return Refuse(Refusal(422, fmt::format("Label '{}' belongs to another repository", label.name)));
        labels.push_back(std::move(label));
    }
    return labels;
}

// The issue as it is after the change.
Answer<Members> labelable(GraphqlWorld& world, const std::string& id) {
    Members payload;
    payload.set("labelable", TRY_ANSWER(node_value(world, id)));
    return payload;
}

Answer<Members> attach(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("labelableId");
    const IssueNode node = TRY_ANSWER(find_issue_node(world, id));
    const auto labels = TRY_ANSWER(labels_by_id(world, node.repository, input.texts("labelIds")));
    TRY_ANSWER(world.store.labels().add(world.viewer, node.repository, node.issue, labels));
    return labelable(world, id);
}

Answer<Members> detach(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("labelableId");
    const IssueNode node = TRY_ANSWER(find_issue_node(world, id));
    const auto labels = TRY_ANSWER(labels_by_id(world, node.repository, input.texts("labelIds")));
    TRY_ANSWER(world.store.labels().detach(world.viewer, node.repository, node.issue, labels));
    return labelable(world, id);
}

Answer<Members> clear(GraphqlWorld& world, const Members& input) {
    const std::string id = *input.text("labelableId");
    const IssueNode node = TRY_ANSWER(find_issue_node(world, id));
    TRY_ANSWER(world.store.labels().replace(world.viewer, node.repository, node.issue, {}));
    return labelable(world, id);
}

}  // namespace

graphql::Resolved labels_connection(const Call& call, const Repository& repository, std::string_view query) {
    const PageRequest page = TRY(page_request(call));
    GraphqlWorld& world = world_of(call);
    const Members* order = call.arguments.members("orderBy");
    const bool by_name = order != nullptr && order->text("field") == "NAME";
    const bool descending = order != nullptr && order->text("direction") == "DESC";
    const Direction direction = descending ? Direction::Descending : Direction::Ascending;
    const KeyedRows rows = label_rows(repository, query, by_name);
    const auto build = [&]() -> Answer<Connection> {
        std::vector<ConnectionItem> items;
        for (const auto& key : TRY_ANSWER(read_keys(world.store, rows, store_page(page, direction)))) {
            auto label = by_name ? TRY_ANSWER(world.store.labels().find(repository, key))
                                 : TRY_ANSWER(world.store.labels().find(*number_of_key(key)));
            if (label) items.push_back({key, label_value(std::move(*label)), {}});
        }
        return finish(std::move(items), page);
    };
    auto connection = build();
    if (!connection) return graphql::Unresolved(problem_of(connection.error()));
    connection->count = [&world, rows]() -> Answer<std::int64_t> {
        return TRY_ANSWER(count_rows(world.store, rows));
    };
    return connection_value("LabelConnection", std::move(*connection));
}

void add_label_types(graphql::Schema& schema) {
    add_label(schema);
}

void add_label_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    add_mutation(schema, mutation,
                 {"createLabel",
                  {"repositoryId: ID!", "name: String!", "color: String!", "description: String"},
                  {"label: Label"}},
                 create);
    add_mutation(schema, mutation,
                 {"updateLabel",
                  {"id: ID!", "name: String", "color: String", "description: String"},
                  {"label: Label"}},
                 update);
    add_mutation(schema, mutation, {"deleteLabel", {"id: ID!"}, {}}, remove);
    const std::vector<std::string_view> labels = {"labelableId: ID!", "labelIds: [ID!]!"};
    add_mutation(schema, mutation, {"addLabelsToLabelable", labels, {"labelable: Labelable"}}, attach);
    add_mutation(schema, mutation, {"removeLabelsFromLabelable", labels, {"labelable: Labelable"}}, detach);
    add_mutation(schema, mutation,
                 {"clearLabelsFromLabelable", {"labelableId: ID!"}, {"labelable: Labelable"}}, clear);
}

}  // namespace ringmaster::local_forge
