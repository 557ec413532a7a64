// The part of PullRequests that follows branches: what a push opens, moves, closes and merges.

#include <unordered_set>

#include "base/text.h"
#include "local_forge/pulls.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kBranches = "refs/heads/";

// What is after the first line of a commit's message.
std::string body_of(const Commit& commit) {
    const auto end = commit.message.find('\n');
    return end == std::string::npos ? "" : std::string(trim(commit.message.substr(end)));
}

}  // namespace

Result<void> PullRequests::write_head_ref(const Repository& base, const PullRequest& pull) {
    const Git git = store_.repositories().git(base);
    const std::string ref = fmt::format("refs/pull/{}/head", pull.issue.number);
    if (pull.head_repository_id && pull.is_cross_repository()) {
        const auto head = TRY(store_.repositories().find(*pull.head_repository_id));
        if (!head) return {};
        const std::string from = store_.repositories().git(*head).path();
        TRY(git.read({"fetch", "--quiet", "--no-tags", from, "+refs/heads/" + pull.head_ref + ":" + ref}));
        return {};
    }
    return git.update_refs(fmt::format("update {} {}\n", ref, pull.head_sha));
}

Result<void> PullRequests::synchronize(const Viewer& pusher, const PullRequest& pull,
                                       const BranchMove& move) {
    const auto base = TRY(store_.repositories().find(pull.issue.repository_id));
    const auto base_ref = TRY(store_.refs().find(*base, std::string(kBranches) + pull.base_ref));
    TRY(store_.core().run(
        "UPDATE pull_requests SET head_sha = ?, base_sha = ?, is_mergeable = NULL WHERE issue_id = ?",
        std::string_view(move.after), std::string_view(base_ref ? base_ref->sha : pull.base_sha),
        pull.issue.id));
    TRY(store_.issues().touch(pull.issue.id));
    if (move.forced)
        TRY(store_.issues().record(pull.issue.id, "head_ref_force_pushed", *pusher.user, "", "", move.after));
    const auto updated = TRY(find(pull.issue.id));
    TRY(write_head_ref(*base, *updated));
    return emit(pusher, "synchronize", pull.issue.id, move.before, move.after);
}

// Open pull requests whose head the base branch now contains were merged by that push.
Result<void> PullRequests::find_merged(const Viewer& pusher, const Repository& base, const BranchMove& move) {
    TRY(store_.core().run(
        "UPDATE pull_requests SET is_mergeable = NULL WHERE base_ref = ? AND issue_id IN (SELECT id FROM "
        "issues WHERE repository_id = ? AND state = 0)",
        std::string_view(move.branch), base.id));
    if (move.before.empty() || move.after.empty()) return {};
    const auto pulls = TRY(open_into(base, move.branch));
    if (pulls.empty()) return {};
    const std::string output =
        TRY(store_.repositories().git(base).read({"rev-list", move.before + ".." + move.after}));
    const auto lines = split_lines(output);
    const std::unordered_set<std::string_view> arrived(lines.begin(), lines.end());
    for (const PullRequest& pull : pulls)
        if (arrived.contains(pull.head_sha)) TRY(mark_merged(pusher, pull, move.after));
    return {};
}

// A branch gets its pull request by itself when it never had one, or its last one was merged. One that a
// person closed stays closed, and a closed one does not follow pushes (github-facts 4.13).
Result<bool> PullRequests::may_open_for(const Repository& repository, std::string_view branch) {
    if (!repository.opens_pull_requests || branch == repository.default_branch) return false;
    auto row = TRY(store_.core().query(
        "SELECT merged_at FROM pull_requests WHERE head_repository_id = ? AND head_ref = ? "
        "ORDER BY issue_id DESC LIMIT 1",
        repository.id, branch));
    const bool had_one = TRY(row.step());
    return !had_one || !row.is_null(0);
}

Result<void> PullRequests::open_for(const Viewer& pusher, const Repository& repository,
                                    const BranchMove& move) {
    const auto base = TRY(store_.refs().find(repository, std::string(kBranches) + repository.default_branch));
    if (!base) return {};
    const auto tip = TRY(store_.refs().commit(repository, move.after));
    if (!tip) return {};
    NewPullRequest wanted;
    wanted.title = tip->subject();
    wanted.body = body_of(*tip);
    wanted.head_ref = move.branch;
    wanted.base_ref = repository.default_branch;
    const Id id = TRY(insert(repository, *pusher.user, wanted, repository, move.after, base->sha));
    return emit(pusher, "opened", id);
}

Result<std::unordered_set<std::string>> PullRequests::branches_with_own_commits(
    const Repository& repository) {
    const std::string output =
        TRY(store_.repositories()
                .git(repository)
                .read({"for-each-ref", "--format=%(refname)",
                       "--no-merged=refs/heads/" + repository.default_branch, "refs/heads/"}));
    std::unordered_set<std::string> branches;
    for (const auto line : split_lines(output)) branches.emplace(line.substr(kBranches.size()));
    return branches;
}

Result<void> PullRequests::branches_moved(const Viewer& pusher, const Repository& repository,
                                          std::span<const BranchMove> moves) {
    std::vector<BranchMove> new_ones;
    for (const BranchMove& move : moves) {
        TRY(find_merged(pusher, repository, move));
        const auto pulls = TRY(open_from(repository, move.branch));
        for (const PullRequest& pull : pulls) {
            if (!move.after.empty()) {
                TRY(synchronize(pusher, pull, move));
                continue;
            }
            TRY(store_.issues().set_state(pull.issue, *pusher.user, IssueState::Closed));
            TRY(store_.issues().record(pull.issue.id, "head_ref_deleted", *pusher.user));
            TRY(emit(pusher, "closed", pull.issue.id));
        }
        if (pulls.empty() && !move.after.empty() && TRY(may_open_for(repository, move.branch)))
            new_ones.push_back(move);
    }
    if (new_ones.empty() ||
        !TRY(store_.refs().find(repository, std::string(kBranches) + repository.default_branch)))
        return {};
    const auto ahead = TRY(branches_with_own_commits(repository));
    for (const BranchMove& move : new_ones)
        if (ahead.contains(move.branch)) TRY(open_for(pusher, repository, move));
    return write_missing_head_refs(repository);
}

// All at once: one process for a push of ten thousand branches.
Result<void> PullRequests::write_missing_head_refs(const Repository& repository) {
    const Git git = store_.repositories().git(repository);
    const std::string output = TRY(git.read({"for-each-ref", "--format=%(refname)", "refs/pull/"}));
    const auto lines = split_lines(output);
    const std::unordered_set<std::string_view> present(lines.begin(), lines.end());
    auto row = TRY(store_.core().query(
        "SELECT i.number, p.head_sha FROM issues i JOIN pull_requests p ON p.issue_id = i.id "
        "WHERE i.repository_id = ? AND i.state = 0 AND p.head_repository_id = i.repository_id",
        repository.id));
    std::string script;
    while (TRY(row.step())) {
        const std::string name = fmt::format("refs/pull/{}/head", row.integer(0));
        if (!present.contains(name)) script += fmt::format("update {} {}\n", name, row.text(1));
    }
    return git.update_refs(script);
}

}  // namespace ringmaster::local_forge
