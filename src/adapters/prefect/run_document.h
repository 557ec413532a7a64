#pragma once
// Runs and lines of their logs as Prefect's API reads them.

#include <string>

#include "adapters/support/json_reader.h"
#include "domain/deployment.h"
#include "ports/orchestrator.h"

namespace ringmaster::prefect {

/// "COMPLETED", …; what we do not know is Unknown.
RunState run_state(std::string_view type);

/// `ui_url` is where people look. Errors: Corrupt.
Result<FlowRun> read_run(const support::JsonReader& answer, const std::string& ui_url);
/// Errors: Corrupt.
Result<RunLogLine> read_log_line(const support::JsonReader& answer);

/// Whether it is written as the server's ids are. It answers others with 404 in a path, and refuses a whole
/// filter with one among its ids.
bool is_uuid(std::string_view text);

}  // namespace ringmaster::prefect
