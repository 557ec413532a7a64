#pragma once
// The part of validation that looks at values: arguments against what is declared, and where variables stand.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "graphql/error_entry.h"
#include "graphql/schema.h"

namespace ringmaster::graphql {

/// A variable standing where a value of `expected` is wanted.
struct VariableUse {
    std::string name;
    TypeReference expected;
    bool has_default = false;  ///< the place itself has one, so a nullable variable may stand there
    std::string place;         ///< "argument first"
    Location location;
};

/// Arguments of `what` ("Field 'labels'"): unknown, repeated, missing and ill-typed ones go to `report`;
/// variables in them to `uses`.
void check_arguments(const Schema& schema, std::string_view what,
                     const std::vector<InputDefinition>& declared, const std::vector<Argument>& given,
                     Location location, const std::function<void(ErrorEntry)>& report,
                     std::vector<VariableUse>& uses);

/// Whether the variable may stand there (the specification's IsVariableUsageAllowed).
bool may_stand(const VariableDefinition& variable, const VariableUse& use);

}  // namespace ringmaster::graphql
