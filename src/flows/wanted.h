#pragma once
// What a deployment of a flow is to be: the flow as the code has it, the project's settings, the
// environment's variables and the version, put together. Pure.

#include <string>
#include <vector>

#include "domain/deployment.h"
#include "domain/flow.h"
#include "domain/flow_version.h"
#include "flows/settings_file.h"

namespace ringmaster::flows {

/// The same for all flows of one deploy.
struct Target {
    std::string project;
    std::string environment;  ///< "dev"
    FlowVersion version;
    std::optional<CodeSource> code;                ///< for workers that fetch it; nullopt: the image holds it
    std::map<std::string, std::string> variables;  ///< of the environment
    std::string work_pool;                         ///< where the settings name none
    std::string source_folder;  ///< absolute folder of the repository: entrypoints are relative to it
    /// The record of a new flow is called as acme-portal-sdk called it, with underscores.
    bool underscored_records = false;
};

struct Wanted {
    DeploymentSpec spec;
    /// Sentences: why it cannot be deployed. Empty: it can.
    std::vector<std::string> problems;
    std::vector<std::string> warnings;
};

/// `existing` is the deployment of this name, if there is one: its record of the flow, and whether it is
/// paused unless the settings say so, stay as they are.
Wanted wanted_deployment(const Flow& flow, const FlowSettings& settings, const Target& target,
                         const Deployment* existing);

/// "acme-demo--main--hello-world--dev".
std::string deployment_name(const Flow& flow, const Target& target);

}  // namespace ringmaster::flows
