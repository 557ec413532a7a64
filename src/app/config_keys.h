#pragma once
// The one table of configuration keys. Checking, `ringmaster config`, its JSON Schema, docs/configuration.md
// and the file that `init` writes all come from it.

#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"

namespace ringmaster::app {

struct KeySpec {
    std::string key;  ///< "shows.run.env"
    KeyType type = KeyType::Text;
    ConfigValue default_value;
    std::string help;  ///< sentences
    /// Checks the value's meaning and stores it. Errors: InvalidInput; the message goes after "KEY: ".
    Result<void> (*apply)(Config&, const ConfigValue&) = nullptr;
    std::vector<std::string> choices = {};
    /// Words that later versions will know: refused with a sentence of their own.
    std::vector<std::string> planned = {};

    std::string section() const { return key.substr(0, key.rfind('.')); }
    std::string name() const { return key.substr(key.rfind('.') + 1); }
};

const std::vector<KeySpec>& config_keys();
const KeySpec* find_key(std::string_view key);

struct SectionSpec {
    std::string_view name;
    std::string_view help;
    /// Not empty: its keys are tables by name, and may be written the other way around too: [SECTION.NAME]
    /// with a value for each key. The word stands for such a name in the documentation.
    std::string_view by_name = {};
};
const std::vector<SectionSpec>& config_sections();

/// Type, choice and meaning. Errors: InvalidInput: "KEY must be …".
Result<void> check_and_apply(const KeySpec& spec, const ConfigValue& value, Config& config);
/// The key that was probably meant, as a hint.
std::string nearest_key_hint(std::string_view key);

}  // namespace ringmaster::app
