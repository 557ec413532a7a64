#pragma once
// The sweep looks at everything, so that nothing that was missed stays: expired shows, services nobody
// explains, leftovers on closed pull requests, label definitions and lease tokens nobody needs. It plans
// first (the plan is what
// --dry-run prints), deletes only what it has proven unwanted, and never anything after a failed or partial
// listing.

#include <string>
#include <vector>

#include "shows/service.h"

namespace ringmaster::shows {

struct SweepOptions {
    ExpiryRule expiry;
    bool remove_expired = true;
    bool remove_orphans = true;     ///< services and routes without a pull request that wants them
    bool clean_closed = true;       ///< labels and services of closed pull requests
    bool prune_definitions = true;  ///< unattached definitions of shows, and expired lease tokens
    int most_definitions = 200;     ///< per run
    int most_removals = 100;        ///< services per run; a bug or a lie cannot cost more than that
    Duration grace =
        std::chrono::minutes(10);  ///< younger services are never orphans: their labels may be on the way
};

enum class SweepKind { Expired, Orphan, Route, Closed, Definition, LeaseToken };
std::string_view to_string(SweepKind kind);

struct SweepItem {
    SweepKind kind = SweepKind::Expired;
    int pull_request_number = 0;  ///< 0 for definitions
    std::string what;             ///< "pr-12-abc1234-service", a label's name, …
    std::string why;              ///< one sentence
};

struct SweepPlan {
    std::vector<SweepItem> items;
    std::vector<StoredLabel> definitions;  ///< behind the items of kind Definition and LeaseToken
    std::vector<Claim> leftovers;          ///< behind those of kind LeaseToken that are no definitions
    std::vector<std::string> skipped;      ///< what was left alone and why
};

struct SweepReport {
    int expired = 0;
    int orphans = 0;  ///< services and routes
    int closed = 0;
    int definitions = 0;
    std::vector<SweepItem> removed;  ///< those of the plan that are gone now, in its order
    std::vector<Error> failures;     ///< each names what it was about; the others went on
};

/// Looks, and says what a run would do. Errors: any listing that failed or was not complete.
Result<SweepPlan> plan_sweep(ShowService& service, const SweepOptions& options);
/// Does it; every item is checked once more right before.
Result<SweepReport> perform_sweep(ShowService& service, const SweepPlan& plan, const SweepOptions& options,
                                  Reporter& reporter, Progress& progress);

}  // namespace ringmaster::shows
