#pragma once
// The keys of [flows] and of the orchestrators below it.

#include <vector>

#include "app/config_keys.h"

namespace ringmaster::app {

void add_flow_keys(std::vector<KeySpec>& keys);

}  // namespace ringmaster::app
