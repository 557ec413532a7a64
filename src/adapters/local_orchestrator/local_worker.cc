#include "adapters/local_orchestrator/local_worker.h"

#include "adapters/local_orchestrator/run_process.h"
#include "adapters/local_orchestrator/run_progress.h"
#include "adapters/local_orchestrator/runner_files.h"
#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::local_orchestrator {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(500);  // while somebody else has the run
constexpr std::size_t kMostReasonBytes = 64 << 10;
constexpr const char* kRunner = "run_flow.py";

Result<void> write_runner(const std::string& folder) {
    for (const auto& file : runner_files())
        if (file.path == kRunner) return support::write_file_atomically(folder + "/" + kRunner, file.text);
    return Fail(Error::failed("{} is not part of this program", kRunner));
}

// What the run wrote down, else its last words.
std::string reason_in(const std::string& file, const RunProgress& progress) {
    const auto written = support::read_file(file, kMostReasonBytes);
    if (!written || trim(*written).empty()) return progress.last_words();
    return short_line(*written);
}

}  // namespace

LocalWorker::LocalWorker(LocalWorkerSettings settings, FlowStore& store, SourceTree& source,
                         Subprocess& subprocess, Entropy& entropy)
    : settings_(std::move(settings)),
      store_(store),
      source_(source),
      subprocess_(subprocess),
      entropy_(entropy),
      queue_(store, settings_.repository, entropy.hex(8)) {}

Result<FlowRun> LocalWorker::run(const std::string& run_id, Progress& progress) {
    for (;;) {
        if (const auto taken = TRY(queue_.take(run_id, progress))) return carry_out(*taken, progress);
        const auto row =
            TRY(store_.read(progress, [&](auto& database) { return find_run(database, run_id); }));
        if (is_final(row.run.state)) return row.run;
        TRY(check_repository(row.spec));
        TRY(end_lost(progress));
        TRY(store_.clock().sleep(kLookAgain, progress));
    }
}

Result<void> LocalWorker::check_repository(const DeploymentSpec& spec) const {
    if (settings_.repository.empty() || !spec.code || spec.code->repository == settings_.repository)
        return {};
    return Fail(Error::invalid_input("{} runs code of {}, but this worker is of {}", spec.name,
                                     sanitize_for_terminal(spec.code->repository), settings_.repository)
                    .hint("run it from there, or deploy it again from here"));
}

Result<std::optional<FlowRun>> LocalWorker::run_next(Progress& progress) {
    const auto taken = TRY(queue_.take_next(progress));
    if (!taken) return std::nullopt;
    return TRY(carry_out(*taken, progress));
}

Result<ScheduledRuns> LocalWorker::make_due(Progress& progress) {
    TRY(end_lost(progress));
    return make_due_runs(store_, settings_.repository, entropy_, progress);
}

Result<LocalWorker::Done> LocalWorker::run_due(Progress& progress) {
    Done done{.runs = {}, .problems = TRY(make_due(progress)).problems};
    while (auto run = TRY(run_next(progress))) done.runs.push_back(*std::move(run));
    return done;
}

Result<void> LocalWorker::end_lost(Progress& progress) {
    for (const auto& run : TRY(queue_.end_lost(settings_.lost_after, progress)))
        (void)support::remove_tree(folder_of(run.id));  // what cannot be removed hurts nobody
    return {};
}

Result<FlowRun> LocalWorker::carry_out(const RunRow& row, Progress& watcher) {
    RunProgress progress(queue_, row.run.id, settings_.most_log_bytes, store_.clock(), watcher);
    const auto folder = folder_of(row.run.id);
    const auto [state, text] = execute(row, folder, progress);
    (void)support::remove_tree(folder);  // it is told what became of the run, not of its files
    const bool is_well = state == RunState::Completed;
    progress.say(is_well ? "INFO" : "ERROR", text);
    TRY(progress.flush());
    auto ended = TRY(queue_.end(row.run.id, state, text));
    if (progress.stopped_by()) return Fail(*progress.stopped_by());
    return ended;
}

// Until the flow itself runs, what fails is our world's fault and not the flow's: Crashed, as Prefect tells
// it.
LocalWorker::Outcome LocalWorker::execute(const RunRow& row, const std::string& folder,
                                          RunProgress& progress) {
    const auto crashed = [&](const Error& error) { return outcome_of(error, RunState::Crashed, progress); };
    const auto commit = source_.resolve(commit_of(row.spec), progress);
    if (!commit) return crashed(commit.error());
    progress.say("INFO", fmt::format("running {} at commit {}", sanitize_for_terminal(row.spec.entrypoint),
                                     commit->text()));
    if (const auto removed = support::remove_tree(folder); !removed) return crashed(removed.error());
    const RunPlace place{.code = folder + "/code",
                         .runner = folder + "/" + kRunner,
                         .reason = folder + "/reason",
                         .python = settings_.python,
                         .commit = *commit};
    auto exported = source_.export_commit(*commit, place.code, progress);
    if (!exported) return crashed(exported.error());
    if (const auto written = write_runner(folder); !written) return crashed(written.error());
    auto process = process_of(row, place);
    if (!process) return outcome_of(process.error(), RunState::Failed, progress);
    process->timeout = settings_.timeout;
    process->max_output_bytes = 0;  // its lines are in the log
    if (const auto begun = queue_.begin(row.run.id); !begun) return crashed(begun.error());
    const auto result = subprocess_.run(*process, progress);
    if (result) return outcome_of(*result, reason_in(place.reason, progress));
    const bool is_its_fault =
        result.error().kind() == ErrorKind::TimedOut || result.error().kind() == ErrorKind::InvalidInput;
    return outcome_of(result.error(), is_its_fault ? RunState::Failed : RunState::Crashed, progress);
}

LocalWorker::Outcome LocalWorker::outcome_of(const ProcessResult& result, const std::string& reason) const {
    if (result.exit_code == 0) return {RunState::Completed, "Completed"};
    return {RunState::Failed,
            fmt::format("exit code {}{}{}", result.exit_code, reason.empty() ? "" : ": ", reason)};
}

LocalWorker::Outcome LocalWorker::outcome_of(const Error& error, RunState state,
                                             const RunProgress& progress) const {
    if (progress.was_cancelled()) return {RunState::Cancelled, "Cancelled"};
    if (progress.stopped_by())
        return {RunState::Crashed, fmt::format("its worker was stopped: {}", error.message())};
    return {state,
            error.hint().empty() ? error.message() : fmt::format("{}: {}", error.message(), error.hint())};
}

}  // namespace ringmaster::local_orchestrator
