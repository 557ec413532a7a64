#include "sim/engine_model.h"

namespace ringmaster::sim {

using std::chrono::minutes;
using std::chrono::seconds;

VersionTraits EngineModel::traits(const ShortSha& sha) const {
    std::uint64_t number = seed_;
    for (const char digit : sha.text()) number = mix(number, static_cast<std::uint64_t>(digit));
    Random random(number);
    VersionTraits traits;
    const auto roll = random.below(100);
    if (roll < 8) traits.ends = VersionTraits::Ends::InBuild;
    if (roll >= 8 && roll < 11) traits.ends = VersionTraits::Ends::InStart;
    if (roll >= 11 && roll < 14) traits.ends = VersionTraits::Ends::Unanswered;
    // Most builds are short; some outlast a lease, which is five minutes, more than once.
    const bool is_long = random.one_in(8);
    traits.build = is_long ? seconds(random.between(200, 900)) : seconds(random.between(1, 60));
    traits.start = Duration(random.between(100, 20'000));
    traits.answer = Duration(random.between(0, 20'000));
    traits.removal = Duration(random.between(50, 10'000));
    return traits;
}

EngineModel::Unit* EngineModel::find(const ShowId& show) {
    const auto found = units.find(show);
    return found == units.end() ? nullptr : &found->second;
}

EngineModel::Unit* EngineModel::find_at(const std::string& url) {
    for (auto& [key, unit] : units)
        if (unit.service.endpoint && url.starts_with(unit.service.endpoint->url() + "/")) return &unit;
    return nullptr;
}

std::string EngineModel::next_host() {
    ++hosts_;
    return fmt::format("10.0.{}.{}", hosts_ / 250, 1 + hosts_ % 250);
}

}  // namespace ringmaster::sim
