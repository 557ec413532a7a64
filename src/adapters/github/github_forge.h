#pragma once
// The Forge on GitHub, GitHub Enterprise, and our own local forge. What GitHub promises, what was only seen
// and what is unknown stands in docs/github-facts.md; the rows are named where the code rests on them.

#include <string>
#include <vector>

#include "adapters/github/change_run.h"
#include "adapters/github/github_client.h"
#include "adapters/github/label_definitions.h"
#include "ports/forge.h"

namespace ringmaster::github {

/// Used from several threads at once. The client must outlive it.
class GitHubForge final : public Forge {
 public:
    explicit GitHubForge(GitHubClient& client) : client_(client), definitions_(client) {}

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

 private:
    /// The `repository` of an answer to a read; `more` as in repository_variables.
    Result<support::JsonReader> read_repository(std::string_view query, const std::string& more,
                                                const std::string& doing);
    Result<std::vector<std::string>> complete_labels(int number, LabelPage page);
    Result<std::vector<PullRequestSummary>> list_open_once();
    Result<std::vector<PullRequestSummary>> summaries_of(const std::vector<int>& numbers);
    Result<PullRequestSummary> complete_summary(const support::JsonReader& node);

    GitHubClient& client_;
    LabelDefinitions definitions_;
    ServerTraits traits_;
};

}  // namespace ringmaster::github
