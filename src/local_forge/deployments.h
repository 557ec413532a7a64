#pragma once
// Deployments, their statuses, and the environments they name (github-facts §6).

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct NewDeployment {
    std::string ref;
    std::string task = "deploy";
    std::string environment = "production";
    std::optional<std::string> description;
    std::string payload = "{}";
    bool is_transient = false;
    std::optional<bool> is_production;  ///< nothing: true when the environment is called "production"
};

struct NewDeploymentStatus {
    std::string state;
    std::string description;
    std::string environment;  ///< empty: unchanged
    std::string environment_url;
    std::string log_url;
    bool auto_inactive = true;
};

struct DeploymentQuery {
    std::string sha;
    std::string ref;
    std::string task;
    std::string environment;
    Window window;
};

class Deployments {
 public:
    explicit Deployments(ForgeStore& store) : store_(store) {}

    /// Refusals: 422 "No ref found for: x" (6.4), 403. Names a new environment by the way (6.5).
    Answer<Deployment> create(const Viewer& viewer, const Repository& repository,
                              const NewDeployment& wanted);
    /// Refusals: 422 (unknown state, description over 140). Retires earlier deployments as 6.3 says.
    Answer<DeploymentStatus> add_status(const Viewer& viewer, const Repository& repository,
                                        const Deployment& deployment, const NewDeploymentStatus& wanted);
    /// Only an inactive one, unless it is the only one: 422 otherwise (6.5).
    Answer<void> remove(const Viewer& viewer, const Repository& repository, const Deployment& deployment);

    Result<std::optional<Deployment>> find(Id id);
    /// Newest first.
    Result<std::vector<Deployment>> list(const Repository& repository, const DeploymentQuery& query);
    Result<std::int64_t> count(const Repository& repository, const DeploymentQuery& query);
    /// Newest first.
    Result<std::vector<DeploymentStatus>> statuses(const Deployment& deployment, const Window& window);
    Result<std::optional<DeploymentStatus>> find_status(Id id);

    Result<std::vector<Environment>> environments(const Repository& repository, const Window& window);
    Result<std::int64_t> environment_count(const Repository& repository);
    Result<std::optional<Environment>> find_environment(const Repository& repository, std::string_view name);
    Answer<void> remove_environment(const Viewer& viewer, const Repository& repository,
                                    const Environment& environment);

 private:
    Result<void> ensure_environment(const Repository& repository, std::string_view name);
    Result<Id> insert_status(const User& creator, const Deployment& deployment,
                             const NewDeploymentStatus& wanted);
    Result<void> retire_earlier(const User& creator, const Deployment& deployment);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
