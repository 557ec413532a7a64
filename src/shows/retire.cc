// What a switch leaves behind goes: every version but the one that serves now.

#include <algorithm>
#include <set>

#include "shows/run.h"

namespace ringmaster::shows {
namespace {

/// Every other version: those that labels name, and those that only the engine knows.
std::vector<ShortSha> others_than(Run& run, const ShortSha& sha) {
    const LabelState labels = run.labels();
    std::set<ShortSha> found(labels.remnants.begin(), labels.remnants.end());
    for (const auto& show : labels.shows) found.insert(show.sha);
    const auto listed = run.outside.runtime.list_of(run.view.pull_request.number, Others::Ignored);
    if (listed)
        for (const auto& service : listed->services) found.insert(service.show.sha);
    found.erase(sha);
    return {found.begin(), found.end()};
}

}  // namespace

void retire_others(Run& run, const ShortSha& kept) {
    const auto old = others_than(run, kept);
    if (old.empty()) return;
    (void)with_step(run, Step::Retire,
                    fmt::format("retiring {} older version{}", old.size(), old.size() == 1 ? "" : "s"),
                    [&]() -> Result<void> {
                        // Whoever followed the old address a moment ago still gets an answer.
                        TRY(run.outside.clock.sleep(run.settings.policy.drain, run.worker));
                        PullRequestChange change;
                        for (const auto& sha : old) {
                            TRY(run.worker.fence());
                            if (auto removed = run.remove_resources(sha); !removed) {
                                run.warn(fmt::format("version {} is not removed yet, its labels stay: {}",
                                                     sha.text(), removed.error().describe()));
                                continue;
                            }
                            for (auto& name : state_labels_of(sha, run.view.labels))
                                change.remove_labels.push_back(std::move(name));
                            for (const auto& record : run.view.deployments)
                                if (record.sha.short_sha() == sha) change.end_deployments.push_back(record);
                        }
                        if (change.remove_labels.empty() && change.end_deployments.empty()) return {};
                        return run.change(change);
                    });
}

}  // namespace ringmaster::shows
