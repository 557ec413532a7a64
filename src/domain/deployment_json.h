#pragma once
// A deployment as JSON of our own: for records, saved plans and the local orchestrator's database. What is
// written is read back equal.

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/deployment.h"

namespace ringmaster {

/// Compact, keys sorted; equal specs give equal texts.
std::string to_json_text(const DeploymentSpec& spec);
/// Errors: Corrupt.
Result<DeploymentSpec> spec_from_json(std::string_view text);

}  // namespace ringmaster
