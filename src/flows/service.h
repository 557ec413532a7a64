#pragma once
// The flows half as a whole, for the command line and the server: observe (code, orchestrator, records) →
// plan (pure) → approve → perform → record. Everything outside comes in as a port.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/deployment_name.h"
#include "domain/flow_version.h"
#include "flows/plan.h"
#include "flows/promotion.h"
#include "flows/settings_file.h"
#include "flows/wanted.h"
#include "ports/clock.h"
#include "ports/deploy_records.h"
#include "ports/flow_finder.h"
#include "ports/orchestrator.h"
#include "ports/source_tree.h"

namespace ringmaster::flows {

/// What this half needs of the world; all references outlive the service.
struct Outside {
    FlowFinder& finder;
    Orchestrator& orchestrator;
    FlowRuns& runs;
    SourceTree& source;
    DeployRecords& records;
    Clock& clock;
    /// A file's text, by absolute path. Errors: NotFound, Unavailable.
    std::function<Result<std::string>(const std::string&)> read_file;
    /// A new, empty folder of our own, absolute; whoever asked removes it.
    std::function<Result<std::string>()> make_folder;
    std::function<void(const std::string&)> remove_folder;
    /// How far east of Greenwich the clocks of a time zone (IANA) are then. Errors: InvalidInput (no such
    /// zone).
    std::function<Result<Duration>(const std::string&, TimePoint)> zone_offset;
};

/// What the flows of a project are like. Paths count from the top of the repository.
struct Settings {
    std::string project;
    std::vector<std::string> paths = {"."};
    std::vector<std::string> environments;         ///< in the order of promotion
    std::map<std::string, PromotionRule> promote;  ///< by target environment
    std::string settings_file;                     ///< of schedules and the like; empty = none
    std::string variables_file;                    ///< with {environment}; empty = none
    std::string work_pool;
    std::string image;       ///< with {branch}, {commit}, {package_version}; empty = workers fetch the code
    std::string repository;  ///< that workers fetch it from; empty = the remote, else this machine's folder
    std::string package_version;
    std::vector<Flow> entrypoints;  ///< named in the configuration
    bool underscored_records = false;
};

/// A deployment as people ask about it.
struct SeenDeployment {
    Deployment deployment;
    std::optional<DeploymentName> name;  ///< nullopt: the name is not of our kind
    std::string flow;                    ///< display name; empty = unknown
    FlowVersion version;
    std::optional<FlowRun> last_run;
    std::vector<FieldChange> drift;  ///< from what was recorded to what is there
    bool is_recorded = false;
};

struct DeployRequest {
    std::vector<std::string> flows;  ///< "all", names, ids, or file:name
    std::string environment;
    std::string ref;              ///< empty = what is checked out
    std::string branch;           ///< empty = the checked-out one
    std::string image;            ///< empty = as the settings say
    std::string package_version;  ///< likewise
};

enum class SettingsFrom { Commit, Source, Checkout };

struct PromoteRequest {
    std::vector<std::string> flows;
    std::string from;  ///< empty = as the configuration says
    std::string to;
    std::string branch;  ///< of the deployments; empty = the checked-out one
    SettingsFrom settings = SettingsFrom::Commit;
};

struct RollbackRequest {
    std::string flow;
    std::string environment;
    std::string branch;
    std::string to_version;  ///< a version or commit; empty = what was there before
};

struct Made {
    Plan plan;
    std::vector<std::string> notes;  ///< what somebody should know: the dirty checkout
};

struct ApplyOptions {
    std::string actor;
    std::string reason;
    std::vector<std::string> overruled;  ///< gates
    bool atomic = false;                 ///< after a failure, what was changed is put back
};

struct Applied {
    std::string flow;
    std::string deployment;
    ChangeKind kind = ChangeKind::Unchanged;
    DeployOutcome outcome = DeployOutcome::Done;
    std::optional<Error> error;
    std::string url;
};

class FlowService {
 public:
    FlowService(Outside outside, Settings settings)
        : outside_(std::move(outside)), settings_(std::move(settings)) {}

    const Outside& outside() const { return outside_; }
    const Settings& settings() const { return settings_; }

    /// The flows of the checkout, those of the configuration among them.
    Result<FoundFlows> find(Progress& progress);
    /// Errors of all that follow: those of the ports, and InvalidInput for what was asked.
    Result<std::vector<SeenDeployment>> deployments(Progress& progress);
    Result<Made> plan_deploy(const DeployRequest& request, Progress& progress);
    Result<Made> plan_promotion(const PromoteRequest& request, Progress& progress);
    /// A plan that was made some time ago, with what speaks against it now. Errors: Conflict (what it would
    /// change, or what it promotes, is not what it was then).
    Result<Plan> revised(Plan plan, Progress& progress);
    Result<Made> plan_rollback(const RollbackRequest& request, Progress& progress);
    /// Performs what the plan says: problems and objections that are not overruled keep all of it from being
    /// done. One failure does not keep the others from being done. Errors: InvalidInput (there are such;
    /// there is no reason for overruling), and those of the records.
    Result<std::vector<Applied>> apply(const Plan& plan, const ApplyOptions& options, Progress& progress);
    /// Those of the project whose flow or branch is gone.
    Result<std::vector<SeenDeployment>> leftovers(Progress& progress);
    Result<void> prune(const SeenDeployment& seen, const std::string& actor, Progress& progress);
    /// The one of this flow there. `branch` empty: the checked-out one, else the only one there is. Errors:
    /// NotFound (with the nearest), InvalidInput (several).
    Result<Deployment> deployment_of(const std::string& flow, const std::string& environment,
                                     const std::string& branch, Progress& progress);

 private:
    /// Flows and settings of a commit, from files that may be temporary.
    struct Code {
        std::string top;
        std::vector<Flow> flows;
        SettingsFile settings;
    };

    Result<FoundFlows> find_below(const std::string& top, Progress& progress);
    Result<Code> code_at(const CommitSha& commit, const SourceState& state, Progress& progress);
    Result<Code> checked_out(const SourceState& state, Progress& progress);
    Result<SettingsFile> settings_below(const std::string& top);
    Result<std::map<std::string, std::string>> variables_of(const std::string& environment,
                                                            const std::string& top);
    Result<SourceState> state(Progress& progress);
    Result<std::string> branch_or(const std::string& branch, const SourceState& state) const;
    Result<void> check_environment(const std::string& environment) const;
    Result<std::map<std::string, Deployment>> existing(const std::vector<std::string>& names,
                                                       Progress& progress);
    Result<void> check_pools(std::vector<PlannedChange>& changes, Progress& progress);
    Result<Target> deploy_target(const DeployRequest& request, const SourceState& state,
                                 const CommitSha& commit);
    Result<std::string> source_environment(const PromoteRequest& request) const;
    Result<PlannedChange> promoted(const PromoteRequest& request, const SourceState& state,
                                   const std::string& name, const Deployment& source, Target target,
                                   const Deployment* is, std::map<std::string, Result<Code>>& code_of,
                                   Progress& progress);
    Result<void> require_approvals(const Plan& plan, const ApplyOptions& options);
    Result<void> require_same_world(const Plan& plan, Progress& progress);
    Applied perform(const Plan& plan, const PlannedChange& change, const ApplyOptions& options,
                    Progress& progress);
    Result<std::string> write(const PlannedChange& change, Progress& progress);
    void undo(const Plan& plan, const ApplyOptions& options, std::vector<Applied>& done, Progress& progress);
    Result<void> object(const std::string& environment, const std::vector<Deployment>& sources,
                        std::vector<PlannedChange>& changes, Progress& progress);

    Outside outside_;
    Settings settings_;
};

/// From what a record says to what is there; nothing where the record cannot be read. A default that the
/// orchestrator filled in is no difference.
std::vector<FieldChange> drift_from(const DeployRecord& record, const DeploymentSpec& is);

/// The flows that the words mean: "all", display or original names, ids, "file.py:name". Errors:
/// InvalidInput: a word that means none (with the nearest), or several.
Result<std::vector<Flow>> select_flows(const std::vector<Flow>& flows, const std::vector<std::string>& words);

}  // namespace ringmaster::flows
