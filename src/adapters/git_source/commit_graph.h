#pragma once
// A part of a repository's history, as `git rev-list --parents` lists it, and how far apart two commits lie
// in it. Parents that are not listed are taken as the common past of everything.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ports/source_tree.h"

namespace ringmaster::git_source {

class CommitGraph {
 public:
    /// "commit parent parent …".
    void add_line(std::string_view line);
    std::size_t size() const { return count_; }

    /// Which commits are reachable from `commit`, by their number; it is not listed = none.
    std::vector<bool> past_of(std::string_view commit) const;
    /// Of the pasts of two.
    struct Comparison {
        CommitDistance distance;
        bool has_common = false;  ///< some listed commit is in both
    };
    static Comparison compare(const std::vector<bool>& older, const std::vector<bool>& newer);

 private:
    std::uint32_t number_of(std::string_view commit);

    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::vector<std::uint32_t>> parents_;
    std::vector<bool> is_listed_;
    std::size_t count_ = 0;
};

}  // namespace ringmaster::git_source
