#pragma once
// A forge in memory: pull requests, labels with definitions of their own identity, comments, deployments,
// lease tokens and claim refs. An honest small model: what is written is what is read, and anything can be
// made to fail before or after its effect.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ports/claim_refs.h"
#include "ports/clock.h"
#include "ports/forge.h"

namespace ringmaster::testing {

class FakeForge final : public Forge, public ClaimTokens, public ClaimRefs {
 public:
    explicit FakeForge(Clock& clock) : clock_(clock) {}

    struct Item {
        PullRequest pull_request;
        std::vector<CommitSha> commits;  ///< oldest first; the last is the head
        std::vector<std::string> labels;
        std::vector<std::pair<std::string, std::string>> labelled_by;
        std::vector<ClaimToken> tokens;  ///< that of the claim's ref, if there is one, has the number 0
        std::optional<StickyComment> comment;
        std::vector<DeploymentRecord> deployments;
        int comment_edits = 0;
    };
    /// An open pull request at a commit whose name is that digit or prefix, filled up with zeros.
    Item& open(int number, const std::string& sha_prefix);
    Item& item(int number) { return items_.at(number); }
    void push(int number, const std::string& sha_prefix);
    static CommitSha sha(const std::string& prefix);
    /// A person puts a label on or takes one off.
    void label(int number, const std::string& name, const std::string& login = "ada");
    void unlabel(int number, const std::string& name);
    bool has_label(int number, const std::string& name) const;

    enum class Moment { Before, After };
    /// Called around every port call ("observe", "apply", …); an error becomes the call's, whatever its
    /// effect.
    std::function<std::optional<Error>(const std::string& call, Moment moment)> on_call;
    std::map<std::string, int> calls;
    std::map<std::string, PermissionAnswer> permissions;
    std::map<std::string, StoredLabel> definitions;
    Permission viewer_permission = Permission::Write;
    /// Every list of labels that was ever there, per pull request, oldest first.
    std::map<int, std::vector<std::vector<std::string>>> label_history;
    /// In so many changes labels are written, and comment and deployment records are left out with a warning.
    int changes_without_extras = 0;
    /// The default branch's tip, which every pull request contains.
    const CommitSha base = sha("ba5e");
    /// Instead of what the commits say.
    std::optional<Ancestry> ancestry;

    Result<PullRequestView> observe(int number) override;
    Result<ChangeOutcome> apply(const PullRequestView& view, const PullRequestChange& change) override;
    Result<std::vector<PullRequestSummary>> list_open() override;
    Result<std::vector<PullRequestSummary>> list_labelled() override;
    Result<PermissionAnswer> permission(std::string_view login) override;
    Result<std::vector<StoredLabel>> list_definitions(std::string_view prefix) override;
    Result<std::vector<DefinitionOutcome>> put_definitions(std::span<const LabelDefinition> definitions,
                                                           Existing existing) override;
    Result<std::vector<std::string>> delete_unattached(std::span<const StoredLabel> labels) override;
    Result<CommitSha> resolve_commit(int number, std::string_view prefix) override;
    Result<Ancestry> contains(const CommitSha& descendant, const CommitSha& ancestor) override;

    Result<std::optional<Created>> create(int pull_request_number, int number, std::string_view holder,
                                          TimePoint expires_at) override;
    Result<void> remove(std::span<const std::string> ids) override;

    Result<std::string> write_claim(int pull_request_number, std::string_view holder,
                                    TimePoint expires_at) override;
    Result<Swapped> swap_claim(int pull_request_number, const std::optional<std::string>& before,
                               const std::optional<std::string>& after) override;
    Result<std::vector<int>> claimed_pull_requests() override;

 private:
    template <typename Body>
    auto call(const std::string& name, Body body) -> decltype(body());
    PullRequestView view_of(const Item& item);
    void define(const LabelDefinition& definition);
    enum class Listed { Open, Labelled };
    Result<std::vector<PullRequestSummary>> list(Listed listed);

    Clock& clock_;
    std::recursive_mutex creating_;  ///< tokens are raced for; a hook may create a rival's within the call
    std::map<int, Item> items_;
    std::map<std::string, ClaimToken> claim_objects_;
    int next_id_ = 1;
};

}  // namespace ringmaster::testing
