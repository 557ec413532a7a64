#include "domain/show_status.h"

#include <array>
#include <utility>

namespace ringmaster {
namespace {

constexpr std::array<std::pair<ShowStatus, std::string_view>, 7> kNames = {{
    {ShowStatus::Building, "building"},
    {ShowStatus::Built, "built"},
    {ShowStatus::Deploying, "deploying"},
    {ShowStatus::Running, "running"},
    {ShowStatus::Updating, "updating"},
    {ShowStatus::Failed, "failed"},
    {ShowStatus::Stopping, "stopping"},
}};

int rank(ShowStatus status) {
    switch (status) {
        case ShowStatus::Running:
            return 7;
        case ShowStatus::Deploying:
            return 6;
        case ShowStatus::Built:
            return 5;
        case ShowStatus::Building:
            return 4;
        case ShowStatus::Updating:
            return 3;
        case ShowStatus::Stopping:
            return 2;
        case ShowStatus::Failed:
            return 1;
        case ShowStatus::Unknown:
            return 0;
    }
    return 0;
}

}  // namespace

std::string_view to_string(ShowStatus status) {
    for (const auto& [value, name] : kNames)
        if (value == status) return name;
    return "unknown";
}

ShowStatus parse_show_status(std::string_view text) {
    for (const auto& [value, name] : kNames)
        if (name == text) return value;
    return ShowStatus::Unknown;
}

bool is_in_progress(ShowStatus status) {
    return status == ShowStatus::Building || status == ShowStatus::Built || status == ShowStatus::Deploying;
}

bool can_move(std::optional<ShowStatus> from, ShowStatus to) {
    switch (to) {
        case ShowStatus::Building:
            return from != ShowStatus::Stopping;  // a new start, a rebuild, or a taken-over attempt
        case ShowStatus::Built:
            return from == ShowStatus::Building;
        case ShowStatus::Deploying:
            return from == ShowStatus::Built;
        case ShowStatus::Running:
            return from == ShowStatus::Deploying || from == ShowStatus::Running;
        case ShowStatus::Failed:
            return from.has_value() && from != ShowStatus::Stopping;
        case ShowStatus::Stopping:
            return from.has_value();
        case ShowStatus::Updating:
        case ShowStatus::Unknown:
            return false;
    }
    return false;
}

ShowStatus most_advanced(ShowStatus a, ShowStatus b) {
    return rank(a) >= rank(b) ? a : b;
}

}  // namespace ringmaster
