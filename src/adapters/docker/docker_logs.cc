// Output of a show's container.

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

}  // namespace ringmaster::docker
