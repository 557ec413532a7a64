#include "local_forge/graphql_mutation.h"

#include "base/text.h"
#include "local_forge/graphql_resolve.h"

namespace ringmaster::local_forge {
namespace {

using graphql::Call;
using graphql::Members;
using graphql::Value;

graphql::Resolver payload_member(std::string name) {
    return on<Members>([name = std::move(name)](const Members& payload) {
        const Value* value = payload.find(name);
        return value == nullptr ? Value() : *value;
    });
}

}  // namespace

void add_mutation(graphql::Schema& schema, graphql::TypeBuilder& mutation, const MutationShape& shape,
                  MutationFunction perform) {
    const std::string type = to_upper_ascii(shape.name.substr(0, 1)) + std::string(shape.name.substr(1));
    std::vector<std::string_view> input = shape.input;
    input.push_back("clientMutationId: String");
    schema.input(type + "Input", input);
    graphql::TypeBuilder payload = schema.object(type + "Payload");
    payload.field("clientMutationId: String", payload_member("clientMutationId"));
    for (const std::string_view field : shape.payload)
        payload.field(field, payload_member(std::string(field.substr(0, field.find(':')))));

    const std::string* payload_name = &schema.find(type + "Payload")->name;  // lives as long as the schema
    mutation.field(fmt::format("{}(input: {}Input!): {}Payload", shape.name, type, type),
                   [perform = std::move(perform), payload_name](const Call& call) -> graphql::Resolved {
                       const Members& given = *call.arguments.members("input");
                       auto result = perform(world_of(call), given);
                       if (!result) return graphql::Unresolved(problem_of(result.error()));
                       result->set("clientMutationId", given.text("clientMutationId"));
                       return graphql::object(*payload_name, std::move(*result));
                   });
}

}  // namespace ringmaster::local_forge
