#pragma once
// What an application prints, from CloudWatch Logs: one task's stream, its last lines, then new ones as they
// come. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html

#include <optional>
#include <string>

#include "adapters/aws/aws_client.h"
#include "adapters/aws/ecs_documents.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/progress.h"

namespace ringmaster::aws {

/// Reads one stream; each call goes on where the last one ended.
class TaskLogs {
 public:
    /// `since`: older events are left out; nullopt = none are.
    TaskLogs(AwsClient& client, LogPlace place, const std::string& task_id, std::optional<TimePoint> since)
        : client_(client), place_(std::move(place)), stream_(place_.stream_of(task_id)), since_(since) {}

    /// Hands out the last `tail_lines` (-1 = all) of what is there. A stream that is not there yet is empty.
    /// Errors: those of Wire::send.
    Result<void> read_tail(int tail_lines, Progress& progress);
    /// Hands out what came since.
    Result<void> read_new(Progress& progress);

 private:
    Result<bool> read_page(const std::string& more, Progress& progress);

    AwsClient& client_;
    LogPlace place_;
    std::string stream_;
    std::optional<TimePoint> since_;
    std::string next_;  ///< where to go on; empty: at the beginning
};

}  // namespace ringmaster::aws
