#include "adapters/docker/docker_runtime.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

// Looks until a show is up: each is either a port that turned out to be taken, or another worker with the
// same show.
constexpr int kMostRounds = 40;
constexpr auto kLookAgain = std::chrono::milliseconds(100);
// For what the engine does after a kill: unmounting, releasing the network.
constexpr auto kRemovalPatience = std::chrono::minutes(1);
// For the engine's own work around a stop, beside the grace.
constexpr auto kStopOverhead = std::chrono::minutes(1);

bool is_kind(const Error& error, ErrorKind kind) {
    return error.kind() == kind;
}

}  // namespace

Result<Endpoint> DockerRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    TRY(check_spec(settings_.app, spec));
    TRY(check_reach());
    TRY(progress.pulse());
    Attempt attempt{.spec = spec, .id = entropy_->hex(8)};
    for (int round = 0; round < kMostRounds; ++round) {
        const auto endpoint = try_deploy(attempt, progress);
        if (endpoint && *endpoint) return **endpoint;
        const auto undone = undo(attempt);
        if (!endpoint) {
            if (attempt.has_pulled) (void)images_.remove(spec.artifact.image);  // nobody else wanted it
            if (undone) return Fail(endpoint.error());
            return Fail(also_not_undone(endpoint.error(), undone.error()));
        }
        TRY(undone);
        TRY(clock_->sleep(kLookAgain, progress));
    }
    return Fail(Error::failed("{} could not be started: {} of the ports {}-{} were taken",
                              resource_name(spec.show), attempt.refused_ports.size(), settings_.first_port,
                              settings_.last_port)
                    .hint("give [shows.run] ports a wider range"));
}

Result<void> DockerRuntime::check_reach() const {
    const bool is_loopback = settings_.address.starts_with("127.");
    if (settings_.reach == Reach::Port && !engine_->address().is_local() && is_loopback)
        return Fail(
            Error::invalid_input("shows on the Docker engine at {} would listen on {}, which only that "
                                 "machine can reach",
                                 engine_->address().text, settings_.address)
                .hint("set [shows.run] address to one of that machine's, or to 0.0.0.0"));
    return {};
}

Result<std::optional<Endpoint>> DockerRuntime::try_deploy(Attempt& attempt, Progress& progress) {
    const auto name = resource_name(attempt.spec.show);
    if (const auto container = TRY(inspect(name))) {
        if (!container->owner)
            return Fail(Error::conflict("a container that is not Ringmaster's has the name {}", name)
                            .hint("rename or remove it"));
        return adopt(*container, attempt.spec, progress);
    }
    const auto id = create(attempt, progress);
    if (!id && is_kind(id.error(), ErrorKind::Conflict)) return std::nullopt;  // another worker was first
    if (!id) return Fail(id.error());
    if (const auto started = start(*id, progress); !started) {
        const bool may_look_again =
            is_kind(started.error(), ErrorKind::Conflict) ||  // its port is taken
            is_kind(started.error(), ErrorKind::NotFound);    // another worker removed it
        const bool is_exhausted = attempt.refused_ports.size() > settings_.last_port - settings_.first_port;
        if (may_look_again && !is_exhausted) return std::nullopt;
        return Fail(started.error());
    }
    const auto container = TRY(inspect(*id));
    if (!container) return std::nullopt;
    return TRY(endpoint_of(*container));
}

/// What is there already under the show's name, if it is what is asked for; else it goes, and we look again.
Result<std::optional<Endpoint>> DockerRuntime::adopt(const Container& container, const ShowSpec& spec,
                                                     Progress& progress) {
    const auto state = condition_of(container, clock_->now()).state;
    const bool is_same =
        container.owner->image == spec.artifact.image && container.owner->commit == spec.commit;
    const bool is_usable = state == ServiceState::Running || state == ServiceState::Starting;
    if (is_same && is_usable && start(container.id, progress)) {
        if (const auto now = TRY(inspect(container.id))) return TRY(endpoint_of(*now));
        return std::nullopt;
    }
    TRY(progress.pulse());
    TRY(end(container, progress));
    return std::nullopt;
}

Result<std::string> DockerRuntime::create(Attempt& attempt, Progress& progress) {
    TRY(get_image(attempt, progress));
    auto labels = labels_of(attempt.spec);
    labels.emplace(kAttemptLabel, attempt.id);
    if (attempt.has_pulled) labels.emplace(kPulledLabel, "yes");
    const auto placement = TRY(placement_for(attempt));
    if (placement.published != 0)
        attempt.refused_ports.push_back(placement.published);  // should it be refused
    TRY(progress.pulse());
    const auto name = resource_name(attempt.spec.show);
    const auto answer =
        TRY(engine_->json({.method = "POST",
                           .path = "/containers/create?name=" + encoded(name),
                           .doing = "creating " + name,
                           .body = creation_body(settings_.app, attempt.spec, placement, labels)}));
    return answer.string("Id");
}

Result<void> DockerRuntime::get_image(Attempt& attempt, Progress& progress) {
    const auto& image = attempt.spec.artifact.image;
    if (attempt.has_pulled) return {};
    const bool is_there = TRY(images_.exists(image));
    if (settings_.pull == Pull::Never && !is_there)
        return Fail(
            Error::not_found("the Docker engine has no image {}, and [shows.docker] pull is \"never\"", image)
                .hint("build it there, or let it be pulled"));
    if (is_there && settings_.pull != Pull::Always) return {};
    TRY(images_.pull(image, progress));
    attempt.has_pulled = !is_there;
    return {};
}

Result<void> DockerRuntime::start(const std::string& id, Progress& progress) {
    TRY(engine_->call({.method = "POST",
                       .path = "/containers/" + id + "/start",
                       .doing = "starting the container",
                       .progress = &progress}));
    return {};
}

Result<Endpoint> DockerRuntime::endpoint_of(const Container& container) const {
    if (settings_.reach == Reach::Network) {
        if (!container.network_address.empty())
            return Endpoint{container.network_address, settings_.app.port};
        const auto condition = condition_of(container, clock_->now());
        return Fail(Error::failed("{} has no address in its network: {}", container.name,
                                  condition.detail.empty() ? container.status : condition.detail)
                        .hint("`docker logs " + container.name + "` may say why"));
    }
    if (!container.published_port)
        return Fail(
            Error::failed("{} publishes no port {}", container.name, settings_.app.port)
                .hint(
                    "remove the show and start it again: [shows.run] port or [shows.docker] reach changed"));
    auto host = settings_.host;
    if (host.empty() && settings_.address == "0.0.0.0") host = engine_->address().host;
    return Endpoint{host.empty() ? settings_.address : host, *container.published_port};
}

/// A port that no container has and that was not refused. The search begins where the show's name says: it
/// usually gets the same one again, and an address that somebody kept does not soon lead to another show.
Result<Placement> DockerRuntime::placement_for(const Attempt& attempt) {
    Placement placement{.network = settings_.network};
    if (settings_.reach == Reach::Network) return placement;
    placement.address = settings_.address;
    auto taken = TRY(ports_in_use());
    taken.insert(attempt.refused_ports.begin(), attempt.refused_ports.end());
    const auto count = static_cast<std::uint32_t>(settings_.last_port - settings_.first_port + 1);
    const auto begin = stable_hash(resource_name(attempt.spec.show)) % count;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto port = static_cast<std::uint16_t>(settings_.first_port + (begin + i) % count);
        if (taken.contains(port)) continue;
        placement.published = port;
        return placement;
    }
    return Fail(Error::failed("all ports from {} to {} are taken", settings_.first_port, settings_.last_port)
                    .hint("give [shows.run] ports a wider range, or stop a show"));
}

Result<std::set<std::uint16_t>> DockerRuntime::ports_in_use() {
    std::set<std::uint16_t> ports;
    const auto answer = TRY(engine_->json({.path = "/containers/json", .doing = "listing ports in use"}));
    for (const auto& container : TRY(answer.as_items())) {
        if (!TRY(container.find("Ports"))) continue;
        for (const auto& port : TRY(container.items("Ports")))
            if (TRY(port.find("PublicPort")))
                ports.insert(static_cast<std::uint16_t>(TRY(port.integer("PublicPort"))));
    }
    return ports;
}

Result<void> DockerRuntime::undo(const Attempt& attempt) {
    NoProgress quiet;  // what stopped us must not stop the cleaning up
    for (const auto& container : TRY(list({fmt::format("{}={}", kAttemptLabel, attempt.id)})))
        TRY(erase(container.id, quiet));
    return {};
}

Result<std::optional<Container>> DockerRuntime::inspect(const std::string& name_or_id) {
    const auto answer = engine_->json({.path = "/containers/" + encoded(name_or_id) + "/json",
                                       .doing = "looking at " + name_or_id.substr(0, 64)});
    if (!answer && is_kind(answer.error(), ErrorKind::NotFound)) return std::nullopt;
    if (!answer) return Fail(answer.error());
    return TRY(read_container(*answer, settings_.app.repository, settings_.app.port, settings_.network));
}

/// Containers of ours with these labels, complete; what vanishes meanwhile is not one any more.
Result<std::vector<Container>> DockerRuntime::list(const std::vector<std::string>& labels) {
    auto wanted = labels;
    wanted.push_back(fmt::format("{}={}", kRepositoryLabel, settings_.app.repository.text()));
    const auto answer = TRY(engine_->json(
        {.path = "/containers/json?all=1&filters=" + label_filter(wanted), .doing = "listing containers"}));
    std::vector<Container> found;
    for (const auto& item : TRY(answer.as_items())) {
        auto container = TRY(inspect(TRY(item.string("Id"))));
        if (container && container->owner) found.push_back(std::move(*container));
    }
    return found;
}

Result<std::vector<Container>> DockerRuntime::containers_of(const ShowId& show) {
    auto found = TRY(list({fmt::format("{}={}", kShowLabel, show.base_name())}));
    std::erase_if(found, [&](const Container& container) { return container.owner->show != show; });
    return found;
}

Service DockerRuntime::service_of(const Container& container) {
    const auto condition = condition_of(container, clock_->now());
    const auto endpoint = endpoint_of(container);
    return {.show = container.owner->show,
            .name = container.name,
            .state = condition.state,
            .endpoint = endpoint ? std::optional(*endpoint) : std::nullopt,
            .created_at = container.owner->created_at,
            .expires_at = container.owner->expires_at,
            .detail = condition.detail};
}

Result<std::optional<Service>> DockerRuntime::find(const ShowId& show) {
    const auto found = TRY(containers_of(show));
    if (found.empty()) return std::nullopt;
    return service_of(found.front());
}

Result<std::vector<Service>> DockerRuntime::list_managed() {
    std::vector<Service> services;
    for (const auto& container : TRY(list({}))) services.push_back(service_of(container));
    return services;
}

Result<PullRequestServices> DockerRuntime::list_of(int pull_request_number, Others) {
    return pick_services(TRY(list_managed()), pull_request_number);
}

Result<void> DockerRuntime::remove(const ShowId& show, Progress& progress) {
    for (const auto& container : TRY(containers_of(show)))
        TRY_WHILE(end(container, progress), "removing {}", container.name);
    return {};
}

Result<void> DockerRuntime::end(const Container& container, Progress& progress) {
    const auto grace = settings_.app.stop_grace;
    const auto stopped =
        engine_->call({.method = "POST",
                       .path = fmt::format("/containers/{}/stop?t={}", container.id, whole_seconds(grace)),
                       .doing = "stopping it",
                       .timeout = grace + kStopOverhead,
                       .progress = &progress});
    // One that never started, or that another worker removes, cannot be stopped; it is removed all the same.
    const bool may_go_on = stopped || is_kind(stopped.error(), ErrorKind::NotFound) ||
                           is_kind(stopped.error(), ErrorKind::Conflict) ||
                           is_kind(stopped.error(), ErrorKind::Failed);
    if (!may_go_on) return Fail(stopped.error());
    TRY(erase(container.id, progress));
    return forget_image(*container.owner);
}

/// Until the engine confirms that it is gone.
Result<void> DockerRuntime::erase(const std::string& id, Progress& progress) {
    const auto deadline = clock_->monotonic() + kRemovalPatience;
    for (;;) {
        const auto removed = engine_->call({.method = "DELETE",
                                            .path = "/containers/" + id + "?force=1&v=1",
                                            .doing = "removing the container",
                                            .progress = &progress});
        if (!removed && is_kind(removed.error(), ErrorKind::NotFound)) return {};
        // Conflict: another worker's removal of it is in progress.
        if (!removed && !is_kind(removed.error(), ErrorKind::Conflict)) return Fail(removed.error());
        if (removed && !TRY(inspect(id))) return {};
        if (clock_->monotonic() > deadline)
            return Fail(Error::timed_out("the Docker engine has not removed the container {} within {}",
                                         id.substr(0, 12), format_duration_for_people(kRemovalPatience))
                            .hint("`docker rm -f` it by hand, and look at the engine's log"));
        TRY(clock_->sleep(kLookAgain, progress));
    }
}

/// The image that was pulled for this show alone; one that another container uses stays.
Result<void> DockerRuntime::forget_image(const Ownership& owner) {
    if (owner.was_pulled && !owner.image.empty()) TRY(images_.remove(owner.image));
    return {};
}

}  // namespace ringmaster::docker
