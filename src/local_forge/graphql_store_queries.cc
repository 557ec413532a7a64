#include "local_forge/graphql_store_queries.h"

#include "base/text.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kClosed = "CLOSED";

// LIKE with the text's own wildcards taken literally.
std::string like_pattern(std::string_view text) {
    return "%" +
           replace_all(replace_all(replace_all(std::string(text), "\\", "\\\\"), "%", "\\%"), "_", "\\_") +
           "%";
}

void add_choice(KeyedRows& rows, std::string_view column, const std::vector<std::string>& values) {
    if (values.empty()) return;
    const std::vector<std::string> marks(values.size(), "?");
    rows.from_where += fmt::format(" AND {} IN ({})", column, join(marks, ", "));
    rows.texts.insert(rows.texts.end(), values.begin(), values.end());
}

// A merged pull request's issue is closed; which of the two it is, its own table knows.
std::string state_condition(const std::vector<std::string>& states) {
    std::vector<std::string> any;
    for (const std::string& state : states)
        any.push_back(state == "OPEN"    ? "i.state = 0"
                      : state == kClosed ? "(i.state = 1 AND p.merged_at IS NULL)"
                                         : "p.merged_at IS NOT NULL");
    return any.empty() ? "" : " AND (" + join(any, " OR ") + ")";
}

}  // namespace

Result<std::vector<std::string>> read_keys(ForgeStore& store, const KeyedRows& rows, const StorePage& page) {
    const bool ascending = page.direction == Direction::Ascending;
    std::string sql = fmt::format("SELECT {} {}", rows.key, rows.from_where);
    std::vector<std::string> keys;
    const auto bound = [&](const std::optional<std::string>& key, bool greater) {
        if (!key) return;
        sql += fmt::format(" AND {} {} {}", rows.key, greater ? ">" : "<",
                           rows.key_is_text ? "?" : "CAST(? AS INTEGER)");
        keys.push_back(*key);
    };
    bound(page.after, ascending);
    bound(page.before, !ascending);
    sql += fmt::format(" ORDER BY {} {} LIMIT {}", rows.key, ascending ? "ASC" : "DESC", page.limit);

    const std::lock_guard lock(store.core().mutex);
    auto row = TRY(store.core().database.prepare(sql));
    int index = 0;
    for (const std::string& text : rows.texts) row.bind(++index, text);
    for (const std::string& key : keys) row.bind(++index, key);
    std::vector<std::string> found;
    while (TRY(row.step())) found.push_back(rows.key_is_text ? row.text(0) : number_key(row.integer(0)));
    return found;
}

Result<std::int64_t> count_rows(ForgeStore& store, const KeyedRows& rows) {
    const std::lock_guard lock(store.core().mutex);
    auto row = TRY(store.core().database.prepare("SELECT COUNT(*) " + rows.from_where));
    int index = 0;
    for (const std::string& text : rows.texts) row.bind(++index, text);
    TRY(row.step());
    return row.integer(0);
}

KeyedRows label_rows(const Repository& repository, std::string_view query, bool by_name) {
    KeyedRows rows{fmt::format("FROM labels WHERE repository_id = {}", repository.id),
                   {},
                   by_name ? "name" : "id",
                   by_name};
    for (const std::string_view word : split(query, ' ')) {
        if (word.empty()) continue;
        rows.from_where += R"( AND (name LIKE ? ESCAPE '\' OR description LIKE ? ESCAPE '\'))";
        rows.texts.insert(rows.texts.end(), 2, like_pattern(word));
    }
    return rows;
}

KeyedRows comment_rows(const Issue& issue) {
    return {fmt::format("FROM comments WHERE issue_id = {}", issue.id), {}, "id"};
}

KeyedRows deployment_rows(const Repository& repository, const std::vector<std::string>& environments) {
    KeyedRows rows{fmt::format("FROM deployments WHERE repository_id = {}", repository.id), {}, "id"};
    add_choice(rows, "environment", environments);
    return rows;
}

KeyedRows deployment_status_rows(const Deployment& deployment) {
    return {fmt::format("FROM deployment_statuses WHERE deployment_id = {}", deployment.id), {}, "id"};
}

KeyedRows issue_rows(const Repository& repository, const std::vector<std::string>& states,
                     const std::vector<std::string>& label_names) {
    KeyedRows rows{
        fmt::format("FROM issues i WHERE i.repository_id = {} AND i.is_pull_request = 0", repository.id),
        {},
        "i.number"};
    if (states.size() == 1) rows.from_where += fmt::format(" AND i.state = {}", states[0] == kClosed ? 1 : 0);
    if (!label_names.empty()) {
        const std::vector<std::string> marks(label_names.size(), "?");
        rows.from_where +=
            " AND EXISTS(SELECT 1 FROM issue_labels a JOIN labels l ON l.id = a.label_id WHERE "
            "a.issue_id = i.id AND l.name IN (" +
            join(marks, ", ") + "))";
        rows.texts = label_names;
    }
    return rows;
}

KeyedRows labeled_rows(const Label& label, bool pull_requests, const std::vector<std::string>& states) {
    return {fmt::format("FROM issue_labels a JOIN issues i ON i.id = a.issue_id LEFT JOIN pull_requests p ON "
                        "p.issue_id = i.id WHERE a.label_id = {} AND i.is_pull_request = {}{}",
                        label.id, pull_requests ? 1 : 0, state_condition(states)),
            {},
            "i.number"};
}

}  // namespace ringmaster::local_forge
