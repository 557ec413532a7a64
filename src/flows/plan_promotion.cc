// Plans of promotions: what runs in one environment, as it is to be in the next.

#include <algorithm>

#include "base/text.h"
#include "flows/service.h"
#include "flows/window.h"

namespace ringmaster::flows {

namespace {

/// The names of the words among what is deployed; "all" is all of it.
Result<std::vector<std::string>> chosen_names(const std::vector<std::string>& words,
                                              const std::map<std::string, Deployment>& sources,
                                              const std::string& from) {
    std::vector<std::string> known;
    for (const auto& [flow, deployment] : sources) known.push_back(flow);
    if (words.empty()) return Fail(Error::invalid_input("no flow was named").hint("name some, or say all"));
    std::vector<std::string> chosen;
    for (const auto& word : words) {
        if (word == "all") return known;
        const auto name = replace_all(word, "-", "_");
        if (!sources.contains(name)) {
            const auto near = nearest_word(name, known);
            return Fail(Error::invalid_input("{} is not deployed to {}", sanitize_for_terminal(word), from)
                            .hint(near ? fmt::format("did you mean {}?", *near)
                                       : "`ringmaster grid` shows what is where"));
        }
        if (std::ranges::find(chosen, name) == chosen.end()) chosen.push_back(name);
    }
    return chosen;
}

/// As in the source, under the target's name and with its variables (contract 4.5).
DeploymentSpec carried_over(const Deployment& source, const Target& target, const std::string& flow,
                            const Deployment* existing) {
    DeploymentSpec spec = source.spec;
    spec.name = DeploymentName::of(target.project, target.version.branch, flow, target.environment).text();
    spec.environment = target.variables;
    spec.environment.insert_or_assign("DEPLOYMENT_NAME", spec.name);
    if (existing != nullptr) {
        spec.is_paused = existing->spec.is_paused;
        spec.flow_record = existing->spec.flow_record;
    }
    return spec;
}

}  // namespace

/// The gates of each change, whose sources are in the same order.
Result<void> FlowService::object(const std::string& environment, const std::vector<Deployment>& sources,
                                 std::vector<PlannedChange>& changes, Progress& progress) {
    std::vector<std::string> ids;
    for (const auto& source : sources) ids.push_back(source.id);
    const auto runs = TRY(outside_.runs.latest(ids, progress));
    const auto records = TRY(outside_.records.newest(settings_.project));
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto& change = changes[i];
        SourceFacts facts{.deployment = sources[i],
                          .last_run = std::nullopt,
                          .drift = {},
                          .target_distance = std::nullopt,
                          .target_exists = change.existing.has_value()};
        if (const auto run = runs.find(sources[i].id); run != runs.end()) facts.last_run = run->second;
        if (const auto record = records.find(sources[i].spec.name); record != records.end())
            facts.drift = drift_from(record->second, sources[i].spec);
        if (change.existing) {
            const auto source_commit = FlowVersion::of_tags(sources[i].spec.tags).commit;
            const auto target_commit = FlowVersion::of_tags(change.existing->spec.tags).commit;
            const auto newer = outside_.source.resolve(source_commit, progress);
            if (newer && !target_commit.empty()) {
                const auto distances =
                    TRY(outside_.source.commits_between({target_commit}, *newer, progress));
                facts.target_distance = distances.at(target_commit);
            }
        }
        change.objections = objections_to(facts);
    }
    const auto rule = settings_.promote.find(environment);
    if (rule == settings_.promote.end() || rule->second.window.empty()) return {};
    const auto window = TRY(Window::parse(rule->second.window));
    const auto now = outside_.clock.now();
    if (!window.contains(now, TRY(outside_.zone_offset(window.zone, now))))
        for (auto& change : changes)
            change.objections.push_back(
                {"window", fmt::format("{} takes changes only {}", environment, rule->second.window)});
    return {};
}

Result<std::string> FlowService::source_environment(const PromoteRequest& request) const {
    TRY(check_environment(request.to));
    std::string from = request.from;
    if (from.empty()) {
        if (const auto rule = settings_.promote.find(request.to); rule != settings_.promote.end())
            from = rule->second.from;
        const auto& order = settings_.environments;
        const auto place = std::ranges::find(order, request.to);
        if (from.empty() && place != order.end() && place != order.begin()) from = *(place - 1);
        if (from.empty())
            return Fail(Error::invalid_input("nothing says from where versions come to {}", request.to)
                            .hint("say it with --from"));
    }
    TRY(check_environment(from));
    if (from == request.to)
        return Fail(Error::invalid_input("{} cannot be promoted to itself", from)
                        .hint("`ringmaster rollback` goes back"));
    return from;
}

Result<Made> FlowService::plan_promotion(const PromoteRequest& request, Progress& progress) {
    const auto from = TRY(source_environment(request));
    Made made{.plan = {.operation = Operation::Promote,
                       .engine = std::string(outside_.orchestrator.engine()),
                       .source_environment = from,
                       .environment = request.to,
                       .changes = {}},
              .notes = {}};
    const auto state = TRY(this->state(progress));
    const auto branch = TRY(branch_or(request.branch, state));
    const auto variables = TRY(variables_of(request.to, state.top));

    const auto here = DeploymentName::of(settings_.project, branch, "", "");
    std::map<std::string, Deployment> in_source;
    std::map<std::string, Deployment> in_target;
    for (auto& deployment : TRY(outside_.orchestrator.list(progress))) {
        const auto name = DeploymentName::parse(deployment.spec.name, deployment.spec.tags);
        if (!name || name->project != here.project || name->branch != here.branch) continue;
        const auto flow = replace_all(name->flow, "-", "_");
        if (name->environment == from)
            in_source.emplace(flow, std::move(deployment));
        else if (name->environment == request.to)
            in_target.emplace(flow, std::move(deployment));
    }
    std::vector<Deployment> sources;
    std::map<std::string, Result<Code>> code_of;
    for (const auto& flow : TRY(chosen_names(request.flows, in_source, from))) {
        const auto& source = in_source.at(flow);
        const auto there = in_target.find(flow);
        const auto* is = there == in_target.end() ? nullptr : &there->second;
        Target target{.project = settings_.project,
                      .environment = request.to,
                      .version = FlowVersion::of_tags(source.spec.tags),
                      .code = source.spec.code,
                      .variables = variables,
                      .work_pool = settings_.work_pool.empty() ? source.spec.work_pool : settings_.work_pool,
                      .source_folder = "",
                      .underscored_records = settings_.underscored_records};
        target.version.image = source.spec.image;
        if (target.version.branch.empty()) target.version.branch = branch;
        sources.push_back(source);
        auto change = TRY(promoted(request, state, flow, source, std::move(target), is, code_of, progress));
        made.plan.changes.push_back(std::move(change));
    }
    TRY(object(request.to, sources, made.plan.changes, progress));
    TRY(check_pools(made.plan.changes, progress));
    return made;
}

Result<PlannedChange> FlowService::promoted(const PromoteRequest& request, const SourceState& state,
                                            const std::string& name, const Deployment& source, Target target,
                                            const Deployment* is,
                                            std::map<std::string, Result<Code>>& code_of,
                                            Progress& progress) {
    const auto there = is == nullptr ? std::nullopt : std::optional(*is);
    if (request.settings == SettingsFrom::Source)
        return planned(name, "", carried_over(source, target, name, is), there);
    auto commit = source.spec.code ? source.spec.code->commit : target.version.commit;
    if (request.settings == SettingsFrom::Checkout) commit = state.head.text();
    if (!code_of.contains(commit)) {
        const auto read = [&]() -> Result<Code> {
            return code_at(TRY(outside_.source.resolve(commit, progress)), state, progress);
        };
        code_of.emplace(commit, read());
    }
    const auto& code = code_of.at(commit);
    const auto refused = [&](std::string why) {
        auto change = planned(name, "", carried_over(source, target, name, is), there);
        change.problems.push_back(std::move(why));
        return change;
    };
    if (!code) {
        if (code.error().kind() != ErrorKind::NotFound) return Fail(code.error());
        return refused(
            fmt::format("the code of its version cannot be read here: {} ({}; or take the settings of the "
                        "source with --settings source)",
                        code.error().message(), code.error().hint()));
    }
    const auto flow = std::ranges::find(code->flows, name, &Flow::name);
    if (flow == code->flows.end()) return refused(fmt::format("there is no such flow in commit {}", commit));
    target.source_folder = code->top;
    auto wanted = wanted_deployment(*flow, code->settings.of(name, request.to), target, is);
    auto change = planned(name, flow->id, std::move(wanted.spec), there);
    change.problems = std::move(wanted.problems);
    change.warnings = std::move(wanted.warnings);
    return change;
}

}  // namespace ringmaster::flows
