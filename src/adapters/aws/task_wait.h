#pragma once
// Waits until a task of a service runs and its address is known, says what ECS is doing meanwhile, and gives
// up early where waiting cannot help.

#include <optional>
#include <string>
#include <vector>

#include "adapters/aws/ecs_api.h"
#include "adapters/aws/ecs_settings.h"
#include "adapters/aws/task_addresses.h"
#include "domain/endpoint.h"
#include "domain/show.h"
#include "ports/clock.h"

namespace ringmaster::aws {

class TaskWait {
 public:
    /// `revision`: ARN of the task definition that the task must have.
    TaskWait(EcsApi& api, TaskAddresses& addresses, const EcsSettings& settings, Clock& clock, ShowId show,
             std::string revision)
        : api_(api),
          addresses_(addresses),
          settings_(settings),
          clock_(clock),
          show_(std::move(show)),
          revision_(std::move(revision)) {}

    /// An application that ran and ended has an address, too, if ECS still tells it. Errors: Failed (ECS
    /// cannot start it), TimedOut, Conflict (somebody removed it), those of EcsApi, the pulse's own.
    Result<Endpoint> wait(Progress& progress);

 private:
    Result<std::optional<Endpoint>> look(Progress& progress);
    Result<std::optional<Endpoint>> look_at_failures(const EcsService& service, Progress& progress);
    Result<std::optional<Endpoint>> address_of(const EcsTask& task, Progress& progress);
    Error cannot_start(const std::string& reason) const;
    void tell(std::string status, Progress& progress);

    EcsApi& api_;
    TaskAddresses& addresses_;
    const EcsSettings& settings_;
    Clock& clock_;
    ShowId show_;
    std::string revision_;
    std::string status_;      ///< what was told last
    std::string first_task_;  ///< ARN: as long as it is alive, nothing has failed
    int misses_ = 0;          ///< looks that did not find the service
};

}  // namespace ringmaster::aws
