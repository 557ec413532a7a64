#pragma once
// One transition of a pull request, carried out: labels decide, the rest is best effort.

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/github/change_plan.h"
#include "adapters/github/github_client.h"
#include "adapters/github/label_definitions.h"
#include "ports/forge.h"

namespace ringmaster::github {

/// What one run learns about the server and the next may rely on.
struct ServerTraits {
    /// The GraphQL API has no label mutations (an old Enterprise Server): REST does it.
    std::atomic<bool> labels_by_rest = false;
};

class ChangeRun {
 public:
    ChangeRun(GitHubClient& client, LabelDefinitions& definitions, ServerTraits& traits,
              const PullRequestView& view, const PullRequestChange& change)
        : client_(client), definitions_(definitions), traits_(traits), change_(change), outcome_{view, {}} {}

    /// As Forge::apply.
    Result<ChangeOutcome> run();

 private:
    Result<std::vector<Step>> plan();
    std::optional<Step> plan_comment();
    void plan_deployment(std::vector<Step>& steps);

    Result<void> send_all(std::vector<Step> steps);
    Result<void> send(std::span<const Step> steps);
    Result<GraphQlReply> perform_steps(std::vector<Step>& steps);
    Result<void> judge_labels(std::span<const Step> steps, const GraphQlReply& reply);
    Result<void> send_labels_again();
    Result<void> change_labels_by_rest();
    void note_labels(const GraphQlReply& reply);
    void judge(const Step& step, const GraphQlReply& reply);
    void note(const Step& step, const support::JsonReader& answer);

    void create_comment_anew();
    void create_deployment();
    void delete_environment();
    void warn(std::string_view what, const Error& error);

    const PullRequestView& view() const { return outcome_.view; }
    Sending in_time(Effect effect) const { return {effect, change_.not_after}; }
    std::string doing(std::string_view what) const;

    GitHubClient& client_;
    LabelDefinitions& definitions_;
    ServerTraits& traits_;
    const PullRequestChange& change_;
    ChangeOutcome outcome_;
    LabelDifference labels_;
    std::string comment_body_;
    bool needs_new_deployment_ = false;
};

/// Our comment on the pull request, looked for among all of them. Errors: the client's.
Result<std::optional<StickyComment>> find_sticky_anywhere(GitHubClient& client, int number);

}  // namespace ringmaster::github
