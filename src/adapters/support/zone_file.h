#pragma once
// Time zones of the machine's tz database (package tzdata), by their IANA names.

#include <string_view>

#include "base/time_zone.h"

namespace ringmaster::support {

/// "" and "UTC" are always there. Errors: InvalidInput (no zone is called so; or this machine has no time
/// zones: the hint says what to install), Corrupt.
Result<TimeZone> load_time_zone(std::string_view name);

}  // namespace ringmaster::support
