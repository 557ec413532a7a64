#include "shows/lease_rules.h"

namespace ringmaster::shows {
namespace {

// The Date header has steps of one second.
constexpr Duration kDateResolution = std::chrono::seconds(1);

}  // namespace

bool is_alive(const ClaimToken& token, const LeaseTimes& times, Clock& clock) {
    return clock.now() < token.expires_at + times.margin();
}

Error lease_is_taken(int pull_request_number, const ClaimToken& token, const LeaseTimes& times,
                     Clock& clock) {
    const TimePoint until = token.expires_at + times.margin();
    return Error::busy("another worker has #{}", pull_request_number)
        .hint(fmt::format("it is free at {} at the latest", format_iso8601(until)))
        .retry_after(std::max(Duration(0), until - clock.now()));
}

Error lease_is_not_shown(int pull_request_number) {
    return Error::unavailable("the forge does not show the lease on #{} that it said it took",
                              pull_request_number)
        .hint("its reads lag behind; try again in a minute");
}

Result<void> check_clocks(TimePoint server_time, const LeaseTimes& times, Clock& clock) {
    const TimePoint now = clock.now();
    const Duration difference = now > server_time ? now - server_time : server_time - now;
    if (difference <= times.margin() + kDateResolution) return {};
    return Fail(Error::unavailable("this machine's clock and the forge's differ by {}",
                                   format_duration_for_people(difference))
                    .hint("a lease is not safe with clocks this far apart: set this machine's clock (NTP), "
                          "then try again"));
}

}  // namespace ringmaster::shows
