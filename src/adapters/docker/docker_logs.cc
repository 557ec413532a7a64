// Output of a show's container, and commands run in it.

#include "adapters/docker/container_command.h"
#include "adapters/docker/docker_runtime.h"
#include "adapters/docker/log_stream.h"

namespace ringmaster::docker {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(200);

}  // namespace

Result<void> DockerRuntime::logs(const ShowId& show, const LogOptions& options, Progress& progress) {
    auto found = TRY(containers_of(show));
    if (found.empty())
        return Fail(Error::not_found("there is no show {} of {}", show.base_name(), show.repository.text()));
    const auto path = "/containers/" + found.front().id + "/logs";
    LogStream stream(*engine_, path, progress);
    TRY(stream.read(options));
    // The engine ends the stream with the container; one that it starts again goes on.
    while (options.follow) {
        found = TRY(containers_of(show));
        if (found.empty() || condition_of(found.front(), clock_->now()).state == ServiceState::Exited) break;
        TRY(clock_->sleep(kLookAgain, progress));
        const auto more = stream.read_on();
        if (!more && more.error().kind() == ErrorKind::NotFound) break;
        TRY(more);
    }
    return {};
}

Result<void> DockerRuntime::run_in(const ShowId& show, const ShowCommand& command, Progress& progress) {
    const auto found = TRY(containers_of(show));
    if (found.empty() || condition_of(found.front(), clock_->now()).state != ServiceState::Running)
        return Fail(Error::not_found("there is no show {} of {} that runs", show.base_name(),
                                     show.repository.text()));
    return run_in_container(*engine_, found.front().id, command, progress);
}

}  // namespace ringmaster::docker
