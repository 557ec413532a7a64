// What the orchestrator says: deployments, what ran last, and where they are not what was recorded.

#include <algorithm>

#include "base/text.h"
#include "domain/deployment_json.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

std::string display_name(const Deployment& deployment, const std::optional<DeploymentName>& name) {
    return replace_all(name ? name->flow : deployment.spec.flow_record, "-", "_");
}

}  // namespace

std::vector<FieldChange> drift_from(const DeployRecord& record, const DeploymentSpec& is) {
    const auto recorded = spec_from_json(record.spec);
    if (!recorded) return {};
    auto was = *recorded;
    if (was.work_queue.empty()) was.work_queue = is.work_queue;
    return diff(was, is);
}

Result<std::vector<SeenDeployment>> FlowService::deployments(Progress& progress) {
    auto listed = TRY(outside_.orchestrator.list(progress));
    std::vector<std::string> ids;
    for (const auto& deployment : listed) ids.push_back(deployment.id);
    const auto runs = TRY(outside_.runs.latest(ids, progress));
    const auto records = TRY(outside_.records.newest(settings_.project));
    std::vector<SeenDeployment> result;
    for (auto& deployment : listed) {
        SeenDeployment seen;
        seen.name = DeploymentName::parse(deployment.spec.name, deployment.spec.tags);
        seen.flow = display_name(deployment, seen.name);
        seen.version = FlowVersion::of_tags(deployment.spec.tags);
        seen.version.image = deployment.spec.image;
        if (seen.version.branch.empty() && seen.name) seen.version.branch = seen.name->branch;
        if (const auto run = runs.find(deployment.id); run != runs.end()) seen.last_run = run->second;
        if (const auto record = records.find(deployment.spec.name);
            record != records.end() && !record->second.spec.empty()) {
            seen.is_recorded = true;
            seen.drift = drift_from(record->second, deployment.spec);
        }
        seen.deployment = std::move(deployment);
        result.push_back(std::move(seen));
    }
    return result;
}

Result<std::vector<SeenDeployment>> FlowService::leftovers(Progress& progress) {
    const auto flows = TRY(find(progress)).flows;
    std::map<std::string, bool> branch_is_there;
    std::vector<SeenDeployment> gone;
    const auto project = DeploymentName::of(settings_.project, "", "", "").project;
    for (auto& seen : TRY(deployments(progress))) {
        if (!seen.name || seen.name->project != project) continue;
        const auto& branch = seen.version.branch;
        if (!branch_is_there.contains(branch)) {
            const auto tip = outside_.source.resolve(branch, progress);
            if (!tip && tip.error().kind() != ErrorKind::NotFound) return Fail(tip.error());
            branch_is_there[branch] = tip.has_value();
        }
        const bool has_flow = std::ranges::find(flows, seen.flow, &Flow::name) != flows.end();
        if (!has_flow || !branch_is_there[branch]) gone.push_back(std::move(seen));
    }
    return gone;
}

Result<Deployment> FlowService::deployment_of(const std::string& flow, const std::string& environment,
                                              const std::string& branch, Progress& progress) {
    TRY(check_environment(environment));
    const auto project = DeploymentName::of(settings_.project, "", "", "").project;
    std::vector<Deployment> found;
    std::vector<std::string> branches;
    std::vector<std::string> flows;
    const auto wanted = replace_all(flow, "-", "_");
    const auto wanted_branch = DeploymentName::of("", branch, "", "").branch;
    for (auto& deployment : TRY(outside_.orchestrator.list(progress))) {
        const auto name = DeploymentName::parse(deployment.spec.name, deployment.spec.tags);
        if (!name || name->project != project || name->environment != environment) continue;
        flows.push_back(display_name(deployment, name));
        if (flows.back() != wanted || (!branch.empty() && name->branch != wanted_branch)) continue;
        branches.push_back(name->branch);
        found.push_back(std::move(deployment));
    }
    if (found.size() > 1 && branch.empty()) {  // the checked-out branch is the likely one
        const auto state = TRY(this->state(progress));
        const auto here = DeploymentName::of("", state.branch.value_or(""), "", "").branch;
        const auto index = std::ranges::find(branches, here) - branches.begin();
        if (static_cast<std::size_t>(index) < found.size()) return found[static_cast<std::size_t>(index)];
        return Fail(Error::invalid_input("{} is deployed to {} from several branches", flow, environment)
                        .hint("say which with --branch: " + join(branches, ", ")));
    }
    if (!found.empty()) return found.front();
    const auto near = nearest_word(wanted, flows);
    return Fail(
        Error::not_found("{} is not deployed to {}", sanitize_for_terminal(flow), environment)
            .hint(near ? fmt::format("did you mean {}?", *near) : "`ringmaster grid` shows what is where"));
}

}  // namespace ringmaster::flows
