#pragma once
// Branches, tags and other refs, and commits. Git on disk is the truth; the database keeps the refs as last
// seen (so that a list of ten thousand pull requests starts no process) and commits once read (they never
// change).

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

class ForgeStore;

/// One compare-and-swap (github-facts 8.5). Forty zeros: must not exist, or delete.
struct RefUpdate {
    std::string name;  ///< "refs/heads/x"
    std::string after;
    std::optional<std::string> before;  ///< nothing: whatever it is
    bool force = false;                 ///< otherwise a branch may only be fast-forwarded
};

/// Author and committer are whoever asks.
struct NewCommit {
    std::string message;
    std::string tree;
    std::vector<std::string> parents;
};

struct Comparison {
    std::string merge_base;
    std::int64_t ahead_by = 0;
    std::int64_t behind_by = 0;
    std::vector<Commit> commits;  ///< oldest first, at most 250
};

class Refs {
 public:
    explicit Refs(ForgeStore& store) : store_(store) {}

    /// By full name.
    Result<std::optional<Ref>> find(const Repository& repository, std::string_view name);
    /// Whose name begins with `prefix` ("refs/heads/"), by name.
    Result<std::vector<Ref>> list(const Repository& repository, std::string_view prefix);
    /// All or none. Refusals: 422 (a name git refuses, an unknown object, `before` differs, not a
    /// fast-forward), 403. Does all that a push of the same would do.
    Answer<void> update(const Viewer& viewer, const Repository& repository,
                        std::span<const RefUpdate> updates);
    /// Takes what is on disk as it is, without telling anyone: for a repository that is new to the forge.
    Result<void> adopt(const Repository& repository);
    /// Compares the refs on disk with those last seen and does what a push of the difference would have done.
    /// Called after every HTTP push, and at times for pushes made on disk. `pusher` is who did it.
    Result<void> rescan(const Viewer& pusher, const Repository& repository);

    /// rescan(), if the repository's mark says that something changed on disk; in the name of its owner.
    Result<void> rescan_if_changed(const Repository& repository);

    /// A commit that no ref points at yet. Refusals: 422 (an unknown tree or parent), 403.
    Answer<Commit> create_commit(const Viewer& viewer, const Repository& repository, const NewCommit& wanted);
    Result<std::optional<Commit>> commit(const Repository& repository, std::string_view sha);
    /// A branch, a tag, a full or short sha, "heads/x", "refs/x" → the commit's sha.
    Result<std::optional<std::string>> resolve(const Repository& repository, std::string_view name);
    /// Nothing when one of the two is not known, or they share no history.
    Result<std::optional<Comparison>> compare(const Repository& repository, std::string_view base,
                                              std::string_view head);

    /// Reads these commits into the database in one go, so that commit() finds them there.
    Result<void> remember(const Repository& repository, const std::vector<std::string>& shas);

 private:
    Result<void> write_row(const Repository& repository, const Ref& ref);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
