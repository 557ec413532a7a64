#pragma once
// Putting the commits of a branch on top of another one in a bare repository, without a work tree.

#include <optional>
#include <string>
#include <string_view>

#include "local_forge/git.h"

namespace ringmaster::local_forge {

/// The new tip: what `head` has and `base` has not, commit for commit on top of `base`, each with its own
/// author and message and committed by `committer`. Merge commits, and those whose change is there already,
/// are left out, as git's rebase does. Nothing on a conflict, with more than a hundred commits, or where the
/// result would be another than a merge's: GitHub refuses these too.
/// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/about-merge-methods-on-github#rebasing-and-merging-your-commits
Result<std::optional<std::string>> rebased(const Git& git, std::string_view base, std::string_view head,
                                           const Signature& committer);

}  // namespace ringmaster::local_forge
