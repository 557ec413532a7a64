#pragma once
// Reading issues and pull requests from their tables; shared by the parts of the store that list them.

#include <string_view>

#include "local_forge/model.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

/// In the order issue_at() reads them; the table goes by "i".
constexpr std::string_view kIssueColumns =
    "i.id, i.repository_id, i.number, i.is_pull_request, i.title, i.body, i.state, i.locked, i.author_id, "
    "i.comment_count, "
    "i.created_at, i.updated_at, i.closed_at";
constexpr int kIssueColumnCount = 13;

inline Result<Issue> issue_at(ForgeStore& store, const database::Statement& row) {
    Issue issue;
    issue.id = row.integer(0);
    issue.repository_id = row.integer(1);
    issue.number = row.integer(2);
    issue.is_pull_request = row.integer(3) != 0;
    issue.title = row.text(4);
    issue.body = optional_text_at(row, 5);
    issue.state = static_cast<IssueState>(row.integer(6));
    issue.locked = row.integer(7) != 0;
    issue.author = TRY(store.accounts().get(row.integer(8)));
    issue.comment_count = row.integer(9);
    issue.created_at = time_at(row, 10);
    issue.updated_at = time_at(row, 11);
    issue.closed_at = optional_time_at(row, 12);
    return issue;
}

}  // namespace ringmaster::local_forge
