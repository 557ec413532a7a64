#include "flows/json_text.h"

#include <nlohmann/json.hpp>

namespace ringmaster::flows {

std::string json_or_text(std::string_view typed) {
    auto value = nlohmann::json::parse(typed, nullptr, false);
    if (value.is_discarded()) value = std::string(typed);
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace ringmaster::flows
