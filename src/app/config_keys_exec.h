#pragma once
// The rows of the table of keys that are about exec.

#include <vector>

#include "app/config_keys.h"

namespace ringmaster::app {

void add_exec_keys(std::vector<KeySpec>& keys);  ///< [shows.exec]

}  // namespace ringmaster::app
