#pragma once
// A PullRequestChange as the mutations that make it true: a pure plan. What is there already is not sent
// again.

#include <optional>
#include <string>
#include <vector>

#include "adapters/github/label_definitions.h"
#include "adapters/github/mutations.h"
#include "ports/forge.h"

namespace ringmaster::github {

/// What a mutation is for: its outcome is judged, and the view brought up to date, by that.
enum class Part {
    AddLabels,
    RemoveLabels,
    CreateComment,
    UpdateComment,
    DeploymentStatus,
    EndDeployment,
    DeleteDeployment
};

struct Step {
    Part part;
    Mutation mutation;
    std::string subject;  ///< id of the comment or deployment concerned; empty for labels
};

/// The labels a change has to touch.
struct LabelDifference {
    std::vector<LabelDefinition> add;
    std::vector<std::string> remove;
    bool is_empty() const { return add.empty() && remove.empty(); }
};
/// Errors: InvalidInput (too many labels).
Result<LabelDifference> label_difference(const PullRequestView& view, const PullRequestChange& change);

/// Adding before removing, so that a pull request is never without its state (github-facts 10.12).
std::vector<Step> label_steps(const std::string& pull_request_id, const LabelDifference& difference,
                              const LabelIds& ids);
Step create_comment_step(const std::string& pull_request_id, const std::string& body);
Step update_comment_step(const std::string& comment_id, const std::string& body);
Step deployment_status_step(const std::string& deployment_id, const DeploymentUpdate& update);
/// Set inactive, if it is not, and delete.
std::vector<Step> end_steps(const std::vector<DeploymentRecord>& deployments);

/// The body as it is sent: carrying the marker, and cut to what GitHub takes (github-facts 5.1).
std::string fit_comment(std::string body);

/// The record of the version, the newest; nullptr: there is none.
const DeploymentRecord* record_of(const PullRequestView& view, const CommitSha& sha);

/// The labels after a transition: what the forge told, with what is known to have been done (it may tell
/// late).
std::vector<std::string> labels_after(const PullRequestView& view, const LabelDifference& difference,
                                      const std::optional<std::vector<std::string>>& told);

}  // namespace ringmaster::github
