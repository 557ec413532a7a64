#include "adapters/github/mutations.h"

#include "base/assert.h"

namespace ringmaster::github {
namespace {

/// "createLabel" → "CreateLabelInput"
std::string input_type(std::string field) {
    field[0] = static_cast<char>(field[0] - 'a' + 'A');
    return field + "Input";
}

}  // namespace

MutationRequest render(std::span<const Mutation> mutations) {
    MutationRequest request;
    std::string parameters;
    std::string fields;
    for (const auto& mutation : mutations) {
        const std::string_view comma = parameters.empty() ? "" : ",";
        parameters += fmt::format("{}${}:{}!", comma, mutation.alias, input_type(mutation.field));
        fields += fmt::format("{0}{1}:{2}(input:${1}){{{3}}}", fields.empty() ? "" : " ", mutation.alias,
                              mutation.field, mutation.selection);
        request.variables += fmt::format("{}\"{}\":{}", comma, mutation.alias, mutation.input);
    }
    request.document = fmt::format("mutation({}){{{}}}", parameters, fields);
    request.variables = "{" + request.variables + "}";
    return request;
}

Result<GraphQlReply> perform(GitHubClient& client, std::span<const Mutation> mutations,
                             const Sending& sending, const std::string& doing) {
    RM_ASSERT(!mutations.empty() && mutations.size() <= kMostMutationsARequest,
              "a batch has 1 to 20 mutations");
    const auto request = render(mutations);
    return client.graphql(request.document, request.variables, sending, doing);
}

std::optional<support::JsonReader> answer_of(const GraphQlReply& reply, std::string_view alias) {
    if (!reply.data || reply.error_of(alias)) return std::nullopt;
    const auto answer = reply.data->find(alias);
    if (!answer || !*answer || !(*answer)->is_object()) return std::nullopt;
    return *answer;
}

}  // namespace ringmaster::github
