#pragma once
// The folders in which versions are made, one a show: {work}/{owner}/{name}/pr-12-abc1234/ holds
//
//     tree/        the checkout of exactly the show's commit, and what was made in it
//     build.log    the output, kept after a failure (and build.log.1, its older half)
//     made.json    written last: the version is complete; says of which commit, by what
//
// Log and mark lie beside the checkout, so nothing in it can stand in for them. One process at a time works
// in a folder; whoever comes second waits and then finds the first one's work.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/support/git_worktrees.h"
#include "base/result.h"
#include "ports/builder.h"
#include "ports/clock.h"

namespace ringmaster::support {

class Workspace {
 public:
    struct Settings {
        std::string work_folder;
        GitSource source;
        std::size_t max_log_bytes = 16 << 20;
    };
    /// One attempt to make a version in its checkout.
    struct Attempt {
        std::string tree;    ///< absolute
        Duration time_left;  ///< of the build's timeout
        std::string
            marker;  ///< "NAME=value" to put in the environment of what is run, so that strays are found
    };
    /// Whether the checkout is what was made, or only what it was made from and done with.
    enum class Tree { Keep, Discard };
    using Make = std::function<Result<void>(const Attempt& attempt, Progress& progress)>;

    Workspace(Settings settings, Subprocess& subprocess, Clock& clock)
        : settings_(std::move(settings)), worktrees_(settings_.source, subprocess, clock), clock_(&clock) {}

    /// The finished version of this commit by this recipe, if it is there; else a fresh checkout on which
    /// `make` is called. On an error the checkout is gone and the log kept. The artifact's folder is the
    /// checkout if that is kept. Errors: as Builder::build, and those of `make`.
    Result<Artifact> produce(const BuildSpec& spec, const std::vector<std::string>& recipe, const Make& make,
                             Progress& progress, Tree kept = Tree::Keep);
    /// The recipe of the finished version; nullopt: there is none. Errors: Corrupt, Unavailable.
    Result<std::optional<std::vector<std::string>>> recipe_of(const ShowId& show) const;
    /// As Builder::remove. Errors: TimedOut (somebody works in it), Unavailable.
    Result<void> remove(const ShowId& show);
    /// Where a show's output is.
    std::string log_path(const ShowId& show) const;

 private:
    std::string folder_of(const ShowId& show) const;
    Result<void> make_afresh(const BuildSpec& spec, TimePoint deadline, const Make& make, Progress& progress);
    Result<void> end_strays(const std::string& folder);
    Result<void> clear(const std::string& folder);

    Settings settings_;
    GitWorktrees worktrees_;
    Clock* clock_;
};

}  // namespace ringmaster::support
