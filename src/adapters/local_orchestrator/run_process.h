#pragma once
// How a run becomes a process: which program, where, with which environment. Pure but for the few variables
// that every program gets (support/basic_environment.h).

#include <optional>
#include <string>

#include "adapters/local_orchestrator/run_rows.h"
#include "domain/commit_sha.h"
#include "ports/subprocess.h"

namespace ringmaster::local_orchestrator {

/// An entrypoint that begins so is a line for a shell; any other is "file.py:object".
inline constexpr std::string_view kProgramPrefix = "program:";

struct RunPlace {
    std::string code;    ///< folder that the commit was exported to
    std::string runner;  ///< file that starts Python flows
    std::string reason;  ///< file that a run may write why it failed into
    std::string python;  ///< interpreter, or its name on PATH
    CommitSha commit;
};

/// The deployment's environment comes on top of PATH, HOME, LANG and TMPDIR; an interpreter that is given
/// with its folder has that folder before all others on PATH, so that a virtual environment's programs are
/// found. RINGMASTER_RUN, _DEPLOYMENT, _VERSION, _COMMIT, _REASON (a file: what a run that fails
/// writes into it becomes its state's text), _PARAMETERS (a JSON object) and _PARAM_NAME for each parameter
/// (a text as it is, anything else as JSON) cannot be changed. Errors: InvalidInput (the
/// entrypoint is none; the path leads out of the code).
Result<ProcessSpec> process_of(const RunRow& run, const RunPlace& place);

}  // namespace ringmaster::local_orchestrator
