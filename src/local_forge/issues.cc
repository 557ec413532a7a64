#include "local_forge/issues.h"

#include "base/text.h"
#include "local_forge/issue_rows.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::size_t kMaxTitleLength = 256;

// The conditions of a query as SQL with numbered parameters, collected beside their values.
struct Conditions {
    std::string sql;
    std::vector<std::string> texts;  ///< for the parameters, in order

    void add(std::string_view condition, std::string value) {
        sql += " AND ";
        sql += condition;
        texts.push_back(std::move(value));
    }
    void add(std::string_view condition, const std::optional<bool>& wanted) {
        if (wanted) sql += fmt::format(" AND {}({})", *wanted ? "" : "NOT ", condition);
    }
};

constexpr std::string_view kHasLabels = "EXISTS(SELECT 1 FROM issue_labels a WHERE a.issue_id = i.id)";

// With `count` question marks for names.
std::string carries_one_of(std::size_t count) {
    const std::vector<std::string> marks(count, "?");
    return "EXISTS(SELECT 1 FROM issue_labels a JOIN labels l ON l.id = a.label_id WHERE a.issue_id = i.id "
           "AND l.name IN (" +
           join(marks, ", ") + "))";
}

void add_labels(Conditions& where, const IssueQuery& query) {
    const auto add = [&](std::string_view sign, const std::vector<std::string>& names) {
        if (names.empty()) return;
        where.sql += fmt::format(" AND {}{}", sign, carries_one_of(names.size()));
        where.texts.insert(where.texts.end(), names.begin(), names.end());
    };
    for (const auto& group : query.labels) add("", group);
    add("NOT ", query.without_labels);
    where.add(kHasLabels, query.has_labels);
}

std::string contains_text(const TextScope& in) {
    std::vector<std::string> places;
    if (in.title) places.emplace_back("instr(lower(i.title), wanted) > 0");
    if (in.body) places.emplace_back("instr(lower(ifnull(i.body, '')), wanted) > 0");
    if (in.comments)
        places.emplace_back(
            "EXISTS(SELECT 1 FROM comments c WHERE c.issue_id = i.id AND instr(lower(c.body), wanted) > 0)");
    if (in.labels)
        places.emplace_back(
            "EXISTS(SELECT 1 FROM issue_labels a JOIN labels l ON l.id = a.label_id WHERE a.issue_id = i.id "
            "AND instr(lower(l.name), wanted) > 0)");
    return "EXISTS(SELECT 1 FROM (SELECT ? AS wanted) WHERE " + join(places, " OR ") + ")";
}

Conditions conditions_of(std::span<const Id> repository_ids, const IssueQuery& query) {
    std::vector<std::string> ids;
    for (const Id id : repository_ids) ids.push_back(std::to_string(id));
    Conditions where{fmt::format("WHERE i.repository_id IN ({})", join(ids, ", ")), {}};
    if (query.state != StateFilter::All)
        where.sql += fmt::format(" AND i.state = {}", query.state == StateFilter::Closed ? 1 : 0);
    if (query.pull_requests)
        where.sql += fmt::format(" AND i.is_pull_request = {}", *query.pull_requests ? 1 : 0);
    where.add("i.locked", query.is_locked);
    where.add("p.is_draft", query.is_draft);
    if (query.is_merged) where.sql += " AND i.is_pull_request = 1";
    where.add("p.merged_at IS NOT NULL", query.is_merged);
    add_labels(where, query);
    if (!query.creator.empty())
        where.add("i.author_id = (SELECT id FROM users WHERE login = ?)", query.creator);
    if (!query.head_ref.empty()) where.add("p.head_ref = ?", query.head_ref);
    if (!query.base_ref.empty()) where.add("p.base_ref = ?", query.base_ref);
    for (const std::string& word : query.words) where.add(contains_text(query.in), word);
    for (const std::string& word : query.without_words) where.add("NOT " + contains_text(query.in), word);
    return where;
}

// Within a repository numbers are in the order of ids, and have an index.
std::string order_of(std::span<const Id> repository_ids, const IssueQuery& query) {
    const std::string_view id = repository_ids.size() == 1 ? "i.number" : "i.id";
    const std::string_view direction = query.direction == Direction::Ascending ? "ASC" : "DESC";
    switch (query.order) {
        case IssueOrder::Created:
            break;
        case IssueOrder::Updated:
            return fmt::format("i.updated_at {1}, {0} {1}", id, direction);
        case IssueOrder::Comments:
            return fmt::format("i.comment_count {1}, {0} {1}", id, direction);
    }
    return fmt::format("{} {}", id, direction);
}

constexpr std::string_view kFrom = "FROM issues i LEFT JOIN pull_requests p ON p.issue_id = i.id ";

Result<database::Statement> prepare(StoreCore& core, const std::string& sql, const Conditions& where) {
    auto statement = TRY(core.database.prepare(sql));
    int index = 0;
    for (const auto& text : where.texts) statement.bind(++index, std::string_view(text));
    return statement;
}

}  // namespace

Answer<Issue> Issues::create(const Viewer& viewer, const Repository& repository, std::string_view title,
                             std::string_view body) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Read, Right::Issues));
    if (trim(title).empty()) return Refuse(invalid_field({"Issue", "title", "missing_field", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    const Id id = TRY_ANSWER(insert(repository, *viewer.user, title, std::string(body), false));
    Event event{.name = "issues", .action = "opened", .repository_id = repository.id, .sender = viewer.user};
    event.issue = TRY_ANSWER(find(id));
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *event.issue;
}

Result<Id> Issues::insert(const Repository& repository, const User& author, std::string_view title,
                          const std::optional<std::string>& body, bool is_pull_request) {
    TRY(store_.core().run("UPDATE repositories SET last_number = last_number + 1 WHERE id = ?",
                          repository.id));
    const TimePoint now = store_.now();
    return store_.core().insert(
        "INSERT INTO issues(repository_id, number, is_pull_request, title, body, state, author_id, "
        "created_at, updated_at) "
        "SELECT id, last_number, ?, ?, ?, 0, ?, ?, ? FROM repositories WHERE id = ?",
        is_pull_request, std::string_view(truncate_utf8(title, kMaxTitleLength)), body, author.id, now, now,
        repository.id);
}

Result<std::optional<Issue>> Issues::find(const Repository& repository, std::int64_t number) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        fmt::format("SELECT {} FROM issues i WHERE i.repository_id = ? AND i.number = ?", kIssueColumns),
        repository.id, number));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(issue_at(store_, row));
}

Result<std::optional<Issue>> Issues::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query(fmt::format("SELECT {} FROM issues i WHERE i.id = ?", kIssueColumns), id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(issue_at(store_, row));
}

Result<std::vector<Issue>> Issues::list(std::span<const Id> repository_ids, const IssueQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    const Conditions where = conditions_of(repository_ids, query);
    const std::string sql =
        fmt::format("SELECT {} {}{} ORDER BY {} LIMIT {} OFFSET {}", kIssueColumns, kFrom, where.sql,
                    order_of(repository_ids, query), query.window.limit, query.window.offset);
    auto row = TRY(prepare(store_.core(), sql, where));
    std::vector<Issue> issues;
    while (TRY(row.step())) issues.push_back(TRY(issue_at(store_, row)));
    return issues;
}

Result<std::int64_t> Issues::count(std::span<const Id> repository_ids, const IssueQuery& query) {
    const std::lock_guard lock(store_.core().mutex);
    const Conditions where = conditions_of(repository_ids, query);
    auto row = TRY(prepare(store_.core(), fmt::format("SELECT COUNT(*) {}{}", kFrom, where.sql), where));
    TRY(row.step());
    return row.integer(0);
}

Result<std::vector<TimelineEvent>> Issues::timeline(Id issue_id, const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        "SELECT id, issue_id, event, actor_id, label_name, label_color, commit_id, created_at "
        "FROM timeline WHERE issue_id = ? ORDER BY id LIMIT ? OFFSET ?",
        issue_id, window.limit, window.offset));
    std::vector<TimelineEvent> events;
    while (TRY(row.step())) {
        TimelineEvent event{row.integer(0), row.integer(1), row.text(2)};
        event.actor = TRY(store_.accounts().get(row.integer(3)));
        event.label_name = row.text(4);
        event.label_color = row.text(5);
        event.commit_id = row.text(6);
        event.created_at = time_at(row, 7);
        events.push_back(std::move(event));
    }
    return events;
}

Result<std::int64_t> Issues::timeline_count(Id issue_id) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number("SELECT COUNT(*) FROM timeline WHERE issue_id = ?", issue_id);
}

Answer<void> Issues::set_locked(const Viewer& viewer, const Repository& repository, const Issue& issue,
                                bool locked) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Triage, Right::Issues));
    auto transaction = TRY_ANSWER(store_.begin());
    TRY_ANSWER(store_.core().run("UPDATE issues SET locked = ? WHERE id = ?", locked, issue.id));
    TRY_ANSWER(record(issue.id, locked ? "locked" : "unlocked", *viewer.user));
    TRY_ANSWER(touch(issue.id));
    TRY_ANSWER(transaction.commit());
    return {};
}

Answer<Issue> Issues::update(const Viewer& viewer, const Repository& repository, const Issue& issue,
                             const IssueChange& change) {
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    if (issue.author.id != viewer.user->id)
        TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Triage, Right::Issues));
    if (change.title && trim(*change.title).empty())
        return Refuse(invalid_field({"Issue", "title", "missing_field", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    if (change.title)
        TRY_ANSWER(store_.core().run("UPDATE issues SET title = ? WHERE id = ?",
                                     std::string_view(*change.title), issue.id));
    if (change.body)
        TRY_ANSWER(store_.core().run("UPDATE issues SET body = ? WHERE id = ?",
                                     std::string_view(*change.body), issue.id));
    std::string action = change.title || change.body ? "edited" : "";
    if (change.state && *change.state != issue.state) {
        action = *change.state == IssueState::Closed ? "closed" : "reopened";
        TRY_ANSWER(set_state(issue, *viewer.user, *change.state));
    }
    TRY_ANSWER(touch(issue.id));
    Event event{.name = "issues", .action = action, .repository_id = repository.id, .sender = viewer.user};
    event.issue = TRY_ANSWER(find(issue.id));
    if (!action.empty()) TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return *event.issue;
}

Result<void> Issues::set_state(const Issue& issue, const User& actor, IssueState state) {
    const bool closed = state == IssueState::Closed;
    TRY(store_.core().run("UPDATE issues SET state = ?, closed_at = ? WHERE id = ?", state,
                          closed ? std::optional(store_.now()) : std::nullopt, issue.id));
    TRY(touch(issue.id));
    return record(issue.id, closed ? "closed" : "reopened", actor);
}

Result<void> Issues::touch(Id issue_id) {
    return store_.core().run("UPDATE issues SET updated_at = ? WHERE id = ?", store_.now(), issue_id);
}

Result<void> Issues::record(Id issue_id, std::string_view event, const User& actor,
                            std::string_view label_name, std::string_view label_color,
                            std::string_view commit_id) {
    return store_.core().run(
        "INSERT INTO timeline(issue_id, event, actor_id, label_name, label_color, commit_id, created_at) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)",
        issue_id, event, actor.id, label_name, label_color, commit_id, store_.now());
}

}  // namespace ringmaster::local_forge
