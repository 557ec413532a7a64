#pragma once
// What clocks on the wall show in a time zone, by a file of the system's tz database ("TZif", RFC 8536).
// The C library knows this only for one zone at a time and through the environment, which is no good in a
// program with threads.

#include <chrono>
#include <string_view>
#include <vector>

#include "base/posix_zone.h"
#include "base/result.h"

namespace ringmaster {

class TimeZone {
 public:
    TimeZone() = default;  ///< UTC
    /// The bytes of such a file. Errors: Corrupt.
    static Result<TimeZone> parse(std::string_view bytes);

    std::chrono::seconds offset_at(std::chrono::sys_seconds time) const;
    std::chrono::local_seconds local_of(std::chrono::sys_seconds time) const;
    /// The instants at which clocks show `local`, earliest first: two when they are set back over it. When
    /// they jump over it, the one instant at which they would show it had they not.
    std::vector<std::chrono::sys_seconds> instants_of(std::chrono::local_seconds local) const;

 private:
    struct Change {
        std::chrono::sys_seconds time;
        std::chrono::seconds offset;  ///< from then on
    };
    std::vector<Change> changes_;    ///< by time
    std::chrono::seconds first_{0};  ///< before all of them
    PosixZone later_;                ///< after the last
    bool has_later_ = true;
    friend class TimeZoneReader;
};

}  // namespace ringmaster
