#include "flows/promotion.h"

namespace ringmaster::flows {

namespace {

std::optional<Objection> about_run(const SourceFacts& facts) {
    const auto& run = facts.last_run;
    if (!run) return Objection{"never-ran", "it has not run there"};
    const auto& version = facts.deployment.spec.version;
    if (!run->version.empty() && run->version != version)
        return Objection{"never-ran", fmt::format("version {} has not run there: the last run was of {}",
                                                  version, run->version)};
    if (!is_final(run->state))
        return Objection{"never-ran",
                         fmt::format("its last run there has not ended: it is {}", to_string(run->state))};
    if (run->state != RunState::Completed)
        return Objection{"failed-run",
                         fmt::format("its last run there {}", run->state == RunState::Cancelled
                                                                  ? "was cancelled"
                                                                  : std::string(to_string(run->state)))};
    return std::nullopt;
}

std::optional<Objection> about_target(const SourceFacts& facts) {
    if (!facts.target_exists) return std::nullopt;
    if (!facts.target_distance || facts.target_distance->behind == 0) return std::nullopt;
    const auto& distance = *facts.target_distance;
    return Objection{"newer-target", distance.ahead == 0
                                         ? fmt::format("what is there is {} commits newer", distance.behind)
                                         : fmt::format("what is there has {} commits that this version lacks",
                                                       distance.behind)};
}

}  // namespace

std::vector<Objection> objections_to(const SourceFacts& facts) {
    std::vector<Objection> result;
    if (auto objection = about_run(facts)) result.push_back(std::move(*objection));
    if (!facts.drift.empty())
        result.push_back({"drift", fmt::format("what is there is not what was deployed: {} differs",
                                               facts.drift.front().field)});
    if (auto objection = about_target(facts)) result.push_back(std::move(*objection));
    return result;
}

const std::vector<std::string>& gates() {
    static const std::vector<std::string> names = {"never-ran",    "failed-run", "drift",
                                                   "newer-target", "window",     "approvals"};
    return names;
}

}  // namespace ringmaster::flows
