#pragma once
// Carries out the runs of LocalOrchestrator on this machine: takes one, exports exactly the deployed commit
// into a folder of its own, and runs the flow in it with the deployment's environment and parameters. Any
// number of workers may share a database, in one process or several; each run is carried out by one.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/local_orchestrator/run_queue.h"
#include "adapters/local_orchestrator/schedules.h"
#include "ports/entropy.h"
#include "ports/source_tree.h"
#include "ports/subprocess.h"

namespace ringmaster::local_orchestrator {

class RunProgress;

struct LocalWorkerSettings {
    std::string scratch_folder;  ///< absolute; runs have folders in it while they last
    /// Only runs of deployments whose code is there (DeploymentSpec::code); empty = all. The source tree is
    /// that repository's.
    std::string repository;
    std::string python = "python3";   ///< absolute, or a name on PATH
    std::optional<Duration> timeout;  ///< of a run; nullopt = none
    /// A worker that gave no sign of life for so long has lost its runs (RunQueue::end_lost). It gives one
    /// each second.
    Duration lost_after = std::chrono::seconds(90);
    std::size_t most_log_bytes = 10 << 20;  ///< of a run
};

class LocalWorker {
 public:
    LocalWorker(LocalWorkerSettings settings, FlowStore& store, SourceTree& source, Subprocess& subprocess,
                Entropy& entropy);

    /// Carries out one run, to its end; gives it as it is then, whatever became of it. Its lines go to
    /// `progress`. If another worker has it, or the deployment has too many under way, this waits. Errors:
    /// NotFound, InvalidInput (it is of another repository), the pulse's own (the run is ended then, and is
    /// told Crashed), those of the store.
    Result<FlowRun> run(const std::string& run_id, Progress& progress);
    /// Carries out the oldest run that may begin; nullopt: there is none.
    Result<std::optional<FlowRun>> run_next(Progress& progress);
    /// Makes the runs that schedules want by now, and ends those whose workers died. To be called now and
    /// then: each few seconds.
    Result<ScheduledRuns> make_due(Progress& progress);
    /// make_due, then run_next until there is none.
    struct Done {
        std::vector<FlowRun> runs;
        std::vector<std::string> problems;
    };
    Result<Done> run_due(Progress& progress);

 private:
    struct Outcome {
        RunState state;
        std::string text;
    };
    Result<FlowRun> carry_out(const RunRow& row, Progress& watcher);
    Outcome execute(const RunRow& row, const std::string& folder, RunProgress& progress);
    Outcome outcome_of(const ProcessResult& result, const std::string& reason) const;
    Outcome outcome_of(const Error& error, RunState state, const RunProgress& progress) const;
    Result<void> check_repository(const DeploymentSpec& spec) const;
    Result<void> end_lost(Progress& progress);
    std::string folder_of(const std::string& run_id) const { return settings_.scratch_folder + "/" + run_id; }

    LocalWorkerSettings settings_;
    FlowStore& store_;
    SourceTree& source_;
    Subprocess& subprocess_;
    Entropy& entropy_;
    RunQueue queue_;
};

}  // namespace ringmaster::local_orchestrator
