#include "flows/wanted.h"

#include <algorithm>

#include "base/cron.h"
#include "base/text.h"
#include "domain/deployment_name.h"
#include "flows/parameter_schema.h"

namespace ringmaster::flows {

namespace {

/// What runs of the original expect to find (contract 1.5).
constexpr std::string_view kNameVariable = "DEPLOYMENT_NAME";
constexpr int kDefaultConcurrency = 1;

std::string entrypoint_of(const Flow& flow, const Target& target) {
    std::string_view path = flow.source_path;
    if (!target.source_folder.empty() && path.starts_with(target.source_folder))
        path = path.substr(target.source_folder.size());
    while (path.starts_with('/')) path.remove_prefix(1);
    if (flow.kind == FlowKind::Entrypoint) return flow.entrypoint_object.value_or("");
    return fmt::format("{}:{}", path, flow.entrypoint_object.value_or(""));
}

void check_parameters(const Flow& flow, const FlowSettings& settings, Wanted& wanted) {
    if (flow.kind == FlowKind::Entrypoint) return;
    std::vector<std::string> names;
    for (const auto& parameter : flow.parameters) names.push_back(parameter.name);
    for (const auto& [name, value] : settings.parameters) {
        if (std::ranges::count(names, name) > 0) continue;
        const auto near = nearest_word(name, names);
        wanted.problems.push_back(
            fmt::format("the settings give a parameter {} that the flow does not take{}", name,
                        near ? fmt::format(" (did you mean {}?)", *near) : ""));
    }
}

void check_schedule(const FlowSettings& settings, Wanted& wanted) {
    if (!settings.cron || settings.cron->empty()) return;
    if (const auto cron = Cron::parse(*settings.cron); !cron)
        wanted.problems.push_back(fmt::format("cron \"{}\": {}", *settings.cron, cron.error().message()));
}

void check_flow(const Flow& flow, const FlowSettings& settings, Wanted& wanted) {
    if (!flow.is_static)
        wanted.problems.push_back(
            flow.name_expression.empty()
                ? std::string("only running the code tells whether this flow exists")
                : fmt::format("only running the code tells its name ({})", flow.name_expression));
    else if (!flow.entrypoint_object)
        wanted.problems.emplace_back("nothing in its module leads to it, so a worker could not load it");
    if (flow.original_name.find_first_of("/%&><") != std::string::npos)
        wanted.problems.emplace_back("its name holds one of / % & > <, which orchestrators refuse");
    if (settings.name && replace_all(*settings.name, "-", "_") != flow.name)
        wanted.warnings.push_back(
            fmt::format("the settings call it {}, the code {}; the code counts", *settings.name, flow.name));
    if (settings.import_path && *settings.import_path != flow.import_path)
        wanted.warnings.push_back(fmt::format("the settings say it is in {}, it is in {}",
                                              *settings.import_path, flow.import_path));
}

}  // namespace

std::string deployment_name(const Flow& flow, const Target& target) {
    return DeploymentName::of(target.project, target.version.branch, flow.name, target.environment).text();
}

Wanted wanted_deployment(const Flow& flow, const FlowSettings& settings, const Target& target,
                         const Deployment* existing) {
    Wanted wanted;
    auto& spec = wanted.spec;
    spec.name = deployment_name(flow, target);
    spec.flow_record = existing                     ? existing->spec.flow_record
                       : target.underscored_records ? flow.name
                                                    : prefect_flow_name(flow);
    spec.entrypoint = entrypoint_of(flow, target);
    spec.version = target.version.text();
    spec.description = settings.description.value_or(flow.description.value_or(""));
    spec.tags = target.version.tags(target.project);
    spec.work_pool = settings.work_pool.value_or(target.work_pool);
    spec.work_queue = settings.work_queue.value_or(existing != nullptr ? existing->spec.work_queue : "");
    if (settings.cron && !settings.cron->empty())
        spec.schedules.push_back({.cron = *settings.cron,
                                  .interval = std::nullopt,
                                  .rrule = "",
                                  .timezone = settings.timezone.value_or(""),
                                  .is_active = true});
    spec.is_paused = settings.is_paused.value_or(existing != nullptr && existing->spec.is_paused);
    const int limit = settings.concurrency_limit.value_or(kDefaultConcurrency);
    if (limit > 0) spec.concurrency_limit = limit;
    spec.parameters = settings.parameters;
    spec.parameter_schema = parameter_schema(flow.parameters);
    spec.image = target.version.image;
    spec.environment = target.variables;
    spec.environment.insert_or_assign(std::string(kNameVariable), spec.name);
    spec.job_variables = settings.job_variables;
    if (spec.image.empty()) spec.code = target.code;
    check_flow(flow, settings, wanted);
    check_parameters(flow, settings, wanted);
    check_schedule(settings, wanted);
    return wanted;
}

}  // namespace ringmaster::flows
