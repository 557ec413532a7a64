#pragma once
// What the keys of [shows.ecs] mean. Part of Config; config_keys_ecs.cc fills it.

#include <string>

#include "adapters/aws/ecs_settings.h"

namespace ringmaster::app {

struct EcsConfig {
    std::string region;         ///< empty: AWS_REGION, else the profile's
    std::string profile;        ///< empty: AWS_PROFILE, else "default"
    std::string template_file;  ///< of the task definition; relative to ringmaster.toml; empty = none
    /// The part that keys say; ecs_side.cc adds what the rest of the configuration says.
    aws::EcsSettings settings;
};

}  // namespace ringmaster::app
