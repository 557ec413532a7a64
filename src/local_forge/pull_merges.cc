// The part of PullRequests that merges them on request.

#include "base/text.h"
#include "local_forge/merging.h"
#include "local_forge/pulls.h"
#include "local_forge/rebasing.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

struct Wording {
    std::string_view title;  ///< empty: GitHub's own
    std::string_view message;
};

// A merge commit, or with one parent a squashed one.
Answer<std::string> merge_commit(const Git& git, const PullRequest& pull, const std::string& base_tip,
                                 bool squash, const Wording& wording, const Signature& who) {
    const auto tree = TRY_ANSWER(merged_tree(git, base_tip, pull.head_sha));
    if (!tree) return Refuse(Refusal(405, "Pull Request is not mergeable"));
    const std::string default_title =
        squash ? fmt::format("{} (#{})", pull.issue.title, pull.issue.number)
               : fmt::format("Merge pull request #{} from {}/{}", pull.issue.number, pull.head_owner_login,
                             pull.head_ref);
    const std::string text =
        fmt::format("{}\n\n{}", wording.title.empty() ? default_title : std::string(wording.title),
                    wording.message.empty() && !squash ? pull.issue.title : std::string(wording.message));
    const std::vector<std::string> parents =
        squash ? std::vector{base_tip} : std::vector{base_tip, pull.head_sha};
    return TRY_ANSWER(commit_tree(git, *tree, parents, trim(text), who));
}

// Its words are those of the commits.
Answer<std::string> rebased_tip(const Git& git, const PullRequest& pull, const std::string& base_tip,
                                const Signature& who) {
    auto tip = TRY_ANSWER(rebased(git, base_tip, pull.head_sha, who));
    if (!tip) return Refuse(Refusal(405, "This branch can't be rebased"));
    return *std::move(tip);
}

}  // namespace

Result<void> PullRequests::mark_merged(const Viewer& viewer, const PullRequest& pull,
                                       std::string_view merge_commit) {
    TRY(store_.core().run(
        "UPDATE pull_requests SET merged_at = ?, merged_by = ?, merge_commit_sha = ? WHERE issue_id = ?",
        store_.now(), viewer.user->id, merge_commit, pull.issue.id));
    TRY(store_.issues().record(pull.issue.id, "merged", *viewer.user, "", "", merge_commit));
    TRY(store_.issues().set_state(pull.issue, *viewer.user, IssueState::Closed));
    return emit(viewer, "closed", pull.issue.id);
}

Result<bool> PullRequests::can_be_rebased(const Repository& repository, const PullRequest& pull) {
    const auto base = TRY(store_.refs().find(repository, "refs/heads/" + pull.base_ref));
    if (pull.issue.state == IssueState::Closed || !base) return false;
    const Signature nobody{"GitHub", "noreply@github.com", store_.now()};
    const auto tip = TRY(rebased(store_.repositories().git(repository), base->sha, pull.head_sha, nobody));
    return tip.has_value();
}

Answer<std::string> PullRequests::merge(const Viewer& viewer, const Repository& repository,
                                        const PullRequest& wanted, std::string_view method,
                                        std::string_view title, std::string_view message,
                                        std::string_view expected_head) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Contents));
    if (method != "merge" && method != "squash" && method != "rebase")
        return Refuse(invalid_field({"PullRequest", "merge_method", "invalid", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto pull = TRY_ANSWER(find(wanted.issue.id));
    if (!pull || pull->issue.state == IssueState::Closed || pull->is_draft)
        return Refuse(Refusal(
            405, pull && pull->is_draft ? "Pull Request is still a draft" : "Pull Request is not mergeable"));
    if (!expected_head.empty() && expected_head != pull->head_sha)
        return Refuse(Refusal(409, "Head branch was modified. Review and try the merge again."));
    const Git git = store_.repositories().git(repository);
    const auto base = TRY_ANSWER(store_.refs().find(repository, "refs/heads/" + pull->base_ref));
    if (!base) return Refuse(Refusal(405, "Pull Request is not mergeable"));
    const User& who = *viewer.user;
    const Signature signature{who.name.empty() ? who.login : who.name, who.email, store_.now()};
    const std::string commit = method == "rebase"
                                   ? TRY_ANSWER(rebased_tip(git, *pull, base->sha, signature))
                                   : TRY_ANSWER(merge_commit(git, *pull, base->sha, method == "squash",
                                                             {title, message}, signature));
    // Marked before the branch moves, so that the rescan does not find it merged by a push.
    TRY_ANSWER(mark_merged(viewer, *pull, commit));
    const auto moved =
        git.update_refs(fmt::format("update refs/heads/{} {} {}\n", pull->base_ref, commit, base->sha));
    if (!moved) return Refuse(Refusal(409, "Base branch was modified. Review and try the merge again."));
    TRY_ANSWER(store_.refs().rescan(viewer, repository));
    TRY_ANSWER(transaction.commit());
    return commit;
}

}  // namespace ringmaster::local_forge
