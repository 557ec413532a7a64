#include "shows/worker.h"

#include <algorithm>

namespace ringmaster::shows {
namespace {

constexpr std::size_t kRememberedLines = 30;  // what a comment shows
constexpr std::size_t kMostLineBytes = 4096;

/// A build of an hour outlives a minute without the forge. What others could see waits for the fence and a
/// look of its own.
bool is_silence(const Error& error) {
    return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::TimedOut ||
           error.kind() == ErrorKind::RateLimited;
}

}  // namespace

Worker::Worker(Claims& claims, Claim claim, Clock& clock, Reporter& reporter, Progress& outer)
    : claims_(claims),
      claim_(std::move(claim)),
      clock_(clock),
      reporter_(reporter),
      outer_(outer),
      // Half of what a fresh claim gives: a request that takes its whole timeout still ends inside the other
      // half.
      reserve_((claim_.valid_until - clock.now()) / 2) {
    note_claim_end();
}

void Worker::note_claim_end() {
    claim_ends_ = clock_.monotonic() + (claim_.valid_until - clock_.now());
}

Duration Worker::claim_left() {
    return std::min(claim_.valid_until - clock_.now(), claim_ends_ - clock_.monotonic());
}

void Worker::line(std::string_view text) {
    last_lines_.emplace_back(text.substr(0, kMostLineBytes));
    if (last_lines_.size() > kRememberedLines) last_lines_.pop_front();
    reporter_.log_line(text);
}

Error Worker::lost() const {
    return Error::conflict("the lease on #{} was lost", claim_.pull_request_number);
}

Result<void> Worker::keep_claim() {
    if (has_lost_claim_) return Fail(lost());
    const Duration left = claim_left();
    if (left >= reserve_) return {};
    auto extended = left > Duration(0) ? claims_.extend(claim_) : Fail(lost());
    if (!extended)
        has_lost_claim_ = true;
    else
        note_claim_end();
    return extended;
}

Result<void> Worker::fence() {
    return keep_claim();
}

Result<void> Worker::pulse() {
    if (!is_finishing_) TRY(outer_.pulse());
    TRY(keep_claim());
    if (!look_ || is_finishing_) return {};
    const Duration now = clock_.monotonic();
    const bool is_alerted = take_alert_ && take_alert_();
    if (!is_alerted && now - last_look_ < watch_interval_) return {};
    last_look_ = now;
    auto wanted = look_();
    if (!wanted && is_silence(wanted.error())) return {};
    return wanted;
}

void Worker::watch(Duration interval, std::function<Result<void>()> look, std::function<bool()> take_alert) {
    look_ = std::move(look);
    take_alert_ = std::move(take_alert);
    watch_interval_ = interval;
    last_look_ = clock_.monotonic();
}

}  // namespace ringmaster::shows
