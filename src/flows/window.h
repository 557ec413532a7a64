#pragma once
// When an environment takes changes: "Mon-Thu 09:00-17:00 Europe/Warsaw".

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster::flows {

struct Window {
    std::array<bool, 7> days{};  ///< from Monday
    int from_minute = 0;         ///< of the day; included
    int to_minute = 24 * 60;     ///< not included
    std::string zone = "UTC";    ///< IANA

    /// Days ("Mon", "Mon-Thu", "Mon,Wed-Fri"), then hours ("09:00-17:00"), then a time zone; hours and zone
    /// may be left out. Errors: InvalidInput.
    static Result<Window> parse(std::string_view text);
    /// `offset` is that of the zone at `now`, east of Greenwich.
    bool contains(TimePoint now, Duration offset) const;
};

}  // namespace ringmaster::flows
