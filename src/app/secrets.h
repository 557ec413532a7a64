#pragma once
// The secrets of shows, found where [shows.run] says: in our environment, or in files. Engines give them to
// running shows that are not from forks; nothing else gets them.

#include <map>
#include <string>
#include <vector>

#include "app/config.h"
#include "cli/environment.h"

namespace ringmaster::app {

struct ShowSecrets {
    std::map<std::string, std::string> values;  ///< by the name of the variable that shows see
    /// Names of those that are not there; a file's with what is wrong with it: "DB_KEY (…)".
    std::vector<std::string> missing;
};

/// Reads them now. A file's last line end is not part of its secret.
ShowSecrets find_secrets(const Config& config, const cli::Environment& environment);

}  // namespace ringmaster::app
