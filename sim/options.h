#pragma once
// What a history is made from; the same options give the same history.

#include <cstdint>
#include <set>

#include "sim/broken.h"
#include "sim/faults.h"

namespace ringmaster::sim {

/// What leases are made of (docs/architecture.md, "The lease").
enum class ClaimsKind { Labels, Refs };

struct Options {
    std::uint64_t seed = 1;
    int workers = 3;  ///< server replicas; command-line runs come on top
    int pull_requests = 4;
    FaultSet faults = FaultSet::all();
    Broken broken = Broken::Nothing;
    ClaimsKind claims = ClaimsKind::Labels;
    bool has_hooks = false;             ///< shows are seeded, and take their leave
    std::set<std::uint64_t> taken_out;  ///< keys of mishaps and people's actions that do not happen
    bool wants_story = false;
};

}  // namespace ringmaster::sim
