#pragma once
// The rules of promotion: from where, when, after whose agreement. Pure.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/deployment.h"
#include "flows/plan.h"
#include "ports/source_tree.h"

namespace ringmaster::flows {

/// What holds for promotions to one environment.
struct PromotionRule {
    std::string from;    ///< empty: the environment before it
    int approvals = 0;   ///< of people other than whoever performs it
    std::string window;  ///< "Mon-Thu 09:00-17:00 Europe/Warsaw"; empty = always
};

/// What is known of a promotion's source when its plan is made.
struct SourceFacts {
    Deployment deployment;
    std::optional<FlowRun> last_run;
    std::vector<FieldChange> drift;
    /// How the target's commit stands to the source's; nullopt: nobody knows, or there is no target.
    std::optional<CommitDistance> target_distance;
    bool target_exists = false;
};

/// Gates "never-ran", "failed-run", "drift", "newer-target".
std::vector<Objection> objections_to(const SourceFacts& facts);

/// "never-ran", "failed-run", "drift", "newer-target", "window", "approvals".
const std::vector<std::string>& gates();

}  // namespace ringmaster::flows
