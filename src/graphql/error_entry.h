#pragma once
// One entry of an answer's `errors`. https://spec.graphql.org/October2021/#sec-Errors, and GitHub's extra
// keys beside the message (github-facts 1.13).

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "graphql/document.h"

namespace ringmaster::graphql {

using PathSegment = std::variant<std::string, std::int64_t>;

struct ErrorEntry {
    std::string message;
    std::string type;  ///< printed beside the message when not empty: "NOT_FOUND"
    std::string code;  ///< printed as extensions.code when not empty: "undefinedField"
    std::vector<PathSegment> path;
    std::vector<Location> locations;
};

}  // namespace ringmaster::graphql
