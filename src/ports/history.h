#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster {

/// One thing that happened, in words that last.
struct HistoryEvent {
    TimePoint time;
    std::string repository;
    int pull_request_number = 0;
    std::string sha;               ///< seven digits; may be empty
    std::string actor;             ///< login, or "ringmaster" for what happens by itself
    std::string action;            ///< create, replace, rebuild, stop, close, expire, …
    std::string step;              ///< claim, build, deploy, health, switch, retire, …
    std::string outcome;           ///< ok, failed, skipped
    std::string detail;            ///< one sentence; may be empty
    std::string description = {};  ///< why, in the words of whoever asked; may be empty
    long long duration_ms = 0;
};

/// What happened, kept for people. Losing it loses no safety.
class History {
 public:
    virtual ~History() = default;
    virtual Result<void> record(const HistoryEvent& event) = 0;
    /// Newest first. `pull_request_number` 0 = all.
    virtual Result<std::vector<HistoryEvent>> recent(int pull_request_number, int limit) = 0;
};

}  // namespace ringmaster
