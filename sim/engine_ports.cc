#include "sim/engine_ports.h"

#include <algorithm>

namespace ringmaster::sim {
namespace {

constexpr std::uint16_t kPort = 8080;

Result<void> nothing() {
    return {};
}

void let_die_later(World& world, const ShowId& show, std::uint64_t luck) {
    const auto later = std::chrono::seconds(static_cast<int>(luck % 900));
    world.scheduler.at(world.now() + later, [&world, show] {
        auto* unit = world.engine.find(show);
        if (!unit || unit->service.state != ServiceState::Running || world.fate.is_over()) return;
        ++world.stats.changes;
        world.story.tell(world.now(), "engine", "{} dies", unit->service.name);
        world.referee.service_died(show.pull_request_number);
        unit->service.state = ServiceState::Exited;
        unit->service.detail = "exit 137";
    });
}

}  // namespace

Result<Artifact> SimBuilder::build(const BuildSpec& spec, Progress& progress) {
    World& world = line_.world();
    const std::string& who = line_.process().name;
    const int number = spec.show.pull_request_number;
    TRY(line_.read(CallKind::Engine, "build", nothing));
    if (const auto done = world.engine.artifacts.find(spec.show); done != world.engine.artifacts.end())
        return done->second;
    const VersionTraits traits = world.engine.traits(spec.show.sha);
    world.referee.acts(world.actor().run, who, number, "builds");
    world.referee.uses(spec.show);
    world.story.tell(world.now(), who, "#{}: builds {}", number, spec.show.sha.text());
    ++world.stats.builds;
    world.stats.building += traits.build;
    TRY(line_.wait_with_pulses(traits.build, progress));
    if (traits.ends == VersionTraits::Ends::InBuild)
        return Fail(Error::failed("the build of {} ended with exit code 1", spec.show.sha.text()));
    world.referee.acts(world.actor().run, who, number, "finishes a build");
    const Artifact artifact{.image = spec.show.image_tag()};
    world.engine.artifacts[spec.show] = artifact;
    return artifact;
}

Result<void> SimBuilder::remove(const ShowId& show) {
    World& world = line_.world();
    const auto erase = [&world, show]() -> Result<void> {
        world.engine.artifacts.erase(show);
        return {};
    };
    return line_.request(
        CallKind::Engine, "removal of what was built", [&](std::optional<Fault>) { return erase(); },
        [&] { return [erase] { (void)erase(); }; });
}

/// On an error nothing of it is left (the port's contract), unless the process itself died.
Result<void> SimRuntime::start(const ShowSpec& spec, Progress& progress) {
    World& world = line_.world();
    const VersionTraits traits = world.engine.traits(spec.show.sha);
    TRY(line_.wait_with_pulses(traits.start, progress));
    if (traits.ends == VersionTraits::Ends::InStart)
        return Fail(Error::failed("{} did not start", spec.show.service_name()));
    return {};
}

Result<Endpoint> SimRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    World& world = line_.world();
    const std::string who = line_.process().name;
    const int number = spec.show.pull_request_number;
    const int run = world.actor().run;
    TRY(line_.read(CallKind::Engine, "deploy", nothing));
    auto* unit = world.engine.find(spec.show);
    if (unit && unit->service.state == ServiceState::Running) return *unit->service.endpoint;
    world.referee.acts(run, who, number, "starts a service");
    world.referee.uses(spec.show);
    world.referee.comes_alive(run, number, fmt::format("{} is started", spec.show.service_name()),
                              world.actor().last_look(number));
    world.story.tell(world.now(), who, "#{}: starts {}", number, spec.show.service_name());
    const Service starting{.show = spec.show,
                           .name = spec.show.service_name(),
                           .state = ServiceState::Starting,
                           .created_at = world.now()};
    world.engine.units.insert_or_assign(spec.show, EngineModel::Unit{.service = starting});
    if (auto started = start(spec, progress); !started) {
        world.engine.units.erase(spec.show);
        return Fail(started.error());
    }
    unit = world.engine.find(spec.show);
    if (!unit) return Fail(Error::failed("{} went away while it was started", spec.show.service_name()));
    const VersionTraits traits = world.engine.traits(spec.show.sha);
    unit->service.state = ServiceState::Running;
    unit->service.endpoint = Endpoint{world.engine.next_host(), kPort};
    unit->answers_from =
        traits.ends == VersionTraits::Ends::Unanswered ? TimePoint::max() : world.now() + traits.answer;
    if (world.fate.strikes(Fault::ServiceDeath, line_.draw())) let_die_later(world, spec.show, line_.draw());
    return *unit->service.endpoint;
}

Result<std::optional<Service>> SimRuntime::find(const ShowId& show) {
    return line_.read(CallKind::Engine, "find", [&]() -> Result<std::optional<Service>> {
        const auto* unit = line_.world().engine.find(show);
        if (!unit) return std::optional<Service>();
        return std::optional(unit->service);
    });
}

Result<std::vector<Service>> SimRuntime::list_managed() {
    World& world = line_.world();
    auto listed =
        line_.read(CallKind::EngineListing, "list of services", [&]() -> Result<std::vector<Service>> {
            std::vector<Service> found;
            found.reserve(world.engine.units.size());
            for (const auto& [key, unit] : world.engine.units) {
                const bool is_ours = unit.is_tagged && unit.service.show.repository == world.repository;
                if (is_ours || world.options.broken == Broken::ForeignListed) found.push_back(unit.service);
            }
            return found;
        });
    return listed;
}

Result<PullRequestServices> SimRuntime::list_of(int pull_request_number, Others) {
    return pick_services(TRY(list_managed()), pull_request_number);
}

void SimRuntime::erase(const ShowId& show, int run, const std::string& who, bool listing_broke) {
    World& world = line_.world();
    const int number = show.pull_request_number;
    const auto* unit = world.engine.find(show);
    if (!unit) return;
    if (show.repository != world.repository || !unit->is_tagged)
        return world.referee.violated(4, fmt::format("{} removes {} of {}, which is not ours", who,
                                                     unit->service.name, show.repository.text()));
    if (listing_broke) world.referee.sweeps_after_broken_listing(unit->service.name);
    world.referee.acts(run, who, number, "removes a service");
    world.referee.will_change(number);
    world.story.tell(world.now(), who, "#{}: {} is gone", number, unit->service.name);
    world.engine.units.erase(show);
    world.referee.has_changed(number);
}

Result<void> SimRuntime::remove(const ShowId& show, Progress& progress) {
    World& world = line_.world();
    const int run = world.actor().run;
    const std::string who = line_.process().name;
    const bool broke = world.actor().listing_broke;
    if (world.engine.find(show)) TRY(line_.wait_with_pulses(world.engine.traits(show.sha).removal, progress));
    return line_.request(
        CallKind::Engine, "removal of a service",
        [&](std::optional<Fault>) -> Result<void> {
            erase(show, run, who, broke);
            return {};
        },
        [&] { return [this, show, run, who, broke] { erase(show, run, who, broke); }; });
}

Result<void> SimRuntime::run_in(const ShowId& show, const ShowCommand& command, Progress& progress) {
    World& world = line_.world();
    TRY(line_.read(CallKind::Engine, "command", nothing));
    auto* unit = world.engine.find(show);
    if (!unit || unit->service.state != ServiceState::Running)
        return Fail(Error::not_found("there is no {} that runs", show.service_name()));
    const bool is_seed = command == world.policy.seed;
    world.story.tell(world.now(), line_.process().name, "#{}: {} {}", show.pull_request_number,
                     is_seed ? "seeds" : "takes leave in", unit->service.name);
    if (is_seed && ++unit->seeds_begun > 1)
        world.referee.violated(11, fmt::format("{} is seeded a second time", unit->service.name));
    const auto luck = line_.draw();
    const auto took = std::chrono::seconds(static_cast<int>(luck % 20));
    if (took > command.timeout) {
        TRY(line_.wait_with_pulses(command.timeout, progress));
        return Fail(Error::timed_out("the command in the show had not ended in time"));
    }
    TRY(line_.wait_with_pulses(took, progress));
    unit = world.engine.find(show);
    if (!unit) return Fail(Error::not_found("{} went away", show.service_name()));
    if (luck / 20 % 16 == 0) return Fail(Error::failed("the command in the show ended with exit code 1"));
    if (is_seed) unit->is_seeded = true;
    return {};
}

Result<HttpResponse> SimWeb::send(const HttpRequest& request) {
    World& world = line_.world();
    return line_.read(CallKind::Engine, "health check", [&]() -> Result<HttpResponse> {
        const auto* unit = world.engine.find_at(request.url);
        if (!unit) return Fail(Error::unavailable("nothing answers at {}", request.url));
        return HttpResponse{.status = unit->is_healthy(world.now()) ? 200 : 503};
    });
}

}  // namespace ringmaster::sim
