// Output of a show's tasks, gathered by the manager; and commands run in the one that serves.

#include <algorithm>

#include "adapters/docker/container_command.h"
#include "adapters/docker/log_stream.h"
#include "adapters/docker/swarm_runtime.h"

namespace ringmaster::docker {
namespace {

constexpr auto kStateInterval = std::chrono::seconds(1);

/// The manager never ends the stream that follows a service, so the pulse does, a look after the application
/// ended: by then its last lines have come.
class UntilEnd final : public Progress {
 public:
    UntilEnd(Progress& inner, Clock& clock, std::function<Result<bool>()> has_ended)
        : inner_(&inner), clock_(&clock), has_ended_(std::move(has_ended)) {}

    void line(std::string_view text) override { inner_->line(text); }
    Result<void> pulse() override {
        TRY(inner_->pulse());
        const auto now = clock_->monotonic();
        if (now < next_look_) return {};
        next_look_ = now + kStateInterval;
        if (is_over_) return Fail(Error::interrupted("the show has ended"));
        is_over_ = TRY(has_ended_());
        return {};
    }
    bool is_over() const { return is_over_; }

 private:
    Progress* inner_;
    Clock* clock_;
    std::function<Result<bool>()> has_ended_;
    Duration next_look_{0};
    bool is_over_ = false;
};

}  // namespace

Result<void> SwarmRuntime::logs(const ShowId& show, const LogOptions& options, Progress& progress) {
    const auto found = TRY(services_of(show));
    if (found.empty())
        return Fail(Error::not_found("there is no show {} of {}", show.base_name(), show.repository.text()));
    const auto path = "/services/" + found.front().id + "/logs";
    if (!options.follow) return LogStream(*engine_, path, progress).read(options);
    const auto has_ended = [&]() -> Result<bool> {
        const auto service = TRY(find(show));
        return !service || service->state == ServiceState::Exited || service->state == ServiceState::Removing;
    };
    UntilEnd until_end(progress, *clock_, has_ended);
    LogStream stream(*engine_, path, until_end);
    auto read = stream.read(options);
    while (read && !until_end.is_over()) {
        TRY(clock_->sleep(kStateInterval, until_end));
        read = stream.read_on();
    }
    const bool is_ours = !read && read.error().kind() == ErrorKind::Interrupted && until_end.is_over();
    if (!read && !is_ours) return Fail(read.error());
    return {};
}

/// Services have no way to run a command; containers have, on the engine of their own node.
Result<void> SwarmRuntime::run_in(const ShowId& show, const ShowCommand& command, Progress& progress) {
    const auto found = TRY(services_of(show));
    const auto tasks = found.empty() ? std::vector<Task>() : TRY(tasks_of(found.front()));
    const auto task = std::ranges::find_if(
        tasks, [](const Task& each) { return each.is_wanted() && each.state == "running"; });
    if (task == tasks.end())
        return Fail(Error::not_found("there is no show {} of {} that runs", show.base_name(),
                                     show.repository.text()));
    const auto engine = TRY(engine_->json({.path = "/info", .doing = "asking which node this engine is"}));
    if (TRY(TRY(engine.member("Swarm")).string("NodeID")) != task->node)
        return Fail(
            Error::invalid_input("{} runs on another node of the swarm, and a command can be run only on "
                                 "the one that Ringmaster talks to",
                                 found.front().name)
                .hint("keep shows there with [shows.swarm] constraints, or let the image's own start "
                      "do what seed and teardown do"));
    return run_in_container(*engine_, task->container, command, progress);
}

}  // namespace ringmaster::docker
