#pragma once
// Runs as rows of the store (FlowStore): how one is written and read.

#include <map>
#include <string>
#include <string_view>

#include "database/sqlite.h"
#include "domain/deployment.h"

namespace ringmaster::local_orchestrator {

/// A run with all that it takes to carry it out.
struct RunRow {
    FlowRun run;
    DeploymentSpec spec;  ///< as it was when the run was asked for
    std::map<std::string, std::string> parameters;
    std::string idempotency_key;  ///< empty = none
};

/// The columns that read_run expects, in its order.
extern const std::string_view kRunColumns;
/// Errors: Corrupt.
Result<RunRow> read_run(const database::Statement& row);
/// Writes it as one that is to begin at `run.expected_at`, and forgets the oldest that ended of the same
/// deployment beyond the newest few hundred. Gives it as it is then. Errors: Conflict (its key or its id is
/// there already).
Result<RunRow> insert_run(database::Database& database, const RunRow& row);
/// Errors: NotFound.
Result<RunRow> find_run(database::Database& database, std::string_view id);

}  // namespace ringmaster::local_orchestrator
