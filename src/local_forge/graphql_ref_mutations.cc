// Refs: made, moved and deleted; `updateRefs` is the documented compare-and-swap (github-facts 8.5).

#include "base/text.h"
#include "local_forge/graphql_mutation.h"
#include "local_forge/graphql_nodes.h"
#include "local_forge/graphql_resolve.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Members;

constexpr std::string_view kZeros = "0000000000000000000000000000000000000000";

Answer<void> update(GraphqlWorld& world, const Repository& repository, RefUpdate wanted) {
    return world.store.refs().update(world.viewer, repository, {&wanted, 1});
}

Answer<Members> ref_payload(GraphqlWorld& world, const Repository& repository, const std::string& name) {
    Members payload;
    payload.set("ref", TRY_ANSWER(find_ref_value(world, repository, name)));
    return payload;
}

Answer<Members> create(GraphqlWorld& world, const Members& input) {
    const Repository repository = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    const std::string name = *input.text("name");
    if (TRY_ANSWER(world.store.refs().find(repository, name)))
        return Refuse(
            Refusal(422, fmt::format("A ref named \"{}\" already exists in the repository.", name)));
    TRY_ANSWER(update(world, repository, {name, to_lower_ascii(*input.text("oid")), std::string(kZeros)}));
    return ref_payload(world, repository, name);
}

Answer<Members> move(GraphqlWorld& world, const Members& input) {
    const RefNode node = TRY_ANSWER(find_ref_node(world, *input.text("refId")));
    TRY_ANSWER(update(world, node.repository,
                      {node.ref.name, to_lower_ascii(*input.text("oid")), std::nullopt,
                       input.boolean("force").value_or(false)}));
    return ref_payload(world, node.repository, node.ref.name);
}

Answer<Members> remove(GraphqlWorld& world, const Members& input) {
    const RefNode node = TRY_ANSWER(find_ref_node(world, *input.text("refId")));
    TRY_ANSWER(update(world, node.repository, {node.ref.name, std::string(kZeros), std::nullopt}));
    return Members{};
}

Answer<Members> update_all(GraphqlWorld& world, const Members& input) {
    const Repository repository = TRY_ANSWER(find_repository_node(world, *input.text("repositoryId")));
    std::vector<RefUpdate> updates;
    for (const graphql::Value& item : *input.list("refUpdates")) {
        const Members& wanted = *item.get_if<Members>();
        RefUpdate update{*wanted.text("name"), to_lower_ascii(*wanted.text("afterOid"))};
        if (const auto before = wanted.text("beforeOid")) update.before = to_lower_ascii(*before);
        update.force = wanted.boolean("force").value_or(false);
        updates.push_back(std::move(update));
    }
    TRY_ANSWER(world.store.refs().update(world.viewer, repository, updates));
    return Members{};
}

}  // namespace

void add_ref_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation) {
    schema.input("RefUpdate", {"name: GitRefname!", "afterOid: GitObjectID!", "beforeOid: GitObjectID",
                               "force: Boolean = false"});
    add_mutation(schema, mutation, {"updateRefs", {"repositoryId: ID!", "refUpdates: [RefUpdate!]!"}, {}},
                 update_all);
    add_mutation(schema, mutation,
                 {"createRef", {"repositoryId: ID!", "name: String!", "oid: GitObjectID!"}, {"ref: Ref"}},
                 create);
    add_mutation(schema, mutation,
                 {"updateRef", {"refId: ID!", "oid: GitObjectID!", "force: Boolean = false"}, {"ref: Ref"}},
                 move);
    add_mutation(schema, mutation, {"deleteRef", {"refId: ID!"}, {}}, remove);
}

}  // namespace ringmaster::local_forge
