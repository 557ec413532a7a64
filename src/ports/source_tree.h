#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/commit_sha.h"
#include "ports/progress.h"

namespace ringmaster {

/// What is checked out, and how far the files are from it.
struct SourceState {
    std::string top;  ///< folder of the working tree; absolute, without links
    CommitSha head;
    std::optional<std::string> branch;  ///< "feat/x"; nullopt = HEAD is detached
    /// Address of the remote, with nothing in it that a password or a token could be: "https://host/a/b",
    /// "git@host:a/b". Empty = there is none.
    std::string remote;
    /// Files under the paths asked about that are not as HEAD has them, at most kMostNamed each, below `top`
    /// with '/'.
    std::vector<std::string> changed;    ///< git tracks them
    std::vector<std::string> untracked;  ///< git neither tracks nor ignores them
    std::size_t changed_count = 0;       ///< all of them
    std::size_t untracked_count = 0;

    static constexpr std::size_t kMostNamed = 50;
    bool is_clean() const { return changed_count == 0 && untracked_count == 0; }
};

/// How two commits lie in the history: commits that only the one has, and that only the other has.
struct CommitDistance {
    int ahead = 0;   ///< commits that the newer has and the older lacks
    int behind = 0;  ///< commits that the older has and the newer lacks: 0 = it is an ancestor, or the same
    bool operator==(const CommitDistance&) const = default;
};

struct CommitSummary {
    std::string subject;  ///< first line of its message; from outside, so not trusted
    std::string author;   ///< name
    std::string author_email;
    TimePoint committed_at;
};

/// The repository that flows come from, as this machine has it. Nothing here changes it, its working tree or
/// its index, and nothing is fetched, but for what a partial clone left out. Every call may give Failed (what
/// the repository's own program says), TimedOut and the pulse's own, beside what it names.
class SourceTree {
 public:
    virtual ~SourceTree() = default;
    /// `paths` are files and folders below the top, taken literally; none = all. Errors: NotFound (not in a
    /// repository's working tree; no commit yet).
    virtual Result<SourceState> state(const std::vector<std::string>& paths, Progress& progress) = 0;
    /// The commit that a branch, a tag or a commit's digits mean; a branch that only the remote `origin` is
    /// known to have counts too. Errors: NotFound (nothing here has that name: the hint says how to fetch),
    /// InvalidInput (it could be several; it cannot be a name).
    virtual Result<CommitSha> resolve(std::string_view text, Progress& progress) = 0;
    /// For each of `older`, commits' digits as short or long as they were written down, where `newer` stands
    /// to it. nullopt: it is not known here, is several, or the two have no history in common here. Errors:
    /// NotFound (`newer`).
    virtual Result<std::map<std::string, std::optional<CommitDistance>>> commits_between(
        const std::vector<std::string>& older, const CommitSha& newer, Progress& progress) = 0;
    /// The bytes of the file at `path` (below the top, with '/') in that commit; links within the commit are
    /// followed. Errors: NotFound (no such commit, no such file in it), InvalidInput (no file, but a folder
    /// or a link out of the repository; longer than 16 MiB; not such a path).
    virtual Result<std::string> read_file(const CommitSha& commit, const std::string& path,
                                          Progress& progress) = 0;
    /// Puts the files of exactly that commit, and nothing else, into `folder`, which is empty or made here.
    /// No hooks of the repository run and no submodules are filled. Errors: NotFound (no such commit),
    /// InvalidInput (`folder` is not empty). Leaves the folder empty then.
    virtual Result<void> export_commit(const CommitSha& commit, const std::string& folder,
                                       Progress& progress) = 0;
    /// Errors: NotFound.
    virtual Result<CommitSummary> describe(const CommitSha& commit, Progress& progress) = 0;
};

}  // namespace ringmaster
