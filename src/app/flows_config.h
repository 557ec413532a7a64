#pragma once
// What the keys of [flows] mean. Part of Config; config_keys_flows.cc fills it.

#include <map>
#include <string>

#include "app/config_value.h"
#include "flows/promotion.h"

namespace ringmaster::app {

enum class OrchestratorKind { Local, Prefect };

/// [flows]
struct FlowsConfig {
    OrchestratorKind orchestrator = OrchestratorKind::Local;
    TextList paths;
    TextList environments;
    std::string settings_file;   ///< empty: acme-portal-sdk's, if there is one
    std::string variables_file;  ///< with {environment}; empty = none
    std::string work_pool;
    std::string image;
    std::string repository;
    std::string package_version;
    TextMap entrypoints;  ///< display name to a line for a shell
    std::string actor;
    std::map<std::string, flows::PromotionRule> promote;  ///< [flows.promote.NAME]
    struct Local {
        std::string python;
    } local;
    struct Prefect {
        std::string api_url;  ///< empty: PREFECT_API_URL, else the active profile
        bool underscored_records = false;
    } prefect;
};

}  // namespace ringmaster::app
