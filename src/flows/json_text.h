#pragma once
#include <string>
#include <string_view>

namespace ringmaster::flows {

/// What a person typed as the value of a parameter: JSON, made compact, if it is JSON, else a JSON string.
std::string json_or_text(std::string_view typed);

}  // namespace ringmaster::flows
