// Plans of rollbacks: what was there before, from the records.

#include <algorithm>

#include "base/text.h"
#include "domain/deployment_json.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

constexpr int kRecordsLookedAt = 200;

bool is_version(const DeployRecord& record, const std::string& wanted) {
    return record.version == wanted || (wanted.size() >= 4 && record.commit.starts_with(wanted)) ||
           (!record.commit.empty() && wanted.starts_with(record.commit));
}

/// The newest thing that was there, is the wanted version, and is not what is there now.
const DeployRecord* goal(const std::vector<DeployRecord>& records, const Deployment& is,
                         const std::string& wanted) {
    for (const auto& record : records) {
        if (record.deployment != is.spec.name || record.outcome != DeployOutcome::Done || record.spec.empty())
            continue;
        if (wanted.empty() ? record.version != is.spec.version : is_version(record, wanted)) return &record;
    }
    return nullptr;
}

}  // namespace

Result<Made> FlowService::plan_rollback(const RollbackRequest& request, Progress& progress) {
    const auto is = TRY(deployment_of(request.flow, request.environment, request.branch, progress));
    const auto name = replace_all(request.flow, "-", "_");
    const auto records = TRY(outside_.records.recent({.project = settings_.project,
                                                      .flow = name,
                                                      .environment = request.environment,
                                                      .limit = kRecordsLookedAt}));
    const auto* record = goal(records, is, request.to_version);
    if (record == nullptr) {
        std::vector<std::string> versions;
        for (const auto& each : records)
            if (each.deployment == is.spec.name && each.outcome == DeployOutcome::Done &&
                !each.version.empty() && std::ranges::find(versions, each.version) == versions.end())
                versions.push_back(each.version);
        return Fail(Error::not_found("nothing is recorded of {} in {} that one could go back to", name,
                                     request.environment)
                        .hint(versions.empty() ? "" : "recorded versions: " + join(versions, ", ")));
    }
    Made made{.plan = {.operation = Operation::Rollback,
                       .engine = std::string(outside_.orchestrator.engine()),
                       .source_environment = "",
                       .environment = request.environment,
                       .changes = {}},
              .notes = {}};
    auto wanted = TRY_WHILE(spec_from_json(record->spec), "reading record {}", record->id);
    wanted.flow_record = is.spec.flow_record;
    made.plan.changes.push_back(planned(name, "", std::move(wanted), is));
    TRY(check_pools(made.plan.changes, progress));
    return made;
}

}  // namespace ringmaster::flows
