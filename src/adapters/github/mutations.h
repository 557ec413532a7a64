#pragma once
// Several GraphQL mutations in one request, under aliases: done one after the other in the order written; one
// that fails does not stop the later ones (github-facts 1.15).

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/github/github_client.h"

namespace ringmaster::github {

struct Mutation {
    std::string alias;      ///< names the answer and its error
    std::string field;      ///< "createLabel"; its input's type is named after it
    std::string input;      ///< a JSON object
    std::string selection;  ///< what to answer, without braces
};

/// What GitHub's own server allows itself in a request (github-facts 1.16).
inline constexpr std::size_t kMostMutationsARequest = 20;

/// The document, with one variable an alias, and the variables.
struct MutationRequest {
    std::string document;
    std::string variables;
};
MutationRequest render(std::span<const Mutation> mutations);

/// Sends them, at most kMostMutationsARequest. Errors: those of the whole request; each one's are in the
/// reply.
Result<GraphQlReply> perform(GitHubClient& client, std::span<const Mutation> mutations,
                             const Sending& sending, const std::string& doing);

/// What the mutation of that alias answered; nullopt if it failed or said nothing.
std::optional<support::JsonReader> answer_of(const GraphQlReply& reply, std::string_view alias);

}  // namespace ringmaster::github
