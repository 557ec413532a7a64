#pragma once
// A command that is run in a show, beside the application: to fill its database before visitors come, to take
// leave of other systems before it goes.

#include <string>
#include <vector>

#include "base/time.h"

namespace ringmaster {

struct ShowCommand {
    std::vector<std::string> arguments;  ///< a program and its arguments; empty: there is none
    Duration timeout = std::chrono::minutes(10);
    bool is_set() const { return !arguments.empty(); }
    bool operator==(const ShowCommand&) const = default;
};

}  // namespace ringmaster
