#pragma once
// Writing JSON text piece by piece: an answer may have a million values, and a null that must move up is only
// a cut at an earlier length.

#include <string>
#include <string_view>

namespace ringmaster::graphql {

/// Appends `text` as a JSON string. Bytes that are no UTF-8 (a commit message may hold some) become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
/// JSON has no infinity and no NaN: those become null.
void append_json_number(std::string& out, double number);

}  // namespace ringmaster::graphql
