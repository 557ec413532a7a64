#pragma once
// The repository's label definitions: their ids, which attaching and detaching need, and their upkeep. Ids
// are remembered by name; a definition can vanish or come back under another id at any time, so what is
// remembered is forgotten as soon as GitHub does not know it.

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "adapters/github/github_client.h"
#include "adapters/github/view_parser.h"
#include "ports/forge.h"

namespace ringmaster::github {

/// By label name.
using LabelIds = std::map<std::string, std::string>;

/// A definition with the pull requests that carry it.
struct AttachedLabel {
    StoredLabel stored;
    std::vector<int> pull_requests;
};

/// Used from several threads at once.
class LabelDefinitions {
 public:
    explicit LabelDefinitions(GitHubClient& client) : client_(client) {}

    void remember(std::span<const LabelNode> labels);
    void forget(std::span<const std::string> names);

    /// The ids of `wanted`, whose missing definitions are created, and of those `others` that exist. At most
    /// one look-up and one creation request for up to twenty unknown names. Errors: InvalidInput (name,
    /// colour), and the client's.
    Result<LabelIds> ids_of(std::span<const LabelDefinition> wanted, std::span<const std::string> others);

    /// As Forge::put_definitions, Forge::list_definitions and Forge::delete_unattached say.
    Result<std::vector<DefinitionOutcome>> put(std::span<const LabelDefinition> definitions,
                                               Existing existing);
    Result<std::vector<StoredLabel>> list(std::string_view prefix);
    Result<std::vector<std::string>> delete_unattached(std::span<const StoredLabel> labels);

    /// Those with that prefix that some pull request of any state carries, and which.
    Result<std::vector<AttachedLabel>> list_attached(std::string_view prefix);

 private:
    using Stored = std::map<std::string, StoredLabel>;  // by the name that was asked for

    Result<Stored> look_up(std::span<const std::string> names);
    Result<LabelIds> create(std::span<const LabelDefinition> definitions);
    Result<void> create_some(std::span<const LabelDefinition> definitions, LabelIds& ids);
    Result<std::string> create_by_rest(const LabelDefinition& definition);
    Result<void> overwrite(std::span<const StoredLabel> wanted);
    Result<std::vector<std::string>> delete_some(std::span<const StoredLabel> labels);
    Result<std::vector<AttachedLabel>> list_once(std::string_view prefix);
    Result<void> read_other_attached(AttachedLabel& label, PageEnd end);

    GitHubClient& client_;
    std::mutex mutex_;
    LabelIds ids_;
};

/// The definition as GitHub takes it: colour without '#', description cut to what it allows
/// (github-facts 1.4). Errors: InvalidInput (a name that is empty or over 50 UTF-16 units, a colour that is
/// none).
Result<LabelDefinition> checked_definition(const LabelDefinition& definition);

}  // namespace ringmaster::github
