#pragma once
// The rows of the table of keys that are about stable addresses.

#include <vector>

#include "app/config_keys.h"

namespace ringmaster::app {

void add_router_keys(std::vector<KeySpec>& keys);  ///< [shows.router]

}  // namespace ringmaster::app
