#include "local_forge/labels.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/label_rules.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kColumns =
    "SELECT l.id, l.repository_id, l.name, l.color, l.description, l.created_at, l.updated_at FROM labels l ";
// github-facts 1.22.
constexpr std::string_view kMayNotCreate = "You do not have permission to create labels on this repository.";

Label label_at(const database::Statement& row) {
    return {row.integer(0),           row.integer(1),  row.text(2),    row.text(3),
            optional_text_at(row, 4), time_at(row, 5), time_at(row, 6)};
}

Result<std::vector<Label>> all_of(database::Statement rows) {
    std::vector<Label> labels;
    while (TRY(rows.step())) labels.push_back(label_at(rows));
    return labels;
}

Event label_event(const Viewer& viewer, std::string_view action, const Label& label) {
    Event event;
    event.name = "label";
    event.action = action;
    event.repository_id = label.repository_id;
    event.sender = viewer.user;
    event.label = label;
    return event;
}

FieldError already_exists() {
    return {"Label", "name", "already_exists", "", ""};
}

std::string changes_of(const Label& before, const Label& after) {
    auto changes = nlohmann::json::object();
    if (before.name != after.name) changes["name"]["from"] = before.name;
    if (before.color != after.color) changes["color"]["from"] = before.color;
    if (before.description != after.description)
        changes["description"]["from"] = before.description.value_or("");
    return changes.dump();
}

// LIKE with the query's own wildcards taken literally.
std::string like_pattern(std::string_view query) {
    std::string text =
        replace_all(replace_all(replace_all(std::string(query), "\\", "\\\\"), "%", "\\%"), "_", "\\_");
    return "%" + text + "%";
}

constexpr std::string_view kMatches =
    "WHERE repository_id = ?1 AND (?2 = '%%' OR name LIKE ?2 ESCAPE '\\' OR description LIKE ?2 ESCAPE "
    "'\\') ";

}  // namespace

Answer<void> Labels::require_definition_right(const Viewer& viewer, const Repository& repository) {
    if (TRY_ANSWER(store_.accounts().may(viewer, repository, Role::Write, Right::Issues))) return {};
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    return Refuse(
        Refusal(403, std::string(kMayNotCreate), {{"Repository", "label", "unauthorized", "", ""}}));
}

Result<Label> Labels::define(const Viewer& viewer, const Repository& repository, const NewLabel& wanted) {
    const TimePoint now = store_.now();
    const std::string color = to_lower_ascii(wanted.color);
    const Id id = TRY(store_.core().insert(
        "INSERT INTO labels(repository_id, name, color, description, created_at, updated_at) VALUES(?, ?, ?, "
        "?, ?, ?)",
        repository.id, std::string_view(wanted.name), std::string_view(color), wanted.description, now, now));
    Label label{id, repository.id, wanted.name, color, wanted.description, now, now};
    TRY(store_.core().emit(label_event(viewer, "created", label)));
    return label;
}

Answer<Label> Labels::create(const Viewer& viewer, const Repository& repository, const NewLabel& wanted) {
    TRY_ANSWER(require_definition_right(viewer, repository));
    auto errors = check_label(wanted.name, wanted.color, wanted.description);
    auto transaction = TRY_ANSWER(store_.begin());
    if (errors.empty() && TRY_ANSWER(find(repository, wanted.name))) errors.push_back(already_exists());
    if (!errors.empty()) return Refuse(Refusal(422, "Validation Failed", std::move(errors)));
    Label label = TRY_ANSWER(define(viewer, repository, wanted));
    TRY_ANSWER(transaction.commit());
    return label;
}

Answer<Label> Labels::update(const Viewer& viewer, const Repository& repository, const Label& label,
                             const LabelChange& change) {
    TRY_ANSWER(require_definition_right(viewer, repository));
    auto errors = check_label(change.name, change.color, change.description);
    auto transaction = TRY_ANSWER(store_.begin());
    if (errors.empty() && change.name) {
        const auto taken = TRY_ANSWER(find(repository, *change.name));
        // A change of case alone is refused as well (1.6).
        if (taken && (taken->id != label.id || taken->name != *change.name))
            errors.push_back(already_exists());
    }
    if (!errors.empty()) return Refuse(Refusal(422, "Validation Failed", std::move(errors)));
    Label updated = label;
    if (change.name) updated.name = *change.name;
    if (change.color) updated.color = to_lower_ascii(*change.color);
    if (change.description) updated.description = *change.description;
    updated.updated_at = store_.now();
    TRY_ANSWER(store_.core().run(
        "UPDATE labels SET name = ?, color = ?, description = ?, updated_at = ? WHERE id = ?",
        std::string_view(updated.name), std::string_view(updated.color), updated.description,
        updated.updated_at, label.id));
    Event event = label_event(viewer, "edited", updated);
    event.changes = changes_of(label, updated);
    TRY_ANSWER(store_.core().emit(event));
    TRY_ANSWER(transaction.commit());
    return updated;
}

Answer<void> Labels::remove(const Viewer& viewer, const Repository& repository, const Label& label) {
    TRY_ANSWER(require_definition_right(viewer, repository));
    auto transaction = TRY_ANSWER(store_.begin());
    if (!TRY_ANSWER(find(label.id))) return Refuse(not_found());
    TRY_ANSWER(store_.core().run("DELETE FROM labels WHERE id = ?", label.id));
    TRY_ANSWER(store_.core().emit(label_event(viewer, "deleted", label)));
    TRY_ANSWER(transaction.commit());
    return {};
}

Result<std::optional<Label>> Labels::find(const Repository& repository, std::string_view name) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kColumns) + "WHERE repository_id = ? AND name = ?",
                                       repository.id, name));
    if (!TRY(row.step())) return std::nullopt;
    return label_at(row);
}

Result<std::optional<Label>> Labels::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kColumns) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return label_at(row);
}

Result<std::vector<Label>> Labels::list(const Repository& repository, const Window& window,
                                        std::string_view query) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(TRY(store_.core().query(
        std::string(kColumns) + std::string(kMatches) + "ORDER BY id LIMIT ?3 OFFSET ?4", repository.id,
        std::string_view(like_pattern(query)), window.limit, window.offset)));
}

Result<std::int64_t> Labels::count(const Repository& repository, std::string_view query) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number("SELECT COUNT(*) FROM labels " + std::string(kMatches), repository.id,
                                std::string_view(like_pattern(query)));
}

Result<std::vector<Label>> Labels::of_issue(Id issue_id) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(TRY(store_.core().query(
        std::string(kColumns) + "JOIN issue_labels a ON a.label_id = l.id WHERE a.issue_id = ? ORDER BY a.id",
        issue_id)));
}

Result<std::map<Id, std::vector<Label>>> Labels::of_issues(std::span<const Id> issue_ids) {
    const std::lock_guard lock(store_.core().mutex);
    // One statement for the page, prepared once; SQLite answers each in a few microseconds.
    auto row =
        TRY(store_.core().database.prepare("SELECT l.id, l.repository_id, l.name, l.color, l.description, "
                                           "l.created_at, l.updated_at, a.issue_id FROM "
                                           "json_each(?) wanted JOIN issue_labels a ON a.issue_id = "
                                           "wanted.value JOIN labels l ON l.id = a.label_id "
                                           "ORDER BY a.id"));
    row.bind(1, nlohmann::json(std::vector<Id>(issue_ids.begin(), issue_ids.end())).dump());
    std::map<Id, std::vector<Label>> labels;
    while (TRY(row.step())) labels[row.integer(7)].push_back(label_at(row));
    return labels;
}

Result<std::int64_t> Labels::attached_count(const Label& label, bool pull_requests) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().number(
        "SELECT COUNT(*) FROM issue_labels a JOIN issues i ON i.id = a.issue_id "
        "WHERE a.label_id = ? AND i.is_pull_request = ?",
        label.id, pull_requests);
}

Result<std::vector<std::int64_t>> Labels::attached_numbers(const Label& label, bool pull_requests,
                                                           const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        "SELECT i.number FROM issue_labels a JOIN issues i ON i.id = a.issue_id "
        "WHERE a.label_id = ? AND i.is_pull_request = ? ORDER BY i.number LIMIT ? OFFSET ?",
        label.id, pull_requests, window.limit, window.offset));
    std::vector<std::int64_t> numbers;
    while (TRY(row.step())) numbers.push_back(row.integer(0));
    return numbers;
}

}  // namespace ringmaster::local_forge
