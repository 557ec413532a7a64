#pragma once
// The OpenAPI object that says what parameters a flow takes, in the shape that Prefect's own client makes of
// a function's signature (measured on 3.8.8, contract 4.4). From the source alone: a type that only running
// the code tells allows anything.

#include <string>
#include <vector>

#include "domain/flow.h"

namespace ringmaster::flows {

/// Compact JSON with sorted keys.
std::string parameter_schema(const std::vector<FlowParameter>& parameters);

}  // namespace ringmaster::flows
