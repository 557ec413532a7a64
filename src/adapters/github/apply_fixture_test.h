#pragma once
// What the tests of transitions share: an observed pull request, and the answers GitHub gives while it
// changes.

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "adapters/github/github_forge.h"
#include "adapters/github/github_world_test.h"

namespace ringmaster::github {

inline const std::string kTrigger = "🎪 ⚡ showtime-trigger-start";

class ApplyTest : public GitHubTest {
 protected:
    ApplyTest() : forge_(client()) {}

    /// Observes the fixture's pull request (view_answer), its repository changed by `edit`.
    PullRequestView observe(const std::function<void(nlohmann::json&)>& edit = nullptr);
    static void with_comment(nlohmann::json& repository);     ///< C_1: "old" and the marker
    static void with_deployment(nlohmann::json& repository);  ///< DE_1 at kHead, active
    /// The answer of a label mutation under that alias.
    static std::string labels_answer(const std::string& alias, const std::vector<std::string>& names);
    /// A GraphQL answer of these members and errors, both JSON.
    static std::string data(const std::string& members, const std::string& errors = "");
    /// Expects a look-up of these names; those with an empty id have no definition.
    void expect_look_up(const std::vector<std::pair<std::string, std::string>>& names_and_ids);
    void expect_no_comment_yet();

    GitHubForge forge_;
};

}  // namespace ringmaster::github
