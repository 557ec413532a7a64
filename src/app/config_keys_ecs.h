#pragma once
// The rows of the table of keys that are about ECS.

#include <vector>

#include "app/config_keys.h"

namespace ringmaster::app {

void add_ecs_keys(std::vector<KeySpec>& keys);  ///< [shows.ecs]

}  // namespace ringmaster::app
