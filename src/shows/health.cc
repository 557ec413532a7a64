#include "shows/health.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaster::shows {
namespace {

constexpr int kLastLines = 30;                // what a comment shows
constexpr std::size_t kMostBytes = 16 << 20;  // a home page may be large; it is read and forgotten
// The first looks come quickly, so that a fast application is not kept waiting; then the configured rhythm.
constexpr Duration kFirstPause = std::chrono::milliseconds(20);

bool answers(HttpClient& http, const Endpoint& endpoint, const HealthCheck& check) {
    return std::ranges::any_of(check.paths, [&](const std::string& path) {
        const auto response = http.send({.url = endpoint.url() + path,
                                         .timeout = check.request_timeout,
                                         .connect_timeout = check.request_timeout,
                                         .max_response_bytes = kMostBytes});
        return response && response->status == 200;
    });
}

/// Why the application will never answer; nullopt while it still may. An engine that cannot be asked says
/// nothing.
std::optional<Error> has_ended(Runtime& runtime, const ShowId& show) {
    const auto service = runtime.find(show);
    if (!service) return std::nullopt;
    if (!*service) return Error::failed("the application is gone before it answered");
    if ((*service)->state != ServiceState::Exited) return std::nullopt;
    const std::string& detail = (*service)->detail;
    return Error::failed("the application ended before it answered{}", detail.empty() ? "" : ": " + detail)
        .hint("its last lines say why; check that it listens on $PORT");
}

/// The application's own words, before it is removed with them. An engine that cannot be asked adds nothing.
Fail fail_with_last_words(Runtime& runtime, const ShowId& show, Progress& progress, Error error) {
    (void)runtime.logs(show, {.tail_lines = kLastLines}, progress);
    return Fail(std::move(error));
}

}  // namespace

Result<void> wait_until_healthy(Outside& outside, const HealthCheck& check, const ShowId& show,
                                const Endpoint& endpoint, Progress& progress) {
    const Duration started = outside.clock.monotonic();
    Duration pause = std::min(check.interval, kFirstPause);
    while (!answers(outside.http, endpoint, check)) {
        if (auto ended = has_ended(outside.runtime, show))
            return fail_with_last_words(outside.runtime, show, progress, *std::move(ended));
        if (outside.clock.monotonic() - started > check.timeout)
            return fail_with_last_words(
                outside.runtime, show, progress,
                Error::failed("it did not answer 200 on {} within {}", fmt::join(check.paths, " or "),
                              format_duration_for_people(check.timeout))
                    .hint("check that it listens on $PORT, and [shows.run] health"));
        TRY(outside.clock.sleep(pause, progress));
        pause = std::min(check.interval, pause * 2);
    }
    return {};
}

}  // namespace ringmaster::shows
