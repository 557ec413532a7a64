#include "local_forge/graphql_resolve.h"

#include <chrono>

#include "base/text.h"
#include "local_forge/graphql_world.h"

namespace ringmaster::local_forge {
namespace {

std::string capitalised(std::string text) {
    if (!text.empty()) text[0] = to_upper_ascii(text.substr(0, 1))[0];
    return text;
}

// GraphQL says in a sentence what REST says in fields. The wording for labels is known from nowhere
// (github-facts 1.13); it follows the server's framework.
std::string sentence(const FieldError& error) {
    if (!error.message.empty()) return capitalised(error.message);
    if (error.code == "already_exists") return capitalised(error.field) + " has already been taken";
    if (error.code == "missing_field") return capitalised(error.field) + " can't be blank";
    return capitalised(error.field) + " is " + error.code;
}

}  // namespace

graphql::Problem problem_of(const Refusal& refusal) {
    graphql::Problem problem{refusal.message, std::string(refusal.type())};
    if (refusal.message != "Validation Failed" || refusal.errors.empty()) return problem;
    problem.message.clear();
    for (const FieldError& error : refusal.errors)
        problem.message += (problem.message.empty() ? "" : " and ") + sentence(error);
    return problem;
}

std::string graphql_time(TimePoint time) {
    return format_iso8601(std::chrono::floor<std::chrono::seconds>(time));
}

GraphqlWorld& world_of(const graphql::Call& call) {
    return call.world<GraphqlWorld>();
}

}  // namespace ringmaster::local_forge
