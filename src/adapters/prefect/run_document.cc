#include "adapters/prefect/run_document.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ringmaster::prefect {
namespace {

using support::JsonReader;

std::optional<TimePoint> time_of(const Result<std::string>& text) {
    return text ? parse_iso8601(*text) : std::nullopt;
}

/// "Late", or with its message "Failed: Flow run encountered an exception".
Result<std::string> state_text_of(const JsonReader& answer) {
    auto text = TRY(answer.optional_string("state_name"));
    const auto state = TRY(answer.find("state"));
    const auto message = state ? TRY(state->optional_string("message")) : "";
    if (!message.empty()) text += (text.empty() ? "" : ": ") + message;
    return text;
}

/// Python's levels (https://docs.python.org/3/library/logging.html#logging-levels).
std::string level_name(long long level) {
    if (level >= 50) return "CRITICAL";
    if (level >= 40) return "ERROR";
    if (level >= 30) return "WARNING";
    if (level >= 20) return "INFO";
    return "DEBUG";
}

}  // namespace

RunState run_state(std::string_view type) {
    static constexpr std::array kStates = {
        std::pair{std::string_view("SCHEDULED"), RunState::Scheduled},
        std::pair{std::string_view("PENDING"), RunState::Pending},
        std::pair{std::string_view("RUNNING"), RunState::Running},
        std::pair{std::string_view("COMPLETED"), RunState::Completed},
        std::pair{std::string_view("FAILED"), RunState::Failed},
        std::pair{std::string_view("CRASHED"), RunState::Crashed},
        std::pair{std::string_view("CANCELLING"), RunState::Cancelling},
        std::pair{std::string_view("CANCELLED"), RunState::Cancelled},
        std::pair{std::string_view("PAUSED"), RunState::Paused},
    };
    const auto* const found = std::ranges::find(kStates, type, [](const auto& pair) { return pair.first; });
    return found == kStates.end() ? RunState::Unknown : found->second;
}

Result<FlowRun> read_run(const JsonReader& answer, const std::string& ui_url) {
    FlowRun run;
    run.id = TRY(answer.string("id"));
    run.name = TRY(answer.optional_string("name"));
    run.deployment_id = TRY(answer.optional_string("deployment_id"));
    run.state = run_state(TRY(answer.optional_string("state_type")));
    run.state_text = TRY(state_text_of(answer));
    run.version = TRY(answer.optional_string("deployment_version"));
    run.expected_at = time_of(answer.optional_string("expected_start_time"));
    run.started_at = time_of(answer.optional_string("start_time"));
    run.ended_at = time_of(answer.optional_string("end_time"));
    run.url = ui_url + "/runs/flow-run/" + run.id;
    return run;
}

Result<RunLogLine> read_log_line(const JsonReader& answer) {
    const auto time = parse_iso8601(TRY(answer.string("timestamp")));
    if (!time) return Fail(TRY(answer.member("timestamp")).wrong("a time"));
    return RunLogLine{*time, level_name(TRY(answer.integer("level"))), TRY(answer.string("message"))};
}

bool is_uuid(std::string_view text) {
    constexpr std::string_view kForm = "00000000-0000-0000-0000-000000000000";
    return std::ranges::equal(text, kForm, [](char c, char form) {
        const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        return form == '-' ? c == '-' : is_digit;
    });
}

}  // namespace ringmaster::prefect
