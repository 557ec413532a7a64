// Plans of deploys: the flows of one commit, as they are to be in one environment.

#include <algorithm>
#include <set>

#include "base/text.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

/// The deploying machine's own folder: a worker elsewhere could not fetch from it.
std::string repository_of(const Settings& settings, const SourceState& state) {
    if (!settings.repository.empty()) return settings.repository;
    return state.remote.empty() ? state.top : state.remote;
}

std::string fill_in(std::string text, const FlowVersion& version) {
    // An image's tag has no place for what branches may hold
    // (https://docs.docker.com/reference/cli/docker/image/tag).
    auto branch = version.branch;
    for (char& c : branch)
        if (std::string_view("/%&><#@:+").contains(c)) c = '-';
    text = replace_all(text, "{branch}", branch);
    text = replace_all(text, "{commit}", version.commit);
    return replace_all(text, "{package_version}", version.package_version);
}

std::string dirty_note(const SourceState& state) {
    std::vector<std::string> some = state.changed;
    std::ranges::copy(state.untracked, std::back_inserter(some));
    if (some.size() > 3) some.resize(3);
    const auto count = state.changed_count + state.untracked_count;
    return fmt::format("{} not committed as {} ({}): what is deployed is commit {}",
                       count == 1 ? "1 file is" : fmt::format("{} files are", count),
                       count == 1 ? "it is" : "they are", join(some, ", "), state.head.short_sha().text());
}

}  // namespace

Result<std::map<std::string, Deployment>> FlowService::existing(const std::vector<std::string>& names,
                                                                Progress& progress) {
    std::map<std::string, Deployment> result;
    for (auto& deployment : TRY(outside_.orchestrator.find(names, progress))) {
        const auto name = deployment.spec.name;
        if (!result.emplace(name, std::move(deployment)).second)
            return Fail(Error::conflict("there are two deployments called {}, under different flows", name)
                            .hint("remove the one that is not wanted on the orchestrator"));
    }
    return result;
}

Result<void> FlowService::check_pools(std::vector<PlannedChange>& changes, Progress& progress) {
    std::set<std::string> names;
    for (const auto& change : changes)
        if (change.kind() != ChangeKind::Unchanged) names.insert(change.wanted.work_pool);
    for (const auto& name : names) {
        std::optional<WorkPool> pool;
        if (!name.empty()) pool = TRY(outside_.orchestrator.work_pool(name, progress));
        for (auto& change : changes) {
            if (change.wanted.work_pool != name) continue;
            if (name.empty())
                change.problems.emplace_back(
                    "no work pool is named: set work_pool in [flows], or in the settings of the flow");
            else if (!pool)
                change.problems.push_back(fmt::format("there is no work pool {}", name));
            else if (!change.wanted.image.empty() && !pool->accepts_image)
                change.problems.push_back(
                    fmt::format("work pool {} ({}) does not run images", name, pool->type));
        }
    }
    return {};
}

Result<Target> FlowService::deploy_target(const DeployRequest& request, const SourceState& state,
                                          const CommitSha& commit) {
    Target target{.project = settings_.project,
                  .environment = request.environment,
                  .version = {},
                  .code = CodeSource{repository_of(settings_, state), commit.text()},
                  .variables = TRY(variables_of(request.environment, state.top)),
                  .work_pool = settings_.work_pool,
                  .source_folder = "",
                  .underscored_records = settings_.underscored_records};
    target.version = {.commit = commit.short_sha().text(),
                      .branch = TRY(branch_or(request.branch, state)),
                      .package_version = request.package_version.empty() ? settings_.package_version
                                                                         : request.package_version,
                      .image = ""};
    target.version.image = fill_in(request.image.empty() ? settings_.image : request.image, target.version);
    return target;
}

Result<Made> FlowService::plan_deploy(const DeployRequest& request, Progress& progress) {
    TRY(check_environment(request.environment));
    Made made{.plan = {.operation = Operation::Deploy,
                       .engine = std::string(outside_.orchestrator.engine()),
                       .source_environment = "",
                       .environment = request.environment,
                       .changes = {}},
              .notes = {}};
    const auto state = TRY(this->state(progress));
    const auto commit =
        request.ref.empty() ? state.head : TRY(outside_.source.resolve(request.ref, progress));
    if (request.ref.empty() && !state.is_clean()) made.notes.push_back(dirty_note(state));
    const auto code = TRY(code_at(commit, state, progress));
    const auto chosen = TRY(select_flows(code.flows, request.flows));
    auto target = TRY(deploy_target(request, state, commit));
    target.source_folder = code.top;

    std::vector<std::string> names;
    for (const auto& flow : chosen) names.push_back(deployment_name(flow, target));
    auto there = TRY(existing(names, progress));
    auto& changes = made.plan.changes;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const auto& flow = chosen[i];
        const auto found = there.find(names[i]);
        const auto* is = found == there.end() ? nullptr : &found->second;
        auto wanted = wanted_deployment(flow, code.settings.of(flow.name, request.environment), target, is);
        auto change = planned(flow.name, flow.id, std::move(wanted.spec),
                              is == nullptr ? std::nullopt : std::optional(*is));
        change.problems = std::move(wanted.problems);
        change.warnings = std::move(wanted.warnings);
        changes.push_back(std::move(change));
    }
    refuse_doubles(changes);
    TRY(check_pools(changes, progress));
    for (const auto& [name, entry] : code.settings.flows)
        if (std::ranges::find(code.flows, name, &Flow::name) == code.flows.end())
            return Fail(Error::invalid_input("{}:{}: there is no flow {} in the code", code.settings.name,
                                             entry.line, name)
                            .hint("remove it from the file, or correct its name"));
    return made;
}

}  // namespace ringmaster::flows
