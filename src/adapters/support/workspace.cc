#include "adapters/support/workspace.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "adapters/support/files.h"
#include "adapters/support/folder_lock.h"
#include "adapters/support/json_reader.h"
#include "adapters/support/process_table.h"
#include "adapters/support/rotating_log.h"

namespace ringmaster::support {
namespace {

constexpr auto kLog = "build.log";
constexpr auto kMark = "made.json";
constexpr auto kTree = "tree";
// Who holds the folder while another has the lease of its pull request has lost it, and ends with the next
// pulse. One that cannot (it is stopped, its disk hangs) must not keep the others waiting for as long as a
// build may take.
constexpr auto kAttemptPatience = std::chrono::minutes(1);
// A removal does not wait for a whole build: who wants one stops the other first.
constexpr auto kRemovalPatience = std::chrono::seconds(10);

// Everything a build prints goes to its log, too.
class LoggedProgress final : public Progress {
 public:
    LoggedProgress(RotatingLog& log, Progress& inner) : log_(&log), inner_(&inner) {}
    void line(std::string_view text) override {
        log_->append(text);
        log_->append("\n");
        inner_->line(text);
    }
    Result<void> pulse() override { return inner_->pulse(); }

 private:
    RotatingLog* log_;
    Progress* inner_;
};

std::string mark_of(const BuildSpec& spec, const std::vector<std::string>& recipe) {
    // Output of a command may hold any bytes, and so may a recipe.
    const nlohmann::json mark = {{"commit", spec.commit.text()}, {"recipe", recipe}};
    return mark.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string stray_marker(const std::string& folder) {
    return "RINGMASTER_BUILD=" + folder;
}

bool is_folder(const std::string& path) {
    std::error_code failed;
    return std::filesystem::is_directory(std::filesystem::symlink_status(path, failed));
}

}  // namespace

std::string Workspace::folder_of(const ShowId& show) const {
    // git lists its worktrees without links in their paths.
    std::error_code failed;
    auto work = std::filesystem::weakly_canonical(settings_.work_folder, failed);
    if (failed) work = settings_.work_folder;
    return (std::filesystem::absolute(work) / show.repository.owner / show.repository.name / show.base_name())
        .string();
}

std::string Workspace::log_path(const ShowId& show) const {
    return folder_of(show) + "/" + kLog;
}

Result<Artifact> Workspace::produce(const BuildSpec& spec, const std::vector<std::string>& recipe,
                                    const Make& make, Progress& progress, Tree kept) {
    TRY(progress.pulse());  // who has lost its pull request meanwhile begins nothing
    const auto deadline = TimePoint(clock_->monotonic()) + spec.timeout;
    const auto folder = folder_of(spec.show);
    const auto lock =
        TRY(FolderLock::take(folder, FolderLock::Missing::Make,
                             std::min<Duration>(spec.timeout, kAttemptPatience), *clock_, progress));
    const auto tree = folder + "/" + kTree;
    const auto mark = folder + "/" + kMark;
    const auto found = read_file(mark);
    const Artifact finished{.directory = kept == Tree::Keep ? tree : ""};
    if (found && *found == mark_of(spec, recipe) && (kept == Tree::Discard || is_folder(tree)))
        return finished;
    TRY(clear(folder));
    auto made = make_afresh(spec, deadline, make, progress);
    const auto ended = end_strays(folder);
    if (made && !ended) made = ended;
    if (made && !is_folder(tree)) made = Fail(Error::failed("the build removed its own folder {}", tree));
    if (made && kept == Tree::Discard) made = worktrees_.remove(tree);
    if (made) made = write_file_atomically(mark, mark_of(spec, recipe));
    if (!made) {
        (void)worktrees_.remove(tree);  // what is left in spite of that, the next attempt removes
        return Fail(made.error());
    }
    return finished;
}

Result<void> Workspace::make_afresh(const BuildSpec& spec, TimePoint deadline, const Make& make,
                                    Progress& progress) {
    const auto folder = folder_of(spec.show);
    const auto tree = folder + "/" + kTree;
    auto log = TRY(RotatingLog::open(folder, kLog, settings_.max_log_bytes));
    LoggedProgress logged(log, progress);
    const auto time_left = [&] { return deadline - TimePoint(clock_->monotonic()); };
    TRY(worktrees_.add(tree, spec.commit, spec.show.pull_request_number, time_left(), logged));
    return make(Attempt{tree, time_left(), stray_marker(folder)}, logged);
}

// What an attempt left running, an earlier one of a process that crashed included. We hold the folder's lock,
// so none of them belongs to a build that is still wanted.
Result<void> Workspace::end_strays(const std::string& folder) {
    const auto marker = stray_marker(folder);
    const auto find = [&]() -> Result<std::vector<ProcessEntry>> {
        auto processes = TRY(list_processes());
        std::erase_if(processes, [&](const auto& process) { return !was_given(process.pid, marker); });
        return processes;
    };
    NoProgress quiet;
    return end_processes(find, Duration::zero(), *clock_, quiet);
}

Result<void> Workspace::clear(const std::string& folder) {
    TRY(end_strays(folder));
    TRY(remove_tree(folder + "/" + kMark));  // first: from here on nothing counts as complete
    TRY(worktrees_.remove(folder + "/" + kTree));
    TRY(remove_tree(folder + "/" + kLog));
    return remove_tree(folder + "/" + RotatingLog::older(kLog));
}

Result<std::optional<std::vector<std::string>>> Workspace::recipe_of(const ShowId& show) const {
    const auto path = folder_of(show) + "/" + kMark;
    if (!exists(path)) return std::nullopt;
    std::vector<std::string> recipe;
    const auto mark = TRY(JsonReader::parse(TRY(read_file(path)), path));
    for (const auto& word : TRY(mark.items("recipe"))) recipe.push_back(TRY(word.as_string()));
    return recipe;
}

Result<void> Workspace::remove(const ShowId& show) {
    const auto folder = folder_of(show);
    NoProgress quiet;
    const auto lock = FolderLock::take(folder, FolderLock::Missing::Fail, kRemovalPatience, *clock_, quiet);
    if (!lock && lock.error().kind() != ErrorKind::NotFound) return Fail(lock.error());
    if (lock)
        TRY(clear(folder));
    else
        TRY(worktrees_.remove(folder + "/" +
                              kTree));  // somebody removed the folder but not git's registration
    return remove_tree(folder);
}

}  // namespace ringmaster::support
