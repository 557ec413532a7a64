#include "adapters/github/change_plan.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::json_quote;

// GitHub's limit is 100, and counts what is sent on top of what is there (github-facts 1.9); people need some
// as well.
constexpr std::size_t kMostLabels = 95;
// 262,144 bytes are enforced, "65536 characters" are promised (github-facts 5.1). Four bytes a character at
// most.
constexpr std::size_t kMostCommentBytes = 60'000;
constexpr std::size_t kLongestStatusDescription =
    140;  // characters (6.2); counted in bytes, which is never more

// What the pull request carries afterwards comes back with the answer.
constexpr std::string_view kLabelSelection =
    "labelable{...on PullRequest{labels(first:100){totalCount pageInfo{hasNextPage endCursor} nodes{id "
    "name}}}}";

std::string id_list(const std::vector<std::string>& ids) {
    std::vector<std::string> quoted;
    for (const auto& id : ids) quoted.push_back(json_quote(id));
    return "[" + join(quoted, ",") + "]";
}

Step label_step(Part part, std::string_view alias, std::string_view field, const std::string& pull_request_id,
                const std::vector<std::string>& ids) {
    return {part,
            {std::string(alias), std::string(field),
             fmt::format(R"({{"labelableId":{},"labelIds":{}}})", json_quote(pull_request_id), id_list(ids)),
             std::string(kLabelSelection)},
            ""};
}

std::string_view status_word(DeploymentState state) {
    switch (state) {
        case DeploymentState::Queued:
            return "QUEUED";
        case DeploymentState::InProgress:
            return "IN_PROGRESS";
        case DeploymentState::Success:
            return "SUCCESS";
        case DeploymentState::Failure:
            return "FAILURE";
        case DeploymentState::Inactive:
            return "INACTIVE";
    }
    return "QUEUED";
}

}  // namespace

Result<LabelDifference> label_difference(const PullRequestView& view, const PullRequestChange& change) {
    const std::set<std::string_view> there(view.labels.begin(), view.labels.end());
    LabelDifference difference;
    std::set<std::string_view> seen;
    for (const auto& definition : change.add_labels)
        if (!there.contains(definition.name) && seen.insert(definition.name).second)
            difference.add.push_back(TRY(checked_definition(definition)));
    for (const auto& name : change.remove_labels)
        if (there.contains(name) && seen.insert(name).second) difference.remove.push_back(name);
    const std::size_t count = view.labels.size() + difference.add.size();
    if (!difference.add.empty() && count > kMostLabels) {
        return Fail(Error::invalid_input("#{} would have {} labels; GitHub takes 100, and we stop at {}",
                                         view.pull_request.number, count, kMostLabels)
                        .hint("remove labels from the pull request that nobody needs"));
    }
    return difference;
}

std::vector<Step> label_steps(const std::string& pull_request_id, const LabelDifference& difference,
                              const LabelIds& ids) {
    std::vector<std::string> add;
    std::vector<std::string> remove;
    for (const auto& definition : difference.add) add.push_back(ids.at(definition.name));
    // A definition that is gone took itself off the pull request.
    for (const auto& name : difference.remove)
        if (const auto id = ids.find(name); id != ids.end()) remove.push_back(id->second);
    std::vector<Step> steps;
    if (!add.empty())
        steps.push_back(label_step(Part::AddLabels, "add", "addLabelsToLabelable", pull_request_id, add));
    if (!remove.empty())
        steps.push_back(
            label_step(Part::RemoveLabels, "remove", "removeLabelsFromLabelable", pull_request_id, remove));
    return steps;
}

Step create_comment_step(const std::string& pull_request_id, const std::string& body) {
    return {Part::CreateComment,
            {"comment", "addComment",
             fmt::format(R"({{"subjectId":{},"body":{}}})", json_quote(pull_request_id), json_quote(body)),
             "commentEdge{node{id}}"},
            ""};
}

Step update_comment_step(const std::string& comment_id, const std::string& body) {
    return {Part::UpdateComment,
            {"comment", "updateIssueComment",
             fmt::format(R"({{"id":{},"body":{}}})", json_quote(comment_id), json_quote(body)),
             "issueComment{id}"},
            comment_id};
}

Step deployment_status_step(const std::string& deployment_id, const DeploymentUpdate& update) {
    // autoInactive would not retire our transient ones (github-facts 6.3); we do it ourselves.
    std::string input = fmt::format(R"({{"deploymentId":{},"state":"{}","autoInactive":false)",
                                    json_quote(deployment_id), status_word(update.state));
    if (!update.environment_url.empty()) input += ",\"environmentUrl\":" + json_quote(update.environment_url);
    if (!update.log_url.empty()) input += ",\"logUrl\":" + json_quote(update.log_url);
    const std::string description = truncate_utf8(update.description, kLongestStatusDescription - 3);
    input += ",\"description\":" + json_quote(description) + "}";
    return {Part::DeploymentStatus,
            {"status", "createDeploymentStatus", input, "deploymentStatus{id}"},
            deployment_id};
}

std::vector<Step> end_steps(const std::vector<DeploymentRecord>& deployments) {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < deployments.size(); ++i) {
        const auto& deployment = deployments[i];
        if (deployment.state != DeploymentState::Inactive) {
            // Only inactive ones can be deleted (github-facts 6.5).
            steps.push_back({Part::EndDeployment,
                             {fmt::format("end{}", i), "createDeploymentStatus",
                              fmt::format(R"({{"deploymentId":{},"state":"INACTIVE","autoInactive":false}})",
                                          json_quote(deployment.id)),
                              "deploymentStatus{id}"},
                             deployment.id});
        }
        steps.push_back({Part::DeleteDeployment,
                         {fmt::format("delete{}", i), "deleteDeployment",
                          fmt::format(R"({{"id":{}}})", json_quote(deployment.id)), "clientMutationId"},
                         deployment.id});
    }
    return steps;
}

std::string fit_comment(std::string body) {
    if (body.size() > kMostCommentBytes) body = truncate_utf8(body, kMostCommentBytes - 100);
    if (!body.contains(kStickyMarker)) body += fmt::format("\n\n{}", kStickyMarker);
    return body;
}

const DeploymentRecord* record_of(const PullRequestView& view, const CommitSha& sha) {
    const auto found = std::ranges::find(view.deployments, sha, &DeploymentRecord::sha);
    return found == view.deployments.end() ? nullptr : &*found;
}

std::vector<std::string> labels_after(const PullRequestView& view, const LabelDifference& difference,
                                      const std::optional<std::vector<std::string>>& told) {
    const auto& basis = told ? *told : view.labels;
    std::set<std::string> names(basis.begin(), basis.end());
    for (const auto& definition : difference.add) names.insert(definition.name);
    for (const auto& name : difference.remove) names.erase(name);
    return {names.begin(), names.end()};
}

}  // namespace ringmaster::github
