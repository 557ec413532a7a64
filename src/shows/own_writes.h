#pragma once
// What a run wrote on its pull request a moment ago. A forge's reading may be older than that (two seconds of
// lag have been seen on GitHub: github-facts 10.20), and whoever believes such a reading takes his own work
// back: he overlooks the label that he is to remove, or does not put on the one that only the old reading
// shows. Under the claim nobody else writes these, so the newer knowledge is ours. Internal to shows/.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/forge.h"

namespace ringmaster::shows {

class OwnWrites {
 public:
    /// `change` was made, and `outcome` is what the forge answered; `now` is monotonic.
    void note(const PullRequestChange& change, const ChangeOutcome& outcome, Duration now);
    /// Puts what was written lately over a reading.
    void put_over(PullRequestView& reading, Duration now) const;

 private:
    struct Label {
        bool is_there = false;
        Duration written_at{0};
    };
    struct Extras {
        std::optional<StickyComment> comment;
        std::vector<DeploymentRecord> deployments;
        Duration written_at{0};
        /// Something was not written, or its reply was lost: then a reading may know more than we.
        bool is_in_doubt = false;
    };
    std::map<std::string, Label> labels_;
    std::optional<Extras> extras_;
};

}  // namespace ringmaster::shows
