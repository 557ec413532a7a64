#pragma once
// The shortest history that still ends the same way: deeds and mishaps are taken out, many at a time and then
// one by one, as long as the same invariant breaks.

#include <cstddef>
#include <set>

#include "sim/simulation.h"

namespace ringmaster::sim {

struct Shrunk {
    std::set<std::uint64_t> taken_out;
    std::size_t before = 0;  ///< deeds and mishaps of the whole history
    std::size_t left = 0;
    int runs = 0;  ///< histories it took to find out
};

/// `options` give a history that breaks an invariant.
Shrunk shrink(const Options& options);

}  // namespace ringmaster::sim
