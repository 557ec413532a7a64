#include "sim/shrink.h"

#include <algorithm>

namespace ringmaster::sim {
namespace {

// A history takes some milliseconds; nobody waits longer than half a minute for a shorter story.
constexpr int kMostRuns = 1500;

class Shrinker {
 public:
    Shrinker(const Options& options, int invariant) : options_(options), invariant_(invariant) {}

    /// Tries the history without these; keeps it if it ends the same way.
    bool try_without(const std::vector<std::uint64_t>& keys) {
        Options shorter = options_;
        shorter.taken_out.insert(keys.begin(), keys.end());
        ++runs_;
        const Outcome outcome = simulate(shorter);
        if (!outcome.violation || outcome.violation->invariant != invariant_) return false;
        options_.taken_out = std::move(shorter.taken_out);
        left_ = outcome.mishaps;
        return true;
    }
    /// One pass in pieces of that size; whether anything went out.
    bool pass(std::size_t size) {
        bool has_shrunk = false;
        std::vector<std::uint64_t> all = left_;
        // From the end: what came after the cause goes first.
        std::ranges::reverse(all);
        for (std::size_t begin = 0; begin < all.size() && runs_ < kMostRuns; begin += size) {
            const auto end = std::min(begin + size, all.size());
            const std::vector<std::uint64_t> piece(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                                   all.begin() + static_cast<std::ptrdiff_t>(end));
            has_shrunk = try_without(piece) || has_shrunk;
        }
        return has_shrunk;
    }

    Options options_;
    int invariant_;
    std::vector<std::uint64_t> left_;
    int runs_ = 0;
};

}  // namespace

Shrunk shrink(const Options& options) {
    const Outcome whole = simulate(options);
    Shrunk result{
        .taken_out = options.taken_out, .before = whole.mishaps.size(), .left = whole.mishaps.size()};
    if (!whole.violation) return result;
    Shrinker shrinker(options, whole.violation->invariant);
    shrinker.left_ = whole.mishaps;
    for (std::size_t size = std::max<std::size_t>(whole.mishaps.size() / 2, 1); size > 1; size /= 2)
        (void)shrinker.pass(size);
    while (shrinker.pass(1) && shrinker.runs_ < kMostRuns) {
    }
    result.taken_out = shrinker.options_.taken_out;
    result.left = shrinker.left_.size();
    result.runs = shrinker.runs_;
    return result;
}

}  // namespace ringmaster::sim
