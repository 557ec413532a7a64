#include "adapters/docker/image_waiter.h"

#include <algorithm>

namespace ringmaster::docker {
namespace {

// A look is one HEAD request; people wait for the result, registries do not mind this often.
constexpr auto kLookInterval = std::chrono::seconds(5);

/// What a registry under load says, and one that is being restarted; not what it will say again.
bool may_pass(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut ||
           error.kind() == ErrorKind::RateLimited;
}

}  // namespace

Result<Artifact> ImageWaiter::build(const BuildSpec& spec, Progress& progress) {
    auto artifact = TRY(inner_->build(spec, progress));
    if (artifact.image.empty() || patience_ <= Duration::zero()) return artifact;
    const auto deadline = clock_->monotonic() + std::min(patience_, spec.timeout);
    for (bool has_told = false;; has_told = true) {
        const auto found = finder_(artifact.image, progress);
        if (found && *found) return artifact;
        // What cannot be asked at all is told at once, and not after a quarter of an hour.
        if (!found && (!has_told || !may_pass(found.error()))) return Fail(found.error());
        if (clock_->monotonic() >= deadline) {
            if (!found) return Fail(found.error());
            return Fail(
                Error::not_found("the image {} has not appeared within {}", artifact.image,
                                 format_duration_for_people(std::min(patience_, spec.timeout)))
                    .hint("check that CI builds this commit and [shows.build] image, or raise image_wait"));
        }
        if (!has_told) progress.line(fmt::format("waiting for the image {}", artifact.image));
        TRY(clock_->sleep(kLookInterval, progress));
    }
}

}  // namespace ringmaster::docker
