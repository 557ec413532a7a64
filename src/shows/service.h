#pragma once
// The shows half as a whole, for the command line, the server and the simulator: observe → decide → claim →
// perform → record → release. Everything outside comes in as a port.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/show_policy.h"
#include "ports/builder.h"
#include "ports/claims.h"
#include "ports/clock.h"
#include "ports/forge.h"
#include "ports/history.h"
#include "ports/http_client.h"
#include "ports/runtime.h"
#include "shows/decide.h"
#include "shows/reporter.h"

namespace ringmaster::shows {

/// What this half needs of the world; all references outlive the service.
struct Outside {
    Forge& forge;
    Claims& claims;
    Builder& builder;
    Runtime& runtime;
    HttpClient& http;  ///< for health checks only
    Clock& clock;
    History& history;
    ClaimLeftovers* leftovers = nullptr;  ///< of the claims, where something has to remove them
};

/// What the shows of one repository are like.
struct Settings {
    RepositoryName repository;
    ShowPolicy policy;
    std::string web_url = "https://github.com";  ///< for links to commits and pull requests
    std::string run_url;                         ///< the page of the job we run in; empty = none
    /// Secrets that shows need and that are not set here: nothing is started without them.
    std::vector<std::string> missing_secrets;
};

/// Errors: InvalidInput (names them), unless there are none.
Result<void> require_secrets(const std::vector<std::string>& missing);

/// How the asker's right to start something is found out.
enum class Asker {
    Workflow,    ///< a job with GITHUB_ACTIONS=true: the actor's permission is asked for
    TokenOwner,  ///< a person with a token: its owner's own permission counts
    Event,       ///< the server: whoever put the trigger on; pushes to branches of the repository itself are
                 ///< trusted
};

/// Parts of the world a run leaves alone (contract §5.7).
struct DryRun {
    bool forge = false;    ///< nothing at all is written on the forge, the claim included
    bool runtime = false;  ///< nothing is deployed or removed; then no labels of live resources go, and no
                           ///< address is published
    bool build = false;
    bool any() const { return forge || runtime || build; }
};

struct SyncRequest {
    int number = 0;
    Purpose purpose = Purpose::Sync;
    std::optional<std::string> sha_prefix;  ///< 7 to 40 digits; default: the pull request's head
    std::optional<Ttl> ttl;                 ///< Start: put this TTL label on
    bool force = false;
    Asker asker = Asker::TokenOwner;
    std::string actor;  ///< login; empty = unknown
    DryRun dry_run;
    std::string description;  ///< why, in the asker's words, for the history; may be empty
    std::optional<ExpiryRule> expiry;
    bool may_create = true;
    /// How long to wait for another worker that is busy with another version, or with a show that is to end.
    Duration wait_for_claim = Duration(0);
    /// Told when the claim is ours (its holder's name), so that a cancelled job can give it up later; may be
    /// empty.
    std::function<void(const std::string& holder)> on_claimed;
    /// Whether something happened since the last call that may make this work unwanted: then it looks at once
    /// and not only at the next watch interval. Asked at every pulse; empty: nobody tells.
    std::function<bool()> take_alert;
};

/// The answer of --check-only, and the first half of every run.
struct CheckResult {
    PullRequestView view;
    Observation observation;
    Request request;
    Decision decision;
};

struct SyncOutcome {
    /// The contract's words: create_environment, destroy_environment, no_action, blocked, …
    std::string action_taken;
    Decision decision;
    CommitSha target;
    std::optional<Show> show;  ///< as it is now, for a create
    std::string url;           ///< where the show answers; empty = nowhere
    std::vector<std::string> warnings;
    /// Another worker has the pull request, and only small things are left to do (a trigger to take off):
    /// it does them, unless it ends before; a look after this time makes sure.
    std::optional<Duration> look_again_after = std::nullopt;
    /// The comment or the deployment record could not be written, twice; the next look writes it.
    bool extras_are_missing = false;
};

/// One show, for lists; fields only ever grow.
struct ShowListing {
    int pull_request_number = 0;
    std::string title;
    std::string kind;  ///< active, building, orphaned, legacy
    Show show;
    std::string service_name;
    std::optional<TimePoint> expires_at;
    std::string ttl;
    std::vector<std::string> problems;
};

struct PullRequestStatus {
    PullRequestView view;
    LabelState labels;
    std::vector<Service> services;
    std::vector<ShowListing> shows;
};

struct Run;
struct Claiming;

class ShowService {
 public:
    ShowService(Outside outside, Settings settings) : outside_(outside), settings_(std::move(settings)) {}

    /// Observes and decides; writes nothing. At most 2 forge requests, plus those that name a sha or a
    /// required commit cost.
    Result<CheckResult> check(const SyncRequest& request);
    /// The whole road. `progress.pulse()` is where Ctrl-C comes in. A decision to do nothing, or a block, is
    /// an outcome, not an error. Errors: InvalidInput (a secret is not set), Busy (another worker has the
    /// pull request), Conflict (superseded or stopped meanwhile; nothing of ours is left), Failed, TimedOut
    /// and others of the step that failed, which is in the trail.
    Result<SyncOutcome> sync(const SyncRequest& request, Reporter& reporter, Progress& progress);

    Result<PullRequestStatus> status(int number);
    /// Every show of the repository's open pull requests, and services that no open pull request explains.
    Result<std::vector<ShowListing>> list();

    const Settings& settings() const { return settings_; }
    Outside& outside() { return outside_; }

 private:
    Result<Claiming> claim(const SyncRequest& request, CheckResult& check, Progress& progress);
    Result<SyncOutcome> run_claimed(const SyncRequest& request, const CheckResult& check, Claimed claimed,
                                    Reporter& reporter, Progress& progress);
    Result<SyncOutcome> converge(Run& run, const CheckResult& check);
    void write_extras_again(Run& run);

    Outside outside_;
    Settings settings_;
};

}  // namespace ringmaster::shows
