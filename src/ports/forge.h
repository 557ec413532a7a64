#pragma once
// The forge: where repositories, pull requests, labels, comments and deployment records live. One adapter,
// github/, talks to GitHub, GitHub Enterprise and our local forge.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/label_definition.h"
#include "domain/permission.h"
#include "domain/pull_request.h"
#include "domain/repository_name.h"
#include "ports/claim_tokens.h"

namespace ringmaster {

/// A definition as the forge has it.
struct StoredLabel {
    std::string id;  ///< opaque; a label created again under the same name has another
    LabelDefinition definition;
    int attached_to = 0;  ///< issues and pull requests that carry it, open or not
};

/// Our one comment on a pull request: written by the token's own account and carrying the marker of
/// `kStickyMarker`.
struct StickyComment {
    std::string id;
    std::string body;
};
/// Kept from superset-showtime (contract §5.9), so that its comments are found and replaced.
inline constexpr std::string_view kStickyMarker = "<!-- showtime-comment -->";

enum class DeploymentState { Queued, InProgress, Success, Failure, Inactive };

/// The forge's own record of what runs where; it makes the "View deployment" button.
struct DeploymentRecord {
    std::string id;
    CommitSha sha;
    DeploymentState state = DeploymentState::Queued;
    bool operator==(const DeploymentRecord&) const = default;
};

/// Everything about one pull request that decisions rest on, as of one reading.
struct PullRequestView {
    PullRequest pull_request;
    std::string id;                   ///< the forge's opaque id of the pull request
    std::vector<std::string> labels;  ///< names, sorted; complete
    /// Who last put a label on, by label name; only recent events are known.
    std::vector<std::pair<std::string, std::string>> labelled_by;
    std::vector<ClaimToken> claim_tokens;
    std::optional<StickyComment> comment;
    std::vector<DeploymentRecord> deployments;  ///< ours for this pull request, newest first
    std::string viewer;                         ///< login that our token belongs to
    Permission viewer_permission = Permission::None;
    TimePoint server_time;  ///< the forge's clock (its Date header)
};

/// A pull request in a listing: fewer facts than a view.
struct PullRequestSummary {
    PullRequest pull_request;
    std::vector<std::string> labels;  ///< names, sorted; complete
};

struct DeploymentUpdate {
    DeploymentState state = DeploymentState::Queued;
    CommitSha sha;
    std::string environment_url;  ///< empty = none
    std::string log_url;          ///< empty = none
    std::string description;      ///< at most 140 characters; longer is cut
};

/// One visible transition. Applied in this order: labels added, labels removed, comment, deployments. Labels
/// decide the outcome; comment and deployments are best effort (contract D56).
struct PullRequestChange {
    std::vector<LabelDefinition>
        add_labels;  ///< definitions that are missing are created, existing ones left as they are
    std::vector<std::string> remove_labels;  ///< one that is not there is success
    std::optional<std::string>
        comment;  ///< whole body; creates the sticky comment or rewrites it if different
    std::optional<DeploymentUpdate> deployment;  ///< of the version it names; made if there is none for it
    /// Set inactive and delete these.
    std::vector<DeploymentRecord> end_deployments;
    /// From here on nothing of it is sent any more (Conflict): the claim under which it was meant is over.
    std::optional<TimePoint> not_after;
};

struct ChangeOutcome {
    /// The view's `labels`, `comment` and `deployments` as they are now, as far as the forge told.
    PullRequestView view;
    /// What could not be done of the best-effort part, a sentence each.
    std::vector<std::string> warnings;
};

enum class Existing { Keep, Overwrite };
enum class DefinitionOutcome { Created, Updated, Unchanged };

enum class Ancestry { Contained, NotContained, Unknown };

class Forge {
 public:
    virtual ~Forge() = default;

    /// Reads one pull request. One request; more only where a list is longer than a page.
    /// Errors: NotFound (no such repository or pull request), Unauthorized, RateLimited, Unavailable,
    /// TimedOut, Corrupt (a listing that is not complete included).
    virtual Result<PullRequestView> observe(int number) = 0;

    /// Performs one transition; `view` gives ids and what is there already (what is there is not sent again).
    /// Idempotent. After an error, parts may have been done: observe again.
    /// Errors: as observe, and InvalidInput (a label name over the limit, more than 95 labels).
    virtual Result<ChangeOutcome> apply(const PullRequestView& view, const PullRequestChange& change) = 0;

    /// Open pull requests, with their labels, complete: a partial listing is an error. Ordered by number.
    virtual Result<std::vector<PullRequestSummary>> list_open() = 0;
    /// Pull requests of any state that carry a label whose name begins with "🎪 ", complete; closed ones with
    /// leftovers are found through the label definitions they are attached to, not by search.
    virtual Result<std::vector<PullRequestSummary>> list_labelled() = 0;

    /// What a person may do. A login the forge does not know as a collaborator is an answer (None,
    /// "not_collaborator"). Errors: any other failure; callers must then deny.
    virtual Result<PermissionAnswer> permission(std::string_view login) = 0;

    /// All label definitions whose name begins with `prefix`, complete, with how often they are attached.
    virtual Result<std::vector<StoredLabel>> list_definitions(std::string_view prefix) = 0;
    /// Creates what is missing; Overwrite also resets colour and description of what differs. One outcome per
    /// definition.
    virtual Result<std::vector<DefinitionOutcome>> put_definitions(
        std::span<const LabelDefinition> definitions, Existing existing) = 0;
    /// Deletes these definitions if each is still attached to nothing, looked up by id right before (contract
    /// D32). Returns the names deleted.
    virtual Result<std::vector<std::string>> delete_unattached(std::span<const StoredLabel> labels) = 0;

    /// The full sha that `prefix` (7 to 40 digits) names, if it is a commit of this pull request.
    /// Errors: NotFound (unknown, or of another pull request), InvalidInput (ambiguous).
    virtual Result<CommitSha> resolve_commit(int number, std::string_view prefix) = 0;
    /// Whether `descendant` contains `ancestor`. Unknown: the forge could not tell.
    virtual Result<Ancestry> contains(const CommitSha& descendant, const CommitSha& ancestor) = 0;
};

}  // namespace ringmaster
