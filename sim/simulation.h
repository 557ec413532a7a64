#pragma once
// One history from its seed: people, servers and commands act, things go wrong; then faults and people are
// quiet, and what is left is judged.

#include <optional>
#include <string>
#include <vector>

#include "sim/options.h"
#include "sim/world.h"

namespace ringmaster::sim {

struct Outcome {
    std::optional<Violation> violation;
    std::string limit;  ///< the known limit it ran into and ended at (docs/reliability.md); usually empty
    Stats stats;
    std::uint64_t fingerprint = 0;       ///< of everything that happened; the same seed gives the same
    std::vector<std::uint64_t> mishaps;  ///< keys of what went wrong and of what people did, in order
    std::vector<std::string> story;      ///< empty unless it was wanted
    Duration lasted{0};
};

Outcome simulate(const Options& options);

}  // namespace ringmaster::sim
