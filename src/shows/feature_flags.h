#pragma once
// Environment variables that a pull request's text asks for: "FEATURE_{word}={true|1|yes|false|0|no}".
// Contract §5.8.

#include <map>
#include <string>
#include <string_view>

namespace ringmaster::shows {

/// The flags in `body`, named `prefix` + word, valued "True" or "False"; the last of a name wins (contract
/// D60). An empty prefix gives none.
std::map<std::string, std::string> parse_feature_flags(std::string_view body, std::string_view prefix);

}  // namespace ringmaster::shows
