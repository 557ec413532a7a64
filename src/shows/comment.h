#pragma once
// The one sticky comment of a pull request, as text: what state its show is in, which version serves, until
// when, and for a failure its cause and what to do. Pure: facts in, Markdown out. Everything from outside
// (titles, logins, log lines) stays text: no mention, no markup, no escape sequence of it survives.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "domain/commit_sha.h"
#include "domain/show_policy.h"

namespace ringmaster::shows {

enum class CommentState {
    Queued,    ///< the limit of shows is reached
    Approval,  ///< a fork's version that nobody approved
    Building,  ///< nothing serves yet
    Updating,  ///< an older version serves while this one is prepared
    Running,
    Failed,  ///< nothing serves
    FailedOldServes,
    Stopped,
    NotRemovable,
};

struct CommentFacts {
    CommentState state = CommentState::Building;
    int pull_request_number = 0;
    CommitSha version;                ///< the one this is about
    std::string subject;              ///< first line of its commit message
    std::optional<ShortSha> serving;  ///< Updating, FailedOldServes: what visitors get
    std::string url;                  ///< where it answers; empty = nowhere
    /// Where just this version answers, if `url` is an address that stays when versions change.
    std::string version_url = {};
    std::string credentials_hint;  ///< "admin/admin"; empty = none
    std::string repository_url;    ///< "https://github.com/o/r", for links
    std::string run_url;           ///< progress and logs; empty = no such page
    std::optional<TimePoint> lasts_until;
    std::string lifetime;  ///< "48h", "close"; empty = unknown
    std::string requested_by;
    TimePoint now;
    std::optional<Duration> took;  ///< Running: from the claim to the switch
    std::string failed_step;       ///< Failed…: "build", "deploy", "health"
    std::string cause;
    std::string next;
    std::vector<std::string> log_tail;  ///< raw lines; the last 30 are shown
    std::string end_reason;             ///< Stopped: "Pull request merged", "Stopped by ada", …
    std::vector<std::string> left;      ///< NotRemovable: what is still there
    int limit = 0;                      ///< Queued: shows at once
};

/// The whole body, marker included. `revision` grows with every edit, so that a late writer can be told from
/// a newer one.
std::string render_comment(const CommentFacts& facts, CommentStyle style, int revision);

/// The revision a body carries; 0 when it has none.
int comment_revision(std::string_view body);
/// The word for its state that a body carries ("running", "failed", …); "unknown" for a body without one.
std::string comment_state_word(std::string_view body);
/// Whether two bodies say the same, their revisions and times aside: then no edit is worth its notification.
bool says_the_same(std::string_view a, std::string_view b);

}  // namespace ringmaster::shows
