#pragma once
// Mutations in GitHub's form: one input object, one payload object, a clientMutationId that comes back.

#include <functional>
#include <string_view>
#include <vector>

#include "graphql/schema.h"
#include "local_forge/answer.h"
#include "local_forge/graphql_world.h"

namespace ringmaster::local_forge {

struct MutationShape {
    std::string_view name;  ///< "createLabel"; its types are CreateLabelInput and CreateLabelPayload
    std::vector<std::string_view> input;
    std::vector<std::string_view> payload;  ///< field declarations; all may be null
};

/// The payload's fields by name; those left out are null.
using MutationFunction =
    std::function<Answer<graphql::Members>(GraphqlWorld& world, const graphql::Members& input)>;

void add_mutation(graphql::Schema& schema, graphql::TypeBuilder& mutation, const MutationShape& shape,
                  MutationFunction perform);

}  // namespace ringmaster::local_forge
