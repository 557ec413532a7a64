#pragma once
// The calls of ECS that we make, one function each, listings to their end. No decisions here.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/aws/aws_client.h"
#include "adapters/aws/ecs_model.h"

namespace ringmaster::aws {

/// What a task is meant to be. ECS keeps stopped ones visible for about an hour.
enum class TaskWish { Running, Stopped };

/// Errors of every function: those of Wire::send (a cluster that is not there is InvalidInput), Corrupt.
class EcsApi {
 public:
    EcsApi(AwsClient& client, std::string cluster) : client_(client), cluster_(std::move(cluster)) {}

    /// ARNs of all services of the cluster.
    Result<std::vector<std::string>> list_services(Progress& progress);
    /// With their tags. Those that are not there are left out; any other failure is an error.
    Result<std::vector<EcsService>> describe_services(std::span<const std::string> names, Progress& progress);
    Result<std::optional<EcsService>> describe_service(const std::string& name, Progress& progress);
    /// Tasks of one service, or of all the cluster ("").
    Result<std::vector<EcsTask>> tasks(const std::string& service, TaskWish wish, Progress& progress);
    /// Those of the family that were told to stop, within the last hour; not all of them have.
    Result<std::vector<EcsTask>> stopped_tasks(const std::string& family, Progress& progress);
    Result<std::vector<EcsTask>> describe_tasks(std::span<const std::string> arns, Progress& progress);

    /// `body` as ecs_documents.h makes it. The ARN of the new revision.
    Result<std::string> register_task_definition(const std::string& body, const std::string& doing,
                                                 Progress& progress);
    /// Errors: also Conflict (there is a service of this name).
    Result<void> create_service(const std::string& body, const std::string& doing, Progress& progress);
    Result<void> update_service(const std::string& body, const std::string& doing, Progress& progress);
    /// Tasks included. Errors: also NotFound.
    Result<void> delete_service(const std::string& name, Progress& progress);
    Result<void> tag(const std::string& arn, const Tags& tags, Progress& progress);

    /// ARNs of the active revisions of a family, newest first, at most `most`.
    Result<std::vector<std::string>> list_task_definitions(const std::string& family, std::size_t most,
                                                           Progress& progress);
    Result<Tags> task_definition_tags(const std::string& arn, Progress& progress);
    /// One that is gone already is success.
    Result<void> deregister_task_definition(const std::string& arn, Progress& progress);

    const std::string& cluster() const { return cluster_; }
    AwsClient& client() { return client_; }

 private:
    Result<support::JsonReader> call(std::string_view action, std::string body, std::string doing,
                                     Progress& progress);
    Result<std::vector<std::string>> list(std::string_view action, std::string_view key,
                                          std::string_view fields, const std::string& doing, std::size_t most,
                                          Progress& progress);

    AwsClient& client_;
    std::string cluster_;
};

/// [{"key": …, "value": …}] as text.
std::string tags_as_json(const Tags& tags);

}  // namespace ringmaster::aws
