#pragma once
// Presets: the values of tools that came before, under a name. What superset-showtime had written in its code
// (contract §6.5) is kept here in one place.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config_value.h"

namespace ringmaster::app {

/// Errors: InvalidInput (no such preset).
Result<std::vector<std::pair<std::string, ConfigValue>>> preset_values(std::string_view name);

}  // namespace ringmaster::app
