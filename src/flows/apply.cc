// Performing a plan: each change recorded before it is written, and told as it came out.

#include <algorithm>

#include "base/text.h"
#include "domain/deployment_json.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

Error not_possible(const Plan& plan) {
    std::vector<std::string> sentences;
    for (const auto& change : plan.changes)
        for (const auto& problem : change.problems)
            sentences.push_back(fmt::format("{}: {}", change.flow, problem));
    return Error::failed("the plan has problems, so nothing was changed: {}", join(sentences, "; "));
}

Error not_allowed(const Plan& plan, const std::vector<std::string>& overruled) {
    std::vector<std::string> sentences;
    std::vector<std::string> names;
    for (const auto& change : plan.changes)
        for (const auto& objection : change.objections) {
            if (std::ranges::find(overruled, objection.gate) != overruled.end()) continue;
            sentences.push_back(fmt::format("{}: {}", change.flow, objection.message));
            if (std::ranges::find(names, objection.gate) == names.end()) names.push_back(objection.gate);
        }
    return Error::failed("not done: {}", join(sentences, "; "))
        .hint(fmt::format("see to it, or overrule it with --overrule {} --reason TEXT", join(names, ",")));
}

bool may_have_happened(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut;
}

DeployRecord record_of(const Plan& plan, const PlannedChange& change, const ApplyOptions& options,
                       const std::string& project, TimePoint now) {
    std::string reason = options.reason;
    if (!options.overruled.empty() && !change.objections.empty())
        reason += fmt::format("{}(overruled: {})", reason.empty() ? "" : " ", join(options.overruled, ", "));
    return {.id = 0,
            .time = now,
            .actor = options.actor,
            .operation = std::string(to_string(plan.operation)),
            .project = project,
            .flow = change.flow,
            .environment = plan.environment,
            .source_environment = plan.source_environment,
            .deployment = change.wanted.name,
            .deployment_id = change.existing ? change.existing->id : "",
            .version = change.wanted.version,
            .commit = FlowVersion::of_tags(change.wanted.tags).commit,
            .plan_digest = plan.digest(),
            .reason = std::move(reason),
            .spec = to_json_text(change.wanted),
            .previous = change.existing ? to_json_text(change.existing->spec) : "",
            .outcome = DeployOutcome::Begun,
            .detail = ""};
}

}  // namespace

Result<void> FlowService::require_same_world(const Plan& plan, Progress& progress) {
    std::vector<std::string> names;
    for (const auto& change : plan.changes) names.push_back(change.wanted.name);
    const auto there = TRY(existing(names, progress));
    for (const auto& change : plan.changes) {
        const auto is = there.find(change.wanted.name);
        const bool was_there = change.existing.has_value();
        const bool is_there = is != there.end();
        const bool same =
            was_there == is_there && (!is_there || (is->second.id == change.existing->id &&
                                                    diff(change.existing->spec, is->second.spec).empty()));
        if (!same)
            return Fail(Error::failed("{} is not what it was when the plan was made", change.wanted.name)
                            .hint("make the plan again; the new one needs its own approvals"));
    }
    return {};
}

Result<Plan> FlowService::revised(Plan plan, Progress& progress) {
    TRY(require_same_world(plan, progress));
    for (auto& change : plan.changes) change.objections.clear();
    if (plan.operation != Operation::Promote) return plan;
    std::vector<std::string> names;
    for (const auto& change : plan.changes) {
        auto name = DeploymentName::parse(change.wanted.name, change.wanted.tags);
        if (!name)
            return Fail(
                Error::corrupt("the plan is of {}, which is no name of a deployment", change.wanted.name));
        name->environment = plan.source_environment;
        names.push_back(name->text());
    }
    const auto there = TRY(existing(names, progress));
    std::vector<Deployment> sources;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto source = there.find(names[i]);
        if (source == there.end() || source->second.spec.version != plan.changes[i].wanted.version)
            return Fail(Error::failed("{} has not the version any more that the plan promotes ({})",
                                        names[i], plan.changes[i].wanted.version)
                            .hint("make the plan again; the new one needs its own approvals"));
        sources.push_back(source->second);
    }
    TRY(object(plan.environment, sources, plan.changes, progress));
    return plan;
}

/// A reply that was lost may have been that of a success: then what is there says so.
Result<std::string> FlowService::write(const PlannedChange& change, Progress& progress) {
    const auto* existing = change.existing ? &*change.existing : nullptr;
    auto written = outside_.orchestrator.apply(change.wanted, existing, progress);
    if (written || !may_have_happened(written.error())) return written;
    const auto found = outside_.orchestrator.find({change.wanted.name}, progress);
    if (!found) return written;
    for (const auto& each : *found)
        if (diff(each.spec, change.wanted).empty()) return each.id;
    return written;
}

Applied FlowService::perform(const Plan& plan, const PlannedChange& change, const ApplyOptions& options,
                             Progress& progress) {
    Applied applied{.flow = change.flow,
                    .deployment = change.wanted.name,
                    .kind = change.kind(),
                    .outcome = DeployOutcome::Done,
                    .error = std::nullopt,
                    .url = change.existing ? change.existing->url : ""};
    const auto failed = [&](const Error& error) {
        applied.outcome = DeployOutcome::Failed;
        applied.error = error;
        return applied;
    };
    if (change.kind() == ChangeKind::Unchanged) return applied;
    const auto id =
        outside_.records.begin(record_of(plan, change, options, settings_.project, outside_.clock.now()));
    if (!id) return failed(id.error());
    const auto written = write(change, progress);
    const auto outcome = written ? DeployOutcome::Done : DeployOutcome::Failed;
    const auto finished = outside_.records.finish(*id, outcome, written.value_or(""),
                                                  written ? "" : written.error().describe());
    if (!written) return failed(written.error());
    if (!finished) progress.line("the record of it could not be finished: " + finished.error().describe());
    return applied;
}

/// Puts back what was changed, newest first. What cannot be put back is told.
void FlowService::undo(const Plan& plan, const ApplyOptions& options, std::vector<Applied>& done,
                       Progress& progress) {
    for (std::size_t i = done.size(); i-- > 0;) {
        auto& applied = done[i];
        const auto& change = plan.changes[i];
        if (applied.outcome != DeployOutcome::Done || applied.kind == ChangeKind::Unchanged) continue;
        const auto put_back = [&]() -> Result<void> {
            const auto there = TRY(existing({change.wanted.name}, progress));
            const auto is = there.find(change.wanted.name);
            if (is == there.end()) return {};
            if (!change.existing) return outside_.orchestrator.remove(is->second.id, progress);
            TRY(outside_.orchestrator.apply(change.existing->spec, &is->second, progress));
            return {};
        };
        auto record = record_of(plan, change, options, settings_.project, outside_.clock.now());
        record.operation = "undo";
        std::swap(record.spec, record.previous);
        if (change.existing) {
            record.version = change.existing->spec.version;
            record.commit = FlowVersion::of_tags(change.existing->spec.tags).commit;
        }
        const auto id = outside_.records.begin(record);
        const auto result = put_back();
        if (id)
            (void)outside_.records.finish(*id, result ? DeployOutcome::Done : DeployOutcome::Failed, "",
                                          result ? "" : result.error().describe());
        if (result)
            applied.outcome = DeployOutcome::Undone;
        else
            applied.error = result.error();
    }
}

Result<std::vector<Applied>> FlowService::apply(const Plan& plan, const ApplyOptions& options,
                                                Progress& progress) {
    if (plan.has_problems()) return Fail(not_possible(plan));
    for (const auto& gate : options.overruled)
        if (std::ranges::find(gates(), gate) == gates().end())
            return Fail(Error::invalid_input("there is no rule {} to overrule", sanitize_for_terminal(gate))
                            .hint("it is one of: " + join(gates(), ", ")));
    if (!options.overruled.empty() && options.reason.empty())
        return Fail(Error::invalid_input("overruling needs a reason").hint("say it with --reason TEXT"));
    if (!plan.objections(options.overruled).empty()) return Fail(not_allowed(plan, options.overruled));
    TRY(require_approvals(plan, options));
    std::vector<Applied> done;
    bool has_failed = false;
    for (const auto& change : plan.changes) {
        if (has_failed && options.atomic) break;
        TRY(progress.pulse());
        done.push_back(perform(plan, change, options, progress));
        has_failed = has_failed || done.back().outcome == DeployOutcome::Failed;
    }
    if (has_failed && options.atomic) undo(plan, options, done, progress);
    return done;
}

Result<void> FlowService::require_approvals(const Plan& plan, const ApplyOptions& options) {
    const auto rule = settings_.promote.find(plan.environment);
    const bool is_overruled = std::ranges::find(options.overruled, "approvals") != options.overruled.end();
    if (plan.operation == Operation::Deploy || rule == settings_.promote.end() || is_overruled) return {};
    const auto approvals = TRY(outside_.records.approvals(plan.digest()));
    const auto others = std::ranges::count_if(
        approvals, [&](const auto& approval) { return approval.approver != options.actor; });
    if (others >= rule->second.approvals) return {};
    return Fail(Error::failed("{} needs the approval of {} other people; {} gave theirs", plan.environment,
                              rule->second.approvals, others)
                    .hint("save the plan with `ringmaster plan … --out FILE`, and let them run `ringmaster "
                          "approve FILE`"));
}

Result<void> FlowService::prune(const SeenDeployment& seen, const std::string& actor, Progress& progress) {
    DeployRecord record{.id = 0,
                        .time = outside_.clock.now(),
                        .actor = actor,
                        .operation = "prune",
                        .project = settings_.project,
                        .flow = seen.flow,
                        .environment = seen.name ? seen.name->environment : "",
                        .source_environment = "",
                        .deployment = seen.deployment.spec.name,
                        .deployment_id = seen.deployment.id,
                        .version = seen.deployment.spec.version,
                        .commit = seen.version.commit,
                        .plan_digest = "",
                        .reason = "",
                        .spec = "",
                        .previous = to_json_text(seen.deployment.spec),
                        .outcome = DeployOutcome::Begun,
                        .detail = ""};
    const auto id = TRY(outside_.records.begin(record));
    const auto removed = outside_.orchestrator.remove(seen.deployment.id, progress);
    TRY(outside_.records.finish(id, removed ? DeployOutcome::Done : DeployOutcome::Failed, seen.deployment.id,
                                removed ? "" : removed.error().describe()));
    return removed;
}

}  // namespace ringmaster::flows
