// Reading pull requests; pull_changes.cc opens, edits and merges them, pull_pushes.cc follows their branches.

#include "local_forge/pulls.h"

#include <algorithm>

#include "base/text.h"
#include "local_forge/issue_rows.h"
#include "local_forge/merging.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kPullColumns =
    "p.head_ref, p.head_sha, p.head_repository_id, p.head_owner_login, p.base_ref, p.base_sha, p.is_draft, "
    "p.is_mergeable, "
    "p.merged_at, p.merged_by, p.merge_commit_sha, p.commit_count, p.additions, p.deletions, p.changed_files";

constexpr std::string_view kJoined = "issues i JOIN pull_requests p ON p.issue_id = i.id";

std::string select(std::string_view rest) {
    return fmt::format("SELECT {}, {} FROM {} {}", kIssueColumns, kPullColumns, kJoined, rest);
}

Result<PullRequest> pull_at(ForgeStore& store, const database::Statement& row) {
    constexpr int kFirst = kIssueColumnCount;
    PullRequest pull;
    pull.issue = TRY(issue_at(store, row));
    pull.head_ref = row.text(kFirst);
    pull.head_sha = row.text(kFirst + 1);
    pull.head_repository_id = optional_id_at(row, kFirst + 2);
    pull.head_owner_login = row.text(kFirst + 3);
    pull.base_ref = row.text(kFirst + 4);
    pull.base_sha = row.text(kFirst + 5);
    pull.is_draft = row.integer(kFirst + 6) != 0;
    if (!row.is_null(kFirst + 7)) pull.is_mergeable = row.integer(kFirst + 7) != 0;
    pull.merged_at = optional_time_at(row, kFirst + 8);
    if (const auto merger = optional_id_at(row, kFirst + 9))
        pull.merged_by = TRY(store.accounts().get(*merger));
    pull.merge_commit_sha = optional_text_at(row, kFirst + 10);
    pull.commit_count = row.integer(kFirst + 11);
    pull.additions = row.integer(kFirst + 12);
    pull.deletions = row.integer(kFirst + 13);
    pull.changed_files = row.integer(kFirst + 14);
    return pull;
}

Result<std::vector<PullRequest>> all_of(ForgeStore& store, database::Statement rows) {
    std::vector<PullRequest> pulls;
    while (TRY(rows.step())) pulls.push_back(TRY(pull_at(store, rows)));
    return pulls;
}

std::string_view state_condition(PullRequestState state) {
    switch (state) {
        case PullRequestState::Open:
            return "i.state = 0";
        case PullRequestState::Closed:
            return "(i.state = 1 AND p.merged_at IS NULL)";
        case PullRequestState::Merged:
            return "p.merged_at IS NOT NULL";
    }
    return "";
}

// Conditions on the table of issues alone are answered by one of its indexes, without a look at any row.
struct Where {
    std::string sql;
    std::vector<std::string> texts;
    std::string_view from = "issues i";
};

void add_states(Where& where, const std::vector<PullRequestState>& states) {
    if (states.empty()) return;
    const bool only_open = std::ranges::count(states, PullRequestState::Open) == std::ssize(states);
    if (!only_open) where.from = kJoined;
    std::vector<std::string> any;
    for (const auto state : states) any.emplace_back(state_condition(state));
    where.sql += " AND (" + join(any, " OR ") + ")";
}

Where where_of(const Repository& repository, const PullRequestQuery& query) {
    Where where{fmt::format("WHERE i.repository_id = {} AND i.is_pull_request = 1", repository.id), {}};
    add_states(where, query.states);
    const auto equal = [&](std::string_view column, const std::string& value) {
        if (value.empty()) return;
        where.from = kJoined;
        where.sql += fmt::format(" AND {} = ?", column);
        where.texts.push_back(value);
    };
    equal("p.base_ref", query.base_ref);
    equal("p.head_ref", query.head_ref);
    equal("p.head_owner_login", query.head_owner);
    if (!query.label_names.empty()) {
        std::vector<std::string> marks(query.label_names.size(), "?");
        where.sql +=
            " AND EXISTS(SELECT 1 FROM issue_labels a JOIN labels l ON l.id = a.label_id WHERE a.issue_id = "
            "i.id "
            "AND l.name IN (" +
            join(marks, ", ") + "))";
        where.texts.insert(where.texts.end(), query.label_names.begin(), query.label_names.end());
    }
    return where;
}

// A cursor is a pull request's number; by update its place is found again through its present time.
std::string cursor_condition(const Repository& repository, const PullRequestQuery& query, std::int64_t number,
                             bool after) {
    const bool greater = (query.direction == Direction::Ascending) == after;
    const std::string_view sign = greater ? ">" : "<";
    if (!query.by_update) return fmt::format(" AND i.number {} {}", sign, number);
    return fmt::format(
        " AND (i.updated_at, i.number) {} (SELECT updated_at, number FROM issues WHERE repository_id = {} "
        "AND number = {})",
        sign, repository.id, number);
}

Result<database::Statement> prepare(StoreCore& core, const std::string& sql,
                                    const std::vector<std::string>& texts) {
    auto statement = TRY(core.database.prepare(sql));
    int index = 0;
    for (const auto& text : texts) statement.bind(++index, std::string_view(text));
    return statement;
}

}  // namespace

Result<std::optional<PullRequest>> PullRequests::find(const Repository& repository, std::int64_t number) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query(select("WHERE i.repository_id = ? AND i.number = ?"), repository.id, number));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(pull_at(store_, row));
}

Result<std::optional<PullRequest>> PullRequests::find(Id issue_id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(select("WHERE i.id = ?"), issue_id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(pull_at(store_, row));
}

Result<std::vector<PullRequest>> PullRequests::list(const Repository& repository,
                                                    const PullRequestQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    Where where = where_of(repository, query);
    if (query.after_number) where.sql += cursor_condition(repository, query, *query.after_number, true);
    if (query.before_number) where.sql += cursor_condition(repository, query, *query.before_number, false);
    const std::string_view direction = query.direction == Direction::Ascending ? "ASC" : "DESC";
    const std::string order = query.by_update ? fmt::format("i.updated_at {0}, i.number {0}", direction)
                                              : fmt::format("i.number {}", direction);
    // The page is found before its rows are read, so what OFFSET skips costs little.
    const std::string rest =
        fmt::format("WHERE i.id IN (SELECT i.id FROM {} {} ORDER BY {} LIMIT {} OFFSET {}) ORDER BY {}",
                    where.from, where.sql, order, query.window.limit, query.window.offset, order);
    return all_of(store_, TRY(prepare(store_.core(), select(rest), where.texts)));
}

Result<std::int64_t> PullRequests::count(const Repository& repository, const PullRequestQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    const Where where = where_of(repository, query);
    auto row = TRY(prepare(store_.core(), fmt::format("SELECT COUNT(*) FROM {} {}", where.from, where.sql),
                           where.texts));
    TRY(row.step());
    return row.integer(0);
}

Result<std::vector<Commit>> PullRequests::commits(const Repository& repository, const PullRequest& pull) {
    return store_.repositories()
        .git(repository)
        .commits({"--topo-order", "--reverse", pull.base_sha + ".." + pull.head_sha});
}

Result<std::vector<PullRequest>> PullRequests::of_head_sha(const Repository& repository,
                                                           std::string_view sha) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_, TRY(store_.core().query(
                              select("WHERE i.repository_id = ? AND p.head_sha = ? ORDER BY i.number DESC"),
                              repository.id, sha)));
}

Result<std::vector<PullRequest>> PullRequests::open_from(const Repository& head, std::string_view branch) {
    return all_of(
        store_, TRY(store_.core().query(
                    select("WHERE p.head_repository_id = ? AND p.head_ref = ? AND i.state = 0 ORDER BY i.id"),
                    head.id, branch)));
}

Result<std::vector<PullRequest>> PullRequests::open_into(const Repository& base, std::string_view branch) {
    return all_of(store_,
                  TRY(store_.core().query(
                      select("WHERE i.repository_id = ? AND p.base_ref = ? AND i.state = 0 ORDER BY i.id"),
                      base.id, branch)));
}

Answer<PullRequest> PullRequests::with_mergeability(const Repository& repository, PullRequest pull) {
    if (pull.is_mergeable || pull.issue.state == IssueState::Closed) return pull;
    const Git git = store_.repositories().git(repository);
    auto transaction = TRY_ANSWER(store_.begin());
    const auto base = TRY_ANSWER(store_.refs().find(repository, "refs/heads/" + pull.base_ref));
    const std::string base_tip = base ? base->sha : pull.base_sha;
    const auto statistics = TRY_ANSWER(merge_statistics(git, base_tip, pull.head_sha));
    const auto tree = TRY_ANSWER(merged_tree(git, base_tip, pull.head_sha));
    pull.is_mergeable = tree.has_value();
    pull.merge_commit_sha.reset();
    const std::string merge_ref = fmt::format("refs/pull/{}/merge", pull.issue.number);
    if (tree) {
        const Signature forge{"GitHub", "noreply@github.com", store_.now()};
        const std::string message = fmt::format("Merge {} into {}", pull.head_sha, base_tip);
        pull.merge_commit_sha =
            TRY_ANSWER(commit_tree(git, *tree, {base_tip, pull.head_sha}, message, forge));
        TRY_ANSWER(git.update_refs(fmt::format("update {} {}\n", merge_ref, *pull.merge_commit_sha)));
    } else {
        TRY_ANSWER(git.update_refs(fmt::format("delete {}\n", merge_ref)));
    }
    pull.commit_count = statistics.commits;
    pull.additions = statistics.additions;
    pull.deletions = statistics.deletions;
    pull.changed_files = statistics.changed_files;
    TRY_ANSWER(store_.core().run(
        "UPDATE pull_requests SET is_mergeable = ?, merge_commit_sha = ?, commit_count = ?, "
        "additions = ?, deletions = ?, changed_files = ? WHERE issue_id = ?",
        *pull.is_mergeable, pull.merge_commit_sha, pull.commit_count, pull.additions, pull.deletions,
        pull.changed_files, pull.issue.id));
    TRY_ANSWER(transaction.commit());
    return pull;
}

}  // namespace ringmaster::local_forge
