#pragma once
// Real processes racing for one claim. Under it each adds one to a number in a file, in the way that loses
// counts if two do it at the same time, and looks whether anybody else is inside.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ports/claims.h"
#include "ports/clock.h"
#include "ports/forge.h"

namespace ringmaster::testing {

/// What a racing process works with; made in that process, since connections do not survive a fork.
struct Racer {
    virtual ~Racer() = default;
    virtual Claims& claims() = 0;
    virtual Forge& forge() = 0;
    virtual Clock& clock() = 0;
};

struct RaceResult {
    int entries = 0;   ///< how often somebody was let in
    int counted = 0;   ///< the number in the file at the end: the same if nobody was in there together
    int meetings = 0;  ///< how often somebody met another inside
    int deaths = 0;    ///< processes that died while they held the claim, as asked for
    int refusals = 0;  ///< how often somebody was told that the claim is taken
    std::vector<std::string> errors;  ///< anything but success, Busy and Conflict
};

struct RaceRules {
    int processes = 8;
    int entries_each = 40;
    int pull_request_number = 12;
    int entries_between_deaths = 0;  ///< then one dies inside and leaves its claim to expire; 0 = never
};

/// Runs the race to its end; `enter` is called in each process. The folder is for the race's own files.
RaceResult race_for_claims(const RaceRules& rules, const std::string& folder,
                           const std::function<std::unique_ptr<Racer>()>& enter);

}  // namespace ringmaster::testing
