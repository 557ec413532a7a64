#include "shows/own_writes.h"

#include <algorithm>

namespace ringmaster::shows {
namespace {

// Five times the lag that was seen. Longer would hide what people do to our labels by hand.
constexpr Duration kReadingLag = std::chrono::seconds(10);

}  // namespace

void OwnWrites::note(const PullRequestChange& change, const ChangeOutcome& outcome, Duration now) {
    for (const auto& label : change.add_labels) labels_[label.name] = {true, now};
    for (const auto& name : change.remove_labels) labels_[name] = {false, now};
    const bool has_extras = change.comment || change.deployment || !change.end_deployments.empty();
    if (!has_extras) return;
    extras_ = Extras{outcome.view.comment, outcome.view.deployments, now, !outcome.warnings.empty()};
}

void OwnWrites::put_over(PullRequestView& reading, Duration now) const {
    const auto is_recent = [&](Duration written_at) { return now - written_at < kReadingLag; };
    for (const auto& [name, label] : labels_) {
        if (!is_recent(label.written_at)) continue;
        const auto at = std::ranges::lower_bound(reading.labels, name);
        const bool is_shown = at != reading.labels.end() && *at == name;
        if (label.is_there && !is_shown)
            reading.labels.insert(at, name);
        else if (!label.is_there && is_shown)
            reading.labels.erase(at);
    }
    if (!extras_ || !is_recent(extras_->written_at)) return;
    if (!extras_->is_in_doubt) {
        reading.comment = extras_->comment;
        reading.deployments = extras_->deployments;
        return;
    }
    if (extras_->comment) reading.comment = extras_->comment;
    for (const auto& record : extras_->deployments)
        if (std::ranges::find(reading.deployments, record.id, &DeploymentRecord::id) ==
            reading.deployments.end())
            reading.deployments.push_back(record);
}

}  // namespace ringmaster::shows
