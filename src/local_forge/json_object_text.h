#pragma once
// A JSON object written as text, member by member: for answers with thousands of objects, where building each
// as a value first costs more than everything else together.

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "graphql/json_text.h"

namespace ringmaster::local_forge {

class JsonObjectText {
 public:
    // Names are ours and need no escaping.
    void add(std::string_view name, std::string_view text) {
        begin(name);
        graphql::append_json_string(text_, text);
    }
    void add(std::string_view name, const std::optional<std::string>& text) {
        text ? add(name, std::string_view(*text)) : add_raw(name, "null");
    }
    void add(std::string_view name, const std::string& text) { add(name, std::string_view(text)); }
    void add(std::string_view name, const char* text) { add(name, std::string_view(text)); }
    void add(std::string_view name, std::same_as<bool> auto value) {
        add_raw(name, value ? "true" : "false");
    }
    void add(std::string_view name, std::same_as<std::int64_t> auto value) {
        add_raw(name, std::to_string(value));
    }
    /// A value that is JSON text already.
    void add_raw(std::string_view name, std::string_view json) {
        begin(name);
        text_ += json;
    }

    std::string finish() && {
        text_ += text_.empty() ? "{}" : "}";
        return std::move(text_);
    }

 private:
    void begin(std::string_view name) {
        text_ += text_.empty() ? "{\"" : ",\"";
        text_ += name;
        text_ += "\":";
    }

    std::string text_;
};

}  // namespace ringmaster::local_forge
