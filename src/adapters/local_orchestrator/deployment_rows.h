#pragma once
// Deployments as rows of the store (FlowStore).

#include <optional>
#include <string_view>
#include <vector>

#include "database/sqlite.h"
#include "domain/deployment.h"

namespace ringmaster::local_orchestrator {

struct DeploymentRow {
    Deployment deployment;
    TimePoint schedules_since;  ///< nothing before it is theirs to run
};

/// By name, then by flow record. Errors: Corrupt.
Result<std::vector<DeploymentRow>> all_deployments(database::Database& database);
Result<std::vector<DeploymentRow>> deployments_named(database::Database& database,
                                                     const std::vector<std::string>& names);
Result<std::optional<DeploymentRow>> deployment_with_id(database::Database& database, std::string_view id);
/// The one of that name and flow record.
Result<std::optional<DeploymentRow>> deployment_of(database::Database& database, const DeploymentSpec& spec);
/// Writes it, new or in the place of the one with its id.
Result<void> put_deployment(database::Database& database, const DeploymentRow& row);

}  // namespace ringmaster::local_orchestrator
