#pragma once
// The JSON documents that ECS is given: a show's task definition and its service. Pure.

#include <optional>
#include <string>

#include "adapters/aws/ecs_settings.h"
#include "base/result.h"
#include "ports/runtime.h"

namespace ringmaster::aws {

/// The family of a show's task definitions: settings.family filled in, with what AWS does not allow replaced
/// by '-'.
std::string family_of(const EcsSettings& settings, const ShowId& show);

/// The body of RegisterTaskDefinition: the settings' template with the show's image, variables, secrets and
/// tags put in, or one made from the settings. Errors: InvalidInput (the template, the tags).
Result<std::string> task_definition_of(const EcsSettings& settings, const ShowSpec& spec);

/// The body of CreateService. `target_group` is the ARN of a load balancer's; empty = none. Errors:
/// InvalidInput (the tags).
Result<std::string> new_service_of(const EcsSettings& settings, const ShowSpec& spec,
                                   const std::string& task_definition, const std::string& target_group);
/// The body of UpdateService: another revision, started afresh beside the old one.
std::string changed_service_of(const EcsSettings& settings, const ShowId& show,
                               const std::string& task_definition);

/// Where CloudWatch Logs has what the application prints; nullopt: nowhere.
struct LogPlace {
    std::string group;
    std::string prefix;  ///< of its streams: "{prefix}/{container}/{task id}"
    std::string container;
    std::string stream_of(const std::string& task_id) const {
        return prefix + "/" + container + "/" + task_id;
    }
};
/// Errors: InvalidInput (the template).
Result<std::optional<LogPlace>> log_place_of(const EcsSettings& settings);

}  // namespace ringmaster::aws
