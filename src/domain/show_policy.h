#pragma once
// What a repository wants of its shows: the part of the configuration that decisions rest on. Values, no
// behaviour.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "domain/commit_sha.h"
#include "domain/show_command.h"
#include "domain/ttl.h"

namespace ringmaster {

enum class ForkPolicy {
    Never,    ///< pull requests from forks get no show
    Approve,  ///< someone with write access approves each sha
    Allow,
};
enum class DraftPolicy {
    Skip,     ///< no show for a draft
    OnLabel,  ///< only a start trigger starts one; new commits are not followed
    Always,
};
enum class CommentMode { Sticky, Failures, Off };
/// How the sticky comment is laid out: Ringmaster's table, or the original's header and bullets.
enum class CommentStyle { Table, Superset };

struct HealthCheck {
    std::vector<std::string> paths = {"/health", "/"};
    Duration timeout = std::chrono::minutes(10);  ///< from the start of the service to its first 200
    Duration interval = std::chrono::seconds(1);  ///< between two rounds
    Duration request_timeout = std::chrono::seconds(10);
    bool operator==(const HealthCheck&) const = default;
};

struct ShowPolicy {
    Ttl default_ttl = Ttl::hours(48);
    int limit = 20;  ///< shows at once in the repository; 0 = no limit
    ForkPolicy forks = ForkPolicy::Approve;
    DraftPolicy drafts = DraftPolicy::OnLabel;
    /// Builds of one sha that start by themselves after a failure (contract §4.3, row 17).
    int automatic_rebuilds = 1;
    /// A show in progress whose start is older than this, and that nobody holds, counts as failed (contract
    /// §4.3, leases).
    Duration in_progress_timeout = std::chrono::minutes(120);
    /// Versions must contain this commit (contract §7.4); empty = no such check.
    std::optional<CommitSha> required_commit;
    CommentMode comment = CommentMode::Sticky;
    CommentStyle comment_style = CommentStyle::Table;
    HealthCheck health;
    ShowCommand seed;  ///< run once in each show that was started, before visitors come
    /// Run in each show that ends, before it is removed; whether it works never keeps anything.
    ShowCommand teardown{.timeout = std::chrono::minutes(1)};
    Duration build_timeout = std::chrono::minutes(60);
    Duration deploy_timeout = std::chrono::minutes(10);
    /// How often a long build looks whether it is still wanted (a stop, a close, a newer commit).
    Duration watch_interval = std::chrono::seconds(15);
    /// How long the old version goes on serving after the switch, for visitors who hold its address.
    Duration drain = std::chrono::seconds(2);
    /// The login shown to visitors ("admin/admin" under the superset preset); empty = none.
    std::string credentials_hint;
    /// Environment variables that a pull request's text may set: "FEATURE_{word}=…" becomes this prefix +
    /// word. Empty = none.
    std::string feature_flag_prefix;
    bool operator==(const ShowPolicy&) const = default;
};

}  // namespace ringmaster
