#pragma once
// What a project says of its flows beside their code: schedules, pools, parameters. The file is the one of
// acme-portal-sdk (`static_flow_deploy_config.yaml`, contract 4.1), read strictly, with three keys more:
// `timezone`, `job_variables`, and `environments`, under which each environment may say any of them
// differently.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringmaster::flows {

/// What is unset was not said.
struct FlowSettings {
    std::optional<std::string> work_pool;
    std::optional<std::string> work_queue;
    std::map<std::string, std::string> parameters;  ///< name to JSON
    std::optional<std::string> cron;                ///< empty: no schedule
    std::optional<std::string> timezone;            ///< IANA
    std::optional<bool> is_paused;
    std::optional<int> concurrency_limit;  ///< 0 = none
    std::optional<std::string> description;
    std::map<std::string, std::string> job_variables;  ///< name to JSON
    /// What the original documented and ignored; a contradiction to the code is told.
    std::optional<std::string> name;
    std::optional<std::string> import_path;

    bool operator==(const FlowSettings&) const = default;
};

struct FlowEntry {
    FlowSettings settings;
    std::map<std::string, FlowSettings> environments;
    int line = 0;
};

struct SettingsFile {
    std::string name;                        ///< as it is told to people
    std::map<std::string, FlowEntry> flows;  ///< by display name ("hello_world")

    /// What holds for this flow there: the environment's word over the flow's; parameters and job variables
    /// one by one.
    FlowSettings of(std::string_view flow, std::string_view environment) const;
};

/// Total. An empty text says nothing. Errors: InvalidInput ("FILE:LINE: ", with the nearest key as its hint).
Result<SettingsFile> parse_settings(std::string_view text, std::string_view file_name);

}  // namespace ringmaster::flows
