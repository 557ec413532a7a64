#include "domain/deployment.h"

#include <fmt/format.h>

namespace ringmaster {

namespace {

std::string text_of(Duration interval) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval).count();
    if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
    if (seconds % 60 == 0) return fmt::format("{}m", seconds / 60);
    return fmt::format("{}s", seconds);
}

}  // namespace

std::string Schedule::text() const {
    std::string text = !cron.empty() ? cron : interval ? "every " + text_of(*interval) : rrule;
    if (!timezone.empty() && timezone != "UTC") text += fmt::format(" ({})", timezone);
    if (!is_active) text += " (off)";
    return text;
}

std::string_view to_string(RunState state) {
    switch (state) {
        case RunState::Scheduled:
            return "scheduled";
        case RunState::Pending:
            return "pending";
        case RunState::Running:
            return "running";
        case RunState::Completed:
            return "completed";
        case RunState::Failed:
            return "failed";
        case RunState::Crashed:
            return "crashed";
        case RunState::Cancelling:
            return "cancelling";
        case RunState::Cancelled:
            return "cancelled";
        case RunState::Paused:
            return "paused";
        case RunState::Unknown:
            break;
    }
    return "unknown";
}

bool is_final(RunState state) {
    return state == RunState::Completed || state == RunState::Failed || state == RunState::Crashed ||
           state == RunState::Cancelled;
}

}  // namespace ringmaster
