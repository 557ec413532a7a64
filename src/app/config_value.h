#pragma once
// One value of the configuration, before it is understood: what TOML, an environment variable or --set said.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace ringmaster::app {

using TextList = std::vector<std::string>;
using TextMap = std::map<std::string, std::string>;
using ConfigValue = std::variant<std::string, std::int64_t, bool, TextList, TextMap>;

enum class KeyType {
    Text,
    Choice,    ///< one of a few words
    Integer,   ///< whole, not negative
    Duration,  ///< "5m"
    Ttl,       ///< "48h", "1w", "close"
    List,      ///< of texts
    Map,       ///< text to text
    Command,   ///< a list of words, or one text for a shell
};
/// "a duration such as \"5m\"", for messages and documentation.
std::string_view describe(KeyType type);
/// What the value is, for messages: "a number", "a list", …
std::string_view describe(const ConfigValue& value);

/// As TOML writes it: "48h" in quotes, 20, ["a", "b"], { A = "1" }.
std::string to_toml(const ConfigValue& value);

/// Reads a value that came as bare text (an environment variable, --set): lists by commas, maps as
/// "A=1,B=2", commands as text for a shell. Errors: InvalidInput.
Result<ConfigValue> from_text(KeyType type, std::string_view text);

}  // namespace ringmaster::app
