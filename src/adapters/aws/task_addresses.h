#pragma once
// Where tasks can be reached. A task in awsvpc mode has a network interface of its own; its public address is
// EC2's to tell. What was found is remembered: an interface keeps its address as long as its task lives.

#include <map>
#include <mutex>
#include <span>
#include <string>

#include "adapters/aws/aws_client.h"
#include "adapters/aws/ecs_model.h"
#include "adapters/aws/ecs_settings.h"
#include "domain/endpoint.h"

namespace ringmaster::aws {

class TaskAddresses {
 public:
    TaskAddresses(AwsClient& client, AddressKind kind, std::uint16_t port)
        : client_(client), kind_(kind), port_(port) {}

    /// The endpoints of these tasks, by task ARN. Tasks without an address (yet, or any more) are left out.
    /// Errors: those of Wire::send.
    Result<std::map<std::string, Endpoint>> find(std::span<const EcsTask> tasks, Progress& progress);

 private:
    Result<void> look_up(std::span<const std::string> interfaces, Progress& progress);
    Result<void> look_up_page(std::span<const std::string> interfaces, Progress& progress);

    AwsClient& client_;
    AddressKind kind_;
    std::uint16_t port_;
    std::mutex mutex_;
    std::map<std::string, std::string> public_;  ///< by network interface
};

}  // namespace ringmaster::aws
