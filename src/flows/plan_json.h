#pragma once
// A plan as JSON, to be approved and performed later. What is written is read back equal.

#include <string>
#include <string_view>

#include "base/result.h"
#include "flows/plan.h"

namespace ringmaster::flows {

/// A plan to keep, with the secret values it needs: a file for nobody else to read.
std::string to_json_text(const Plan& plan);
/// Errors: Corrupt (no plan of ours, or its digest does not fit it).
Result<Plan> plan_from_json(std::string_view text);

}  // namespace ringmaster::flows
