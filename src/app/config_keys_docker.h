#pragma once
// The rows of the table of keys that are about images, Docker and Swarm.

#include <vector>

#include "app/config_keys.h"

namespace ringmaster::app {

void add_image_keys(std::vector<KeySpec>& keys);   ///< of [shows.build]
void add_docker_keys(std::vector<KeySpec>& keys);  ///< [shows.docker]
void add_swarm_keys(std::vector<KeySpec>& keys);   ///< [shows.swarm]

}  // namespace ringmaster::app
