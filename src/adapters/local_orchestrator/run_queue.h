#pragma once
// Runs as workers see them: taken by exactly one, kept by signs of life, and ended. A worker that fell silent
// (its machine or its process died) loses its runs.

#include <string>
#include <vector>

#include "adapters/local_orchestrator/flow_store.h"
#include "adapters/local_orchestrator/run_rows.h"
#include "ports/orchestrator.h"

namespace ringmaster::local_orchestrator {

class RunQueue {
 public:
    /// `repository`: runs of other repositories' deployments are left alone; empty = none are. `holder`: this
    /// worker and nobody else.
    RunQueue(FlowStore& store, std::string repository, std::string holder)
        : store_(&store), repository_(std::move(repository)), holder_(std::move(holder)) {}

    /// Takes the oldest run that may begin: its time has come, and fewer of its deployment are under way than
    /// may be at once. nullopt: there is none.
    Result<std::optional<RunRow>> take_next(Progress& progress);
    /// Takes this one; nullopt: it may not begin now, or somebody else has it, or it has ended.
    Result<std::optional<RunRow>> take(const std::string& run_id, Progress& progress);
    /// It is being carried out from now on.
    Result<void> begin(const std::string& run_id);
    /// Says that we live, and hears whether the run is to end. Errors: Conflict (it is not ours any more).
    Result<bool> beat(const std::string& run_id);
    /// `first_line`: the number of those before them.
    Result<void> append(const std::string& run_id, std::size_t first_line,
                        const std::vector<RunLogLine>& lines);
    /// Errors: Conflict (it is not ours any more).
    Result<FlowRun> end(const std::string& run_id, RunState state, const std::string& text);
    /// Ends the runs whose workers have been silent for that long and still are 10 s after that was seen
    /// first; gives them. To be called now and then.
    Result<std::vector<FlowRun>> end_lost(Duration silence, Progress& progress);

 private:
    Result<std::optional<RunRow>> take_where(std::string_view condition, const std::string& value,
                                             Progress& progress);

    FlowStore* store_;
    std::string repository_;
    std::string holder_;
};

}  // namespace ringmaster::local_orchestrator
