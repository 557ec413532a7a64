// Output of a show's tasks, gathered by the manager.

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

}  // namespace ringmaster::docker
