// How a show becomes a service: created, taken over, or changed in place.

#include <algorithm>

#include "adapters/docker/swarm_runtime.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

// Each look again is another worker's doing.
constexpr int kMostRounds = 10;
constexpr auto kLookAgain = std::chrono::milliseconds(100);
// Nodes pull large images; the caller's own bound and pulse come earlier.
constexpr auto kTaskPatience = std::chrono::minutes(30);
// A swarm says at once that no node fits; a node that is about to come back gets this long.
constexpr auto kNoNodePatience = std::chrono::seconds(15);

Error no_node(const std::string& why) {
    return Error::failed("no node of the swarm can run it: {}", why)
        .hint("free or add a node, lower [shows.run] memory_mb, or mend [shows.swarm] constraints");
}

}  // namespace

Result<void> SwarmRuntime::check(const ShowSpec& spec) const {
    TRY(check_spec(settings_.app, spec));
    if (settings_.endpoint_mode == EndpointMode::RoundRobin && settings_.port_mode == PortMode::Ingress)
        return Fail(Error::invalid_input("a port on every node needs a virtual address")
                        .hint("set [shows.swarm] endpoint_mode = \"vip\", or port_mode = \"host\""));
    if (settings_.port_mode == PortMode::None && settings_.networks.empty())
        return Fail(Error::invalid_input("a show without a port can only be reached in a network")
                        .hint("name one in [shows.swarm] networks"));
    return {};
}

Result<Endpoint> SwarmRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    TRY(check(spec));
    TRY(progress.pulse());
    const Attempt attempt{spec, entropy_->hex(8)};
    for (int round = 0; round < kMostRounds; ++round) {
        const auto endpoint = try_deploy(attempt, progress);
        if (endpoint && *endpoint) return **endpoint;
        if (!endpoint) {
            const auto undone = undo(attempt);
            if (undone) return Fail(endpoint.error());
            return Fail(also_not_undone(endpoint.error(), undone.error()));
        }
        TRY(clock_->sleep(kLookAgain, progress));
    }
    return Fail(Error::conflict("{} changed {} times while it was to be started", resource_name(spec.show),
                                kMostRounds));
}

Result<std::optional<Endpoint>> SwarmRuntime::try_deploy(const Attempt& attempt, Progress& progress) {
    const auto name = resource_name(attempt.spec.show);
    if (const auto service = TRY(inspect(name))) {
        if (!service->owner)
            return Fail(Error::conflict("a service that is not Ringmaster's has the name {}", name)
                            .hint("remove it"));
        return take_over(*service, attempt, progress);
    }
    const auto created = engine_->json(with_login({.method = "POST",
                                                   .path = "/services/create",
                                                   .doing = "creating " + name,
                                                   .body = TRY(body_for(attempt))},
                                                  attempt.spec));
    if (!created && created.error().kind() == ErrorKind::Conflict)
        return std::nullopt;  // another worker was first
    if (!created) return Fail(created.error());
    return TRY(await_task(TRY(created->string("ID")), attempt.id, progress));
}

/// What is there already under the show's name: adopted as it is, changed to what is wanted, or removed for a
/// new one.
Result<std::optional<Endpoint>> SwarmRuntime::take_over(const SwarmService& service, const Attempt& attempt,
                                                        Progress& progress) {
    const auto& spec = attempt.spec;
    const auto state = condition_of(service, TRY(tasks_of(service))).state;
    if (state == ServiceState::Exited || state == ServiceState::Removing) {
        TRY(end(service, progress));
        return std::nullopt;
    }
    if (service.owner->image == spec.artifact.image && service.owner->commit == spec.commit)
        return TRY(await_task(service.id, service.owner->attempt, progress));
    const auto changed = change(service, TRY(body_for(attempt)), spec);
    if (!changed && changed.error().kind() == ErrorKind::Conflict) return std::nullopt;
    TRY(changed);
    return TRY(await_task(service.id, attempt.id, progress));
}

/// Errors: as calls, with Conflict for a version that is not the newest any more ("update out of sequence").
Result<void> SwarmRuntime::change(const SwarmService& service, const std::string& body,
                                  const ShowSpec& spec) {
    const auto answer = engine_->call(
        with_login({.method = "POST",
                    .path = fmt::format("/services/{}/update?version={}", service.id, service.version),
                    .doing = "changing " + service.name,
                    .body = body},
                   spec));
    if (answer) return {};
    const bool is_stale = answer.error().message().find("out of sequence") != std::string::npos;
    return Fail(is_stale ? Error(ErrorKind::Conflict, answer.error().message()) : answer.error());
}

Result<std::string> SwarmRuntime::body_for(const Attempt& attempt) {
    SwarmFiles files;
    if (!attempt.spec.is_from_fork)
        for (const auto& name : settings_.secrets) files.secret_ids.emplace(name, TRY(id_of("secret", name)));
    for (const auto& [name, path] : settings_.configs)
        files.config_ids.emplace(name, TRY(id_of("config", name)));
    auto labels = labels_of(attempt.spec);
    labels.emplace(kAttemptLabel, attempt.id);
    return service_body(settings_, attempt.spec, files, labels);
}

Result<std::string> SwarmRuntime::id_of(const char* kind, const std::string& name) {
    const auto answer = engine_->json({.path = fmt::format("/{}s/{}", kind, encoded(name)),
                                       .doing = fmt::format("looking for the {} {}", kind, name)});
    if (!answer && answer.error().kind() == ErrorKind::NotFound)
        return Fail(Error::invalid_input("the swarm has no {} {}", kind, name)
                        .hint(fmt::format("`docker {} create {} FILE` makes it", kind, name)));
    return TRY(answer).string("ID");
}

EngineClient::Call SwarmRuntime::with_login(EngineClient::Call call, const ShowSpec& spec) const {
    const auto login = logins_->engine_header(spec.artifact.image);
    if (login && !login->empty()) call.headers.emplace_back("X-Registry-Auth", *login);
    return call;
}

/// Why waiting for the attempt's tasks has no point any more; nullopt while it has.
std::optional<Error> SwarmRuntime::obstacle(const SwarmService& service, const Task& newest,
                                            const std::string& attempt, Duration elapsed) const {
    if (service.update.starts_with("rollback") || service.update == "paused")
        return Error::failed("the new version did not come up, and the old one serves on: {}",
                             service.update_message);
    if (!service.owner || service.owner->attempt != attempt)
        return Error::conflict("another worker changed {} while it was started", service.name);
    if (newest.state == "rejected") return engine_refusal(500, newest.error, "starting " + service.name);
    if (newest.state == "pending" && !newest.error.empty() && elapsed > kNoNodePatience)
        return no_node(newest.error);
    if (elapsed > kTaskPatience)
        return Error::timed_out("{} is still {} after {}", service.name, newest.state,
                                format_duration_for_people(kTaskPatience));
    return std::nullopt;
}

Result<Endpoint> SwarmRuntime::await_task(const std::string& id, const std::string& attempt,
                                          Progress& progress) {
    const auto begin = clock_->monotonic();
    std::string told;
    for (;;) {
        const auto service = TRY(inspect(id));
        if (!service) return Fail(Error::conflict("the service was removed while it was started"));
        auto tasks = TRY(tasks_of(*service));
        std::erase_if(tasks, [&](const Task& task) { return task.attempt != attempt; });
        const auto newest = tasks.empty() ? Task{} : tasks.front();
        if (const auto why = obstacle(*service, newest, attempt, clock_->monotonic() - begin))
            return Fail(*why);
        const auto state = condition_of(*service, tasks).state;
        const bool is_settled = state == ServiceState::Running || state == ServiceState::Exited;
        if (is_settled)
            if (const auto endpoint = TRY(endpoint_of(*service, tasks))) return *endpoint;
        if (newest.state != told) progress.line(fmt::format("{}: {}", service->name, told = newest.state));
        TRY(clock_->sleep(kLookAgain, progress));
    }
}

/// The service that this attempt created; one that it only changed serves on.
Result<void> SwarmRuntime::undo(const Attempt& attempt) {
    NoProgress quiet;  // what stopped us must not stop the cleaning up
    for (const auto& service : TRY(list({fmt::format("{}={}", kAttemptLabel, attempt.id)})))
        TRY(end(service, quiet));
    return {};
}

}  // namespace ringmaster::docker
