#pragma once
// Where the configuration of one run comes from: options, environment, the file found upwards, the preset.

#include <string>
#include <vector>

#include "app/config.h"

namespace ringmaster::app {

struct ConfigRequest {
    std::string working_directory;
    std::string file;                      ///< --config; empty: search
    std::vector<std::string> assignments;  ///< --set and what other options amount to
    std::string default_preset;
};

/// Errors: InvalidInput (with the place), NotFound (the file of --config), Unavailable.
Result<LoadedConfig> load_config(const ConfigRequest& request, const cli::Environment& environment);

/// The nearest ringmaster.toml in a folder or those above it; empty = none.
std::string find_config_file(const std::string& working_directory);

}  // namespace ringmaster::app
