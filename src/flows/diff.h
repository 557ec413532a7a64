#pragma once
// The difference of two deployments, field by field, as people read it. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "domain/deployment.h"

namespace ringmaster::flows {

struct FieldChange {
    std::string field;   ///< "cron schedule", "variable DB_URL", "parameter day", "tag COMMIT_HASH"
    std::string before;  ///< empty = it was not there
    std::string after;   ///< empty = it goes
    bool operator==(const FieldChange&) const = default;
};

/// Whether a variable of this name, or with this value, holds what must not be shown.
bool is_secret(std::string_view name, std::string_view value);

/// What leads from one to the other; empty: they are the same. Secret values are masked, equal length or not.
/// A work queue that `after` does not name stays what it is (the orchestrator's default).
std::vector<FieldChange> diff(const DeploymentSpec& before, const DeploymentSpec& after);

}  // namespace ringmaster::flows
