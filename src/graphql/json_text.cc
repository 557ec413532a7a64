#include "graphql/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ringmaster::graphql {

void append_json_string(std::string& out, std::string_view text) {
    const bool is_plain =
        std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
    if (is_plain) {
        out.push_back('"');
        out += text;
        out.push_back('"');
    } else {
        out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
}

void append_json_number(std::string& out, double number) {
    out += nlohmann::json(number).dump();
}

}  // namespace ringmaster::graphql
