#pragma once
// Deployments and plans as JSON, for files, the database and programs. What is written is read back equal.

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/deployment.h"
#include "flows/plan.h"

namespace ringmaster::flows {

/// Compact, keys sorted; equal specs give equal texts.
std::string to_json_text(const DeploymentSpec& spec);
/// Errors: Corrupt.
Result<DeploymentSpec> spec_from_json(std::string_view text);

/// A plan to keep, with the secret values it needs: a file for nobody else to read.
std::string to_json_text(const Plan& plan);
/// Errors: Corrupt (no plan of ours, or its digest does not fit it).
Result<Plan> plan_from_json(std::string_view text);

}  // namespace ringmaster::flows
