#pragma once
// Merging two commits in a bare repository, without a work tree.

#include <optional>
#include <string>
#include <string_view>

#include "local_forge/git.h"

namespace ringmaster::local_forge {

struct MergeStatistics {
    std::string merge_base;
    std::int64_t commits = 0;
    std::int64_t additions = 0;
    std::int64_t deletions = 0;
    std::int64_t changed_files = 0;
};

/// The tree that merging gives; nothing on a conflict, or when the two share no history.
Result<std::optional<std::string>> merged_tree(const Git& git, std::string_view base, std::string_view head);

/// A commit of that tree; author and committer are `who`. `message` is its whole text.
Result<std::string> commit_tree(const Git& git, std::string_view tree,
                                const std::vector<std::string>& parents, std::string_view message,
                                const Signature& who);

/// What `head` brings over `base`, counted from where they parted.
Result<MergeStatistics> merge_statistics(const Git& git, std::string_view base, std::string_view head);

}  // namespace ringmaster::local_forge
