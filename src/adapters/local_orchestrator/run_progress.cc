#include "adapters/local_orchestrator/run_progress.h"

#include "base/text.h"

namespace ringmaster::local_orchestrator {
namespace {

// How often we say that we live and ask whether the run is to end: a person waits for that.
constexpr auto kBeatInterval = std::chrono::seconds(1);
constexpr std::size_t kMostWordBytes = 300;  // a line of a table, or two
// Beside its text; so that a flood of empty lines comes to an end too.
constexpr std::size_t kBytesOfALine = 32;

}  // namespace

std::string short_line(std::string_view text) {
    return truncate_utf8(sanitize_for_terminal(trim(text)), kMostWordBytes);
}

void RunProgress::line(std::string_view text) {
    if (!trim(text).empty()) last_words_ = truncate_utf8(sanitize_for_terminal(trim(text)), kMostWordBytes);
    keep("", text);
    watcher_->line(text);
}

void RunProgress::say(std::string_view level, std::string_view text) {
    pending_.push_back({clock_->now(), std::string(level), std::string(text)});
    watcher_->line(text);
}

void RunProgress::keep(std::string_view level, std::string_view text) {
    if (is_cut_) return;
    bytes_ += text.size() + kBytesOfALine;
    is_cut_ = bytes_ > most_log_bytes_;
    if (is_cut_)
        pending_.push_back(
            {clock_->now(), "WARNING", "the log ends here: the run said more than is kept of it"});
    else
        pending_.push_back({clock_->now(), std::string(level), std::string(text)});
}

Result<void> RunProgress::pulse() {
    if (auto watched = watcher_->pulse(); !watched) {
        stopped_by_ = watched.error();
        return watched;
    }
    TRY(flush());
    const auto now = clock_->monotonic();
    if (last_beat_ && now - *last_beat_ < kBeatInterval) return {};
    last_beat_ = now;
    if (!TRY(queue_->beat(run_id_))) return {};
    was_cancelled_ = true;
    return Fail(Error::interrupted("the run was cancelled"));
}

Result<void> RunProgress::flush() {
    if (pending_.empty()) return {};
    TRY(queue_->append(run_id_, written_, pending_));
    written_ += pending_.size();
    pending_.clear();
    return {};
}

}  // namespace ringmaster::local_orchestrator
