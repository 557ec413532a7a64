#include "testing/fake_orchestrator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::testing {
namespace {

using nlohmann::json;

json parse(const std::string& text) {
    return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

bool is_of_type(const json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return true;
}

/// As much of a schema as tests need: the types of properties, and which must be there.
Result<void> check_parameters(const std::string& schema_text,
                              const std::map<std::string, std::string>& parameters) {
    if (schema_text.empty()) return {};
    const json schema = parse(schema_text);
    for (const auto& name : schema.value("required", json::array()))
        if (!parameters.contains(name.get<std::string>()))
            return Fail(Error::invalid_input("the parameter \"{}\" is missing", name.get<std::string>()));
    const json properties = schema.value("properties", json::object());
    for (const auto& [name, text] : parameters) {
        const json value = parse(text);
        const bool fits =
            !properties.contains(name) || is_of_type(value, properties[name].value("type", std::string()));
        if (value.is_discarded() || !fits)
            return Fail(Error::invalid_input("the parameter \"{}\" does not fit the flow", name));
    }
    return {};
}

bool is_name(const std::string& text) {
    return !text.empty() && text.find_first_of("/%&><") == std::string::npos;
}

}  // namespace

void FakeOrchestrator::fail_next(const std::string& call, Error error, Moment moment) {
    failures_.push_back({call, {moment, std::move(error)}});
}

std::optional<Error> FakeOrchestrator::failure(const std::string& call, Moment moment) {
    const auto due = std::ranges::find_if(failures_, [&](const auto& planned) {
        return planned.first == call && planned.second.first == moment;
    });
    if (due != failures_.end()) {
        Error error = due->second.second;
        failures_.erase(due);
        return error;
    }
    return on_call ? on_call(call, moment) : std::nullopt;
}

template <typename Body>
auto FakeOrchestrator::call(const std::string& name, const std::string& about, Progress& progress, Body body)
    -> decltype(body()) {
    const std::lock_guard lock(mutex_);
    ++calls[name];
    log.push_back(about.empty() ? name : name + " " + about);
    TRY(progress.pulse());
    if (auto error = failure(name, Moment::Before)) return Fail(*std::move(error));
    auto result = body();
    if (auto error = failure(name, Moment::After)) return Fail(*std::move(error));
    return result;
}

std::vector<Deployment> FakeOrchestrator::by_name(
    const std::function<bool(const Deployment&)>& wanted) const {
    std::vector<Deployment> found;
    for (const auto& [id, deployment] : deployments_)
        if (wanted(deployment)) found.push_back(deployment);
    std::ranges::sort(found, {}, [](const Deployment& deployment) {
        return std::pair(deployment.spec.name, deployment.spec.flow_record);
    });
    return found;
}

std::string FakeOrchestrator::flow_id(const std::string& flow_record) {
    const auto [at, is_new] = flow_ids_.try_emplace(flow_record);
    if (is_new) at->second = fmt::format("f{}", next_id_++);
    return at->second;
}

std::string FakeOrchestrator::add(DeploymentSpec spec) {
    const std::lock_guard lock(mutex_);
    auto id = fmt::format("d{}", next_id_++);
    const auto now = clock_.now();
    Deployment deployment{.id = id,
                          .flow_id = flow_id(spec.flow_record),
                          .spec = std::move(spec),
                          .created_at = now,
                          .updated_at = now,
                          .created_text = format_iso8601(now),
                          .updated_text = format_iso8601(now),
                          .url = "https://flows.example.org/deployments/deployment/" + id,
                          .status = "READY"};
    deployments_[id] = std::move(deployment);
    return id;
}

Deployment* FakeOrchestrator::named(const std::string& name) {
    for (auto& [id, deployment] : deployments_)
        if (deployment.spec.name == name) return &deployment;
    return nullptr;
}

Result<std::vector<Deployment>> FakeOrchestrator::list(Progress& progress) {
    return call("list", "", progress, [&]() -> Result<std::vector<Deployment>> {
        return by_name([](const Deployment&) { return true; });
    });
}

Result<std::vector<Deployment>> FakeOrchestrator::find(const std::vector<std::string>& names,
                                                       Progress& progress) {
    return call("find", join(names, ","), progress, [&]() -> Result<std::vector<Deployment>> {
        return by_name([&](const Deployment& deployment) {
            return std::ranges::find(names, deployment.spec.name) != names.end();
        });
    });
}

Result<std::optional<WorkPool>> FakeOrchestrator::work_pool(const std::string& name, Progress& progress) {
    return call("work_pool", name, progress, [&]() -> Result<std::optional<WorkPool>> {
        const auto found = pools.find(name);
        return found == pools.end() ? std::nullopt : std::optional(found->second);
    });
}

Result<void> FakeOrchestrator::check(const DeploymentSpec& spec, const Deployment* existing) const {
    if (!is_name(spec.name)) return Fail(Error::invalid_input("\"{}\" is no deployment's name", spec.name));
    if (!is_name(spec.flow_record))
        return Fail(Error::invalid_input("\"{}\" is no flow's name", spec.flow_record));
    if (!spec.work_pool.empty() && !pools.contains(spec.work_pool))
        return Fail(Error::not_found("there is no work pool \"{}\"", spec.work_pool));
    if (!existing) return {};
    if (existing->spec.name != spec.name || existing->spec.flow_record != spec.flow_record)
        return Fail(Error::invalid_input("{} cannot be given another name or flow", existing->spec.name));
    if (!deployments_.contains(existing->id))
        return Fail(Error::not_found("there is no deployment {} any more", existing->id));
    return {};
}

Result<std::string> FakeOrchestrator::apply(const DeploymentSpec& spec, const Deployment* existing,
                                            Progress& progress) {
    return call("apply", spec.name, progress, [&]() -> Result<std::string> {
        TRY(check(spec, existing));
        // Those before it with the same flow and name are the same deployment, as on real servers.
        const auto same = by_name([&](const Deployment& deployment) {
            return deployment.spec.name == spec.name && deployment.spec.flow_record == spec.flow_record;
        });
        if (same.empty()) return add(spec);
        Deployment& deployment = deployments_.at(same.front().id);
        deployment.spec = spec;
        deployment.updated_at = clock_.now();
        deployment.updated_text = format_iso8601(clock_.now());
        return deployment.id;
    });
}

Result<void> FakeOrchestrator::remove(const std::string& deployment_id, Progress& progress) {
    return call("remove", deployment_id, progress, [&]() -> Result<void> {
        deployments_.erase(deployment_id);
        return {};
    });
}

Result<FakeOrchestrator::Run*> FakeOrchestrator::run_of(const std::string& id) {
    const auto found = runs_.find(id);
    if (found == runs_.end()) return Fail(Error::not_found("there is no run {}", id));
    return &found->second;
}

Result<FlowRun> FakeOrchestrator::start(const RunRequest& request, Progress& progress) {
    return call("start", request.deployment_id, progress, [&]() -> Result<FlowRun> {
        const auto found = deployments_.find(request.deployment_id);
        if (found == deployments_.end())
            return Fail(Error::not_found("there is no deployment {}", request.deployment_id));
        for (const auto& [id, run] : runs_)
            if (!request.idempotency_key.empty() && run.idempotency_key == request.idempotency_key &&
                run.run.deployment_id == request.deployment_id)
                return run.run;
        auto parameters = request.parameters;
        parameters.insert(found->second.spec.parameters.begin(), found->second.spec.parameters.end());
        TRY(check_parameters(found->second.spec.parameter_schema, parameters));
        const int number = next_id_++;
        FlowRun run{.id = fmt::format("r{}", number),
                    .name = fmt::format("merry-otter-{}", number),
                    .deployment_id = request.deployment_id,
                    .state = RunState::Scheduled,
                    .state_text = "Scheduled",
                    .version = found->second.spec.version,
                    .expected_at = clock_.now(),
                    .url = fmt::format("https://flows.example.org/runs/flow-run/r{}", number)};
        runs_[run.id] = {run, number, std::move(parameters), request.idempotency_key, {}};
        return run;
    });
}

Result<FlowRun> FakeOrchestrator::find(const std::string& run_id, Progress& progress) {
    return call("find_run", run_id, progress, [&]() -> Result<FlowRun> { return TRY(run_of(run_id))->run; });
}

Result<std::map<std::string, FlowRun>> FakeOrchestrator::latest(
    const std::vector<std::string>& deployment_ids, Progress& progress) {
    return call(
        "latest", join(deployment_ids, ","), progress, [&]() -> Result<std::map<std::string, FlowRun>> {
            std::map<std::string, FlowRun> newest;
            std::map<std::string, std::pair<TimePoint, int>> when;
            for (const auto& [id, run] : runs_) {
                const auto& of = run.run.deployment_id;
                const auto due = run.run.started_at.value_or(run.run.expected_at.value_or(TimePoint()));
                const bool is_wanted = std::ranges::find(deployment_ids, of) != deployment_ids.end();
                if (!is_wanted || due > clock_.now()) continue;
                const std::pair key(due, run.number);
                if (newest.contains(of) && key < when[of]) continue;
                newest[of] = run.run;
                when[of] = key;
            }
            return newest;
        });
}

Result<std::vector<RunLogLine>> FakeOrchestrator::logs(const std::string& run_id, std::size_t skip,
                                                       Progress& progress) {
    return call("logs", run_id, progress, [&]() -> Result<std::vector<RunLogLine>> {
        const auto& lines = TRY(run_of(run_id))->lines;
        const auto begin = static_cast<std::ptrdiff_t>(std::min(skip, lines.size()));
        return std::vector<RunLogLine>(lines.begin() + begin, lines.end());
    });
}

Result<void> FakeOrchestrator::cancel(const std::string& run_id, Progress& progress) {
    return call("cancel", run_id, progress, [&]() -> Result<void> {
        FlowRun& run = TRY(run_of(run_id))->run;
        if (is_final(run.state)) return {};
        run.state = run.started_at ? RunState::Cancelling : RunState::Cancelled;
        run.state_text = run.started_at ? "Cancelling" : "Cancelled";
        if (!run.started_at) run.ended_at = clock_.now();
        return {};
    });
}

void FakeOrchestrator::begin(const std::string& run_id) {
    const std::lock_guard lock(mutex_);
    FlowRun& running = run(run_id);
    running.state = RunState::Running;
    running.state_text = "Running";
    running.started_at = clock_.now();
}

void FakeOrchestrator::end(const std::string& run_id, RunState state) {
    const std::lock_guard lock(mutex_);
    FlowRun& ended = run(run_id);
    if (!ended.started_at) ended.started_at = clock_.now();
    ended.state = state;
    ended.state_text = std::string(to_string(state));
    ended.ended_at = clock_.now();
}

void FakeOrchestrator::write_log(const std::string& run_id, std::string message, std::string level) {
    const std::lock_guard lock(mutex_);
    runs_.at(run_id).lines.push_back({clock_.now(), std::move(level), std::move(message)});
}

}  // namespace ringmaster::testing
