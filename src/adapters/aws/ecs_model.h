#pragma once
// Services and tasks as ECS tells them, understood as far as we need.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html, …/API_Task.html

#include <optional>
#include <string>
#include <vector>

#include "adapters/aws/ownership_tags.h"
#include "adapters/support/json_reader.h"
#include "base/result.h"
#include "base/time.h"

namespace ringmaster::aws {

struct EcsService {
    std::string arn;
    std::string name;
    std::string status;           ///< "ACTIVE", "DRAINING", "INACTIVE"
    std::string task_definition;  ///< ARN of the revision that it should run
    std::optional<TimePoint> created_at;
    Tags tags;
    std::string
        rollout_state;  ///< of its newest deployment: "IN_PROGRESS", "COMPLETED", "FAILED"; may be empty
    std::string rollout_reason;  ///< ECS's sentence about that
    std::string newest_event;    ///< ECS's last sentence about the service; may be empty
    std::string newest_start;    ///< the last event about a started task, by its id; may be empty

    bool is_active() const { return status == "ACTIVE"; }
    bool is_draining() const { return status == "DRAINING"; }
    bool is_gone() const { return status == "INACTIVE"; }
};

struct EcsContainer {
    std::string name;
    std::optional<int> exit_code;
    std::string reason;  ///< "OutOfMemoryError: Container killed due to memory usage"; may be empty
};

struct EcsTask {
    std::string arn;
    std::string service_name;     ///< empty: it belongs to none
    std::string task_definition;  ///< ARN
    std::string last_status;      ///< "PROVISIONING", "PENDING", "RUNNING", "STOPPED", …
    std::string stop_code;        ///< "EssentialContainerExited", "TaskFailedToStart", "UserInitiated", …
    std::string stopped_reason;
    std::optional<TimePoint> created_at;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> stopped_at;
    std::vector<EcsContainer> containers;
    std::string network_interface;  ///< "eni-…"; empty: not known (yet)
    std::string private_address;    ///< IPv4; empty: not known (yet)

    bool is_running() const { return last_status == "RUNNING"; }
    bool is_stopped() const { return last_status == "STOPPED"; }
    /// The last part of its ARN, which names its log stream.
    std::string id() const { return arn.substr(arn.rfind('/') + 1); }
};

/// Errors: Corrupt.
Result<EcsService> parse_service(const support::JsonReader& json);
Result<EcsTask> parse_task(const support::JsonReader& json);
/// [{"key": "a", "value": "b"}]; absent is empty.
Result<Tags> parse_tags(const support::JsonReader& owner);

}  // namespace ringmaster::aws
