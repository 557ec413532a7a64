#pragma once
// Runs shows on AWS ECS: a service of one Fargate task each, named as superset-showtime names them
// ("pr-12-abc1234-service"), with a task definition of its own. Contract §5.6, §6.2; what it does otherwise
// than the original: docs/engines/ecs.md.

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "adapters/aws/ecs_api.h"
#include "adapters/aws/ecs_settings.h"
#include "adapters/aws/service_condition.h"
#include "adapters/aws/show_routes.h"
#include "adapters/aws/task_addresses.h"
#include "ports/clock.h"
#include "ports/runtime.h"

namespace ringmaster::aws {

/// Used from several threads at once.
class EcsRuntime final : public Runtime {
 public:
    EcsRuntime(EcsSettings settings, AwsClient& client, Clock& clock);
    EcsRuntime(const EcsRuntime&) = delete;
    EcsRuntime& operator=(const EcsRuntime&) = delete;

    std::string_view engine() const override { return "ecs"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override;
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    /// A service of ours, with what its tags say.
    struct Owned {
        EcsService service;
        Ownership ownership;
    };
    using Tasks = std::vector<EcsTask>;

    Result<void> check(const ShowSpec& spec) const;
    std::optional<Owned> if_owned(EcsService service) const;
    Result<std::optional<Owned>> find_owned(const ShowId& show, Progress& progress);

    // ecs_listing.cc
    /// Running ones and those of the last hour.
    Result<Tasks> all_tasks(const std::string& service, Progress& progress);
    Result<std::vector<Owned>> owned_of(std::span<const std::string> arns, Progress& progress);
    Result<int> count_pull_requests(const std::vector<std::string>& arns, Progress& progress);
    /// What the tasks tell of these services.
    Result<std::vector<Service>> describe(const std::vector<Owned>& owned, const Tasks& tasks,
                                          Progress& progress);

    /// Without asking for their tasks: all of them were just seen.
    std::vector<Service> describe_seen(const std::vector<Owned>& owned);
    Service service_of(const Owned& owned, Condition condition) const;
    /// Whether this very revision of the service was seen running a moment ago.
    bool was_just_seen(const EcsService& service);

    // ecs_runtime.cc
    Result<bool> is_to_be_kept(const Owned& found, const ShowSpec& spec, Progress& progress);
    Result<Endpoint> adopt(const Owned& found, const ShowSpec& spec, Progress& progress);
    Result<Endpoint> start(const ShowSpec& spec, const std::optional<Owned>& found, Progress& progress);
    Result<Endpoint> create(const ShowSpec& spec, const std::string& revision, Progress& progress);
    Result<Endpoint> change(const ShowSpec& spec, const Owned& found, const std::string& revision,
                            Progress& progress);
    Result<Endpoint> join(const ShowSpec& spec, const std::string& revision, const Error& taken,
                          Progress& progress);
    Result<Endpoint> wait_for(const ShowId& show, const std::string& revision, Progress& progress);
    void remember(const std::string& service, const std::string& revision, const Endpoint& endpoint);

    // ecs_removal.cc
    Result<void> end_service(const Owned& found, Progress& progress);
    Result<void> wait_until_gone(const ShowId& show, Progress& progress);
    Result<void> deregister_all(const ShowId& show, const std::string& own_revision, Progress& progress);
    Result<bool> is_revision_of(const std::string& revision, const ShowId& show, Progress& progress);

    // ecs_logs.cc
    Result<std::optional<EcsTask>> task_to_read(const EcsService& service, Progress& progress);

    EcsSettings settings_;
    Clock& clock_;
    EcsApi api_;
    TaskAddresses addresses_;
    ShowRoutes routes_;
    struct Seen {
        std::string revision;
        Endpoint endpoint;
        Duration at;  ///< by the monotonic clock
    };
    struct Neighbour {
        bool is_alive = false;  ///< a service of our repository that is not being deleted
        Duration at{};          ///< by the monotonic clock
    };
    std::mutex mutex_;
    std::map<std::string, Seen> seen_;             ///< by name of the service
    std::map<std::string, Neighbour> neighbours_;  ///< services of other pull requests, by ARN
    std::set<std::string> foreign_revisions_;      ///< ARNs that need not be looked at again
};

}  // namespace ringmaster::aws
