#include "local_forge/comments.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

// What is enforced, whatever the message says (github-facts 5.1).
constexpr std::size_t kMaxBodyBytes = 262'144;
constexpr std::array<std::string_view, 6> kClassifiers = {"abuse",    "duplicate", "off_topic",
                                                          "outdated", "resolved",  "spam"};

constexpr std::string_view kSelect =
    "SELECT c.id, c.issue_id, i.number, i.repository_id, c.author_id, c.body, c.minimized_reason, "
    "c.created_at, c.updated_at "
    "FROM comments c JOIN issues i ON i.id = c.issue_id ";

Result<Comment> comment_at(ForgeStore& store, const database::Statement& row) {
    Comment comment;
    comment.id = row.integer(0);
    comment.issue_id = row.integer(1);
    comment.issue_number = row.integer(2);
    comment.repository_id = row.integer(3);
    comment.author = TRY(store.accounts().get(row.integer(4)));
    comment.body = row.text(5);
    comment.minimized_reason = optional_text_at(row, 6);
    comment.created_at = time_at(row, 7);
    comment.updated_at = time_at(row, 8);
    return comment;
}

Result<std::vector<Comment>> all_of(ForgeStore& store, database::Statement rows) {
    std::vector<Comment> comments;
    while (TRY(rows.step())) comments.push_back(TRY(comment_at(store, rows)));
    return comments;
}

Answer<void> check_body(std::string_view body) {
    if (trim(body).empty())
        return Refuse(invalid_field({"IssueComment", "data", "unprocessable", "Body cannot be blank", ""}));
    if (body.size() > kMaxBodyBytes)
        return Refuse(invalid_field(
            {"IssueComment", "data", "unprocessable", "Body is too long (maximum is 65536 characters)", ""}));
    return {};
}

Result<Event> comment_event(ForgeStore& store, const Viewer& viewer, std::string_view action,
                            const Comment& comment) {
    Event event{.name = "issue_comment",
                .action = std::string(action),
                .repository_id = comment.repository_id,
                .sender = viewer.user};
    event.issue = TRY(store.issues().find(comment.issue_id));
    event.comment = comment;
    return event;
}

}  // namespace

Answer<void> Comments::require_own_or_write(const Viewer& viewer, const Repository& repository,
                                            const Comment& comment) {
    if (viewer.user && viewer.user->id == comment.author.id) return {};
    return store_.accounts().require(viewer, repository, Role::Write, Right::Issues,
                                     "Must have write access to the repository.");
}

Answer<Comment> Comments::create(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                 std::string_view body) {
    auto& accounts = store_.accounts();
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    const Right right = issue.is_pull_request ? Right::PullRequests : Right::Issues;
    if (viewer.token.writable && !TRY_ANSWER(accounts.may(viewer, repository, Role::None, Right::Issues)))
        TRY_ANSWER(accounts.require(viewer, repository, Role::None, right));
    // Bots are kept out of a locked conversation even with write (5.4).
    const bool may_write = TRY_ANSWER(accounts.role(repository, *viewer.user)) >= Role::Write;
    if (issue.locked && (!may_write || viewer.user->type == UserType::Bot))
        return Refuse(forbidden("Unable to create comment because issue is locked."));
    TRY_ANSWER(check_body(body));
    auto transaction = TRY_ANSWER(store_.begin());
    const TimePoint now = store_.now();
    const Id id = TRY_ANSWER(store_.core().insert(
        "INSERT INTO comments(issue_id, author_id, body, created_at, updated_at) VALUES(?, ?, ?, ?, ?)",
        issue.id, viewer.user->id, body, now, now));
    TRY_ANSWER(store_.core().run(
        "UPDATE issues SET comment_count = comment_count + 1, updated_at = ? WHERE id = ?", now, issue.id));
    const auto comment = TRY_ANSWER(find(id));
    const Event event = TRY_ANSWER(comment_event(store_, viewer, "created", *comment));
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *comment;
}

Answer<Comment> Comments::update(const Viewer& viewer, const Repository& repository, const Comment& comment,
                                 std::string_view body) {
    TRY_ANSWER(require_own_or_write(viewer, repository, comment));
    TRY_ANSWER(check_body(body));
    auto transaction = TRY_ANSWER(store_.begin());
    TRY_ANSWER(store_.core().run("UPDATE comments SET body = ?, updated_at = ? WHERE id = ?", body,
                                 store_.now(), comment.id));
    const auto updated = TRY_ANSWER(find(comment.id));
    if (!updated) return Refuse(not_found());
    Event event = TRY_ANSWER(comment_event(store_, viewer, "edited", *updated));
    event.changes = nlohmann::json{{"body", {{"from", comment.body}}}}.dump();
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *updated;
}

Answer<void> Comments::remove(const Viewer& viewer, const Repository& repository, const Comment& comment) {
    TRY_ANSWER(require_own_or_write(viewer, repository, comment));
    auto transaction = TRY_ANSWER(store_.begin());
    TRY_ANSWER(store_.core().run("DELETE FROM comments WHERE id = ?", comment.id));
    TRY_ANSWER(store_.core().run("UPDATE issues SET comment_count = comment_count - 1 WHERE id = ?",
                                 comment.issue_id));
    const Event event = TRY_ANSWER(comment_event(store_, viewer, "deleted", comment));
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return {};
}

Answer<Comment> Comments::minimize(const Viewer& viewer, const Repository& repository, const Comment& comment,
                                   std::optional<std::string> classifier) {
    TRY_ANSWER(require_own_or_write(viewer, repository, comment));
    if (classifier) {
        classifier = to_lower_ascii(*classifier);
        if (std::ranges::find(kClassifiers, *classifier) == kClassifiers.end())
            return Refuse(invalid_field({"IssueComment", "classifier", "invalid", "", *classifier}));
    }
    const std::lock_guard lock(store_.core().mutex);
    TRY_ANSWER(
        store_.core().run("UPDATE comments SET minimized_reason = ? WHERE id = ?", classifier, comment.id));
    const auto updated = TRY_ANSWER(find(comment.id));
    if (!updated) return Refuse(not_found());
    return *updated;
}

Result<std::optional<Comment>> Comments::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kSelect) + "WHERE c.id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(comment_at(store_, row));
}

Result<std::vector<Comment>> Comments::list(const Issue& issue, const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_, TRY(store_.core().query(
                              std::string(kSelect) + "WHERE c.issue_id = ? ORDER BY c.id LIMIT ? OFFSET ?",
                              issue.id, window.limit, window.offset)));
}

Result<std::vector<Comment>> Comments::list_of_repository(const Repository& repository,
                                                          const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_,
                  TRY(store_.core().query(
                      std::string(kSelect) + "WHERE i.repository_id = ? ORDER BY c.id LIMIT ? OFFSET ?",
                      repository.id, window.limit, window.offset)));
}

Result<std::int64_t> Comments::count(const Issue& issue) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number("SELECT COUNT(*) FROM comments WHERE issue_id = ?", issue.id);
}

}  // namespace ringmaster::local_forge
