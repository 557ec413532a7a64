#include "app/engine_checks.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/process/free_port.h"
#include "adapters/support/control_group.h"
#include "adapters/support/files.h"
#include "adapters/support/git_worktrees.h"
#include "adapters/support/subprocess.h"
#include "app/git.h"
#include "app/secrets.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

constexpr auto kShell = "/bin/sh";
constexpr auto kCheckoutTimeout = std::chrono::minutes(2);  // of a large repository on a slow disk
// A server with a few dozen connections and files; the usual soft limit is 1024.
constexpr rlim_t kFewFiles = 256;
constexpr rlim_t kFewProcesses = 256;
constexpr std::uintmax_t kLittleDisk = std::uintmax_t{1} << 30;

rlimit limit_of(__rlimit_resource resource) {
    rlimit limit{};
    ::getrlimit(resource, &limit);
    return limit;
}

struct Bound {
    std::string said;
    bool holds = true;
};

/// What holds shows and builds to their number of processes here.
Bound bound_on_processes(const Config& config) {
    const int least = config.run.processes > 0 ? config.run.processes : config.build.processes;
    if (least == 0) return {", processes are not bounded"};
    const auto group = support::make_control_group(fmt::format("doctor-{}", ::getpid()), 1);
    if (group) {
        support::remove_control_group(*group);
        return {fmt::format(", processes are bounded by a control group ({})",
                            std::filesystem::path(*group).parent_path().string())};
    }
    if (::geteuid() == 0)
        return {", nothing bounds processes: no control group can be made here, and root has no other limit",
                false};
    return {", processes are bounded for this user, all together (no control group can be made here)"};
}

}  // namespace

CheckOutcome check_checkout(const EngineSurroundings& around, Clock& clock, const std::string& random) {
    support::PosixSubprocess subprocess;
    LocalGit git(subprocess, around.git_folder, around.environment);
    if (!git.is_installed())
        return failed("git is not installed", "install git: versions are checked out with it");
    const auto head = git.head();
    if (!head)
        return failed(
            fmt::format("{} is no git repository with a commit to take versions from", around.git_folder),
            "run it in a clone of the repository, or set [shows.build] source");
    support::GitWorktrees worktrees({.repository = around.git_folder, .remote = around.config.build.remote},
                                    subprocess, clock);
    const auto folder = fmt::format("{}/builds/doctor-{}", around.state_root, random);
    if (const auto made = support::create_folders(around.state_root + "/builds"); !made)
        return failed(made.error());
    NoProgress quiet;
    const auto began = clock.monotonic();
    if (const auto added = worktrees.add(folder, *head, 0, kCheckoutTimeout, quiet); !added)
        return failed(added.error());
    const auto took = clock.monotonic() - began;
    if (const auto removed = worktrees.remove(folder); !removed) return failed(removed.error());
    const bool builds = !around.config.build.command.empty();
    return passed(fmt::format("{} was checked out in {}; {}", head->short_sha().text(),
                              format_duration_for_people(took),
                              builds ? "then [shows.build] command is run" : "there is nothing to build"));
}

CheckOutcome check_process_engine(const EngineSurroundings& around) {
    const auto& run = around.config.run;
    if (run.command.empty())
        return failed("process: there is no command to start a show with", "set [shows.run] command");
    if (::access(kShell, X_OK) != 0)
        return failed(fmt::format("process: {} cannot be run, and shows are started with it", kShell),
                      "install a shell there");
    const auto port = process::find_free_port(
        run.address, {static_cast<std::uint16_t>(run.first_port), static_cast<std::uint16_t>(run.last_port)},
        "doctor", {});
    if (!port) return failed(port.error());
    return passed(fmt::format("process: on this machine, {}, ports {}-{} ({} is free)", run.address,
                              run.first_port, run.last_port, *port));
}

CheckOutcome check_limits(const EngineSurroundings& around) {
    const bool bounds_builds =
        around.config.build.engine == BuildEngine::Command && around.config.build.processes > 0;
    if (around.config.run.engine != RunEngine::Process && !bounds_builds)
        return skipped("shows do not run as our processes");
    const auto megabytes = around.config.run.memory_megabytes;
    const auto memory = limit_of(RLIMIT_AS).rlim_max;
    if (megabytes > 0 && memory != RLIM_INFINITY && memory < (static_cast<rlim_t>(megabytes) << 20))
        return failed(
            fmt::format("a process may have {} MB here, less than [shows.run] memory_mb", memory >> 20),
            "raise the limit (ulimit -H -v), or lower the setting");
    if (const auto files = limit_of(RLIMIT_NOFILE).rlim_cur; files < kFewFiles)
        return warning(fmt::format("a process may open {} files only", files), "raise it: ulimit -n 1024");
    if (const auto processes = limit_of(RLIMIT_NPROC).rlim_cur; processes < kFewProcesses)
        return warning(fmt::format("this user may have {} processes only", processes),
                       "raise it: ulimit -u 1024");
    const auto bound = bound_on_processes(around.config);
    std::error_code unknown;
    const auto space = std::filesystem::space(around.state_root, unknown);
    if (!unknown && space.available < kLittleDisk)
        return warning(fmt::format("{} MB of disk are left at {}", space.available >> 20, around.state_root),
                       "make room there, or set [project] state to a larger disk");
    const auto room = unknown ? std::string() : fmt::format(", {} GB of disk left", space.available >> 30);
    const auto said = (megabytes > 0 ? fmt::format("{} MB a process", megabytes) : "memory is not bounded") +
                      bound.said + room;
    return bound.holds ? passed(said)
                       : warning(said,
                                 "run as a user of its own, or where control groups can be made "
                                 "(docs/security.md)");
}

CheckOutcome check_secrets(const EngineSurroundings& around) {
    const auto secrets = find_secrets(around.config, around.environment);
    if (!secrets.missing.empty())
        return failed(fmt::format("not set: {}", join(secrets.missing, ", ")),
                      "set them where shows are started, or take them out of [shows.run] secrets and "
                      "secret_files");
    std::vector<std::string> names;
    for (const auto& [name, unused] : secrets.values) names.push_back(name);
    if (names.empty()) return passed("none are configured");
    return passed("set: " + join(names, ", "));
}

}  // namespace ringmaster::app
