#include "adapters/prefect/schedule_document.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ringmaster::prefect {
namespace {

using nlohmann::json;
using support::JsonReader;

// The server counts rules without a start from this instant too, and puts it before them when it stores them.
constexpr const char* kAnchor = "2020-01-01T00:00:00Z";
constexpr std::string_view kStartOfRules = "DTSTART:20200101T000000\n";
// A thousand years; what does not fit is no interval.
constexpr double kLongestSeconds = 3.2e10;

json seconds_of(Duration interval) {
    if (interval.count() % 1000 == 0) return interval.count() / 1000;
    return static_cast<double>(interval.count()) / 1000;
}

json schedule_document(const Schedule& schedule) {
    json document;
    if (!schedule.cron.empty()) {
        document["cron"] = schedule.cron;
    } else if (schedule.interval) {
        document["interval"] = seconds_of(*schedule.interval);
        document["anchor_date"] = kAnchor;
    } else {
        document["rrule"] = schedule.rrule;
    }
    document["timezone"] = schedule.timezone.empty() ? "UTC" : schedule.timezone;
    return {{"schedule", std::move(document)}, {"active", schedule.is_active}};
}

Result<void> read_interval(const JsonReader& document, Schedule& schedule) {
    const double seconds = TRY(document.number("interval"));
    if (!(seconds > 0 && seconds < kLongestSeconds)) return Fail(document.wrong("an interval in seconds"));
    schedule.interval = Duration(std::llround(seconds * 1000));
    return {};
}

Result<Schedule> read_schedule(const JsonReader& wrapper) {
    Schedule schedule;
    const auto document = TRY(wrapper.member("schedule"));
    schedule.cron = TRY(document.optional_string("cron"));
    schedule.rrule = TRY(document.optional_string("rrule"));
    if (schedule.rrule.starts_with(kStartOfRules)) schedule.rrule.erase(0, kStartOfRules.size());
    if (TRY(document.find("interval"))) TRY(read_interval(document, schedule));
    if (schedule.cron.empty() && schedule.rrule.empty() && !schedule.interval)
        schedule.rrule = document.text();
    schedule.timezone = TRY(document.optional_string("timezone"));
    if (schedule.timezone == "UTC") schedule.timezone.clear();
    if (TRY(wrapper.find("active"))) schedule.is_active = TRY(wrapper.boolean("active"));
    return schedule;
}

/// "…:01.076125Z" so that texts sort as the instants do: the server leaves out a fraction of nothing.
std::string sortable(std::string created) {
    const auto end = created.find_first_of("Z+");
    if (end != std::string::npos) created.resize(end);
    if (!created.contains('.')) created += ".000000";
    return created;
}

}  // namespace

json schedule_documents(const std::vector<Schedule>& schedules) {
    json documents = json::array();
    for (const auto& schedule : schedules) documents.push_back(schedule_document(schedule));
    return documents;
}

Result<std::vector<Schedule>> read_schedules(const JsonReader& deployment) {
    const auto value = TRY(deployment.find("schedules"));
    if (!value) return std::vector<Schedule>();
    const auto wrappers = TRY(value->as_items());
    // The server lists what was made last first; of what it made at once we do not know more than that.
    std::vector<std::pair<std::string, std::size_t>> order;
    for (std::size_t i = 0; i < wrappers.size(); ++i)
        order.emplace_back(sortable(TRY(wrappers[i].optional_string("created"))), wrappers.size() - i);
    std::ranges::sort(order);
    std::vector<Schedule> schedules;
    for (const auto& [created, from_end] : order)
        schedules.push_back(TRY(read_schedule(wrappers[wrappers.size() - from_end])));
    return schedules;
}

}  // namespace ringmaster::prefect
