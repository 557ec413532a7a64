#pragma once
// Lists that GraphQL pages through by key rather than by position: the keys of one page, read by index, so
// that a page of a long list costs what a page of a short one does.

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/graphql_connection.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {

/// Rows of one table or join under a condition, with a unique key that orders them.
struct KeyedRows {
    std::string from_where;          ///< "FROM labels WHERE repository_id = 3 AND name LIKE ?"
    std::vector<std::string> texts;  ///< for its question marks
    std::string key;                 ///< "id"; SQL
    bool key_is_text = false;
};

/// The keys of a page, in the order of reading, as text.
Result<std::vector<std::string>> read_keys(ForgeStore& store, const KeyedRows& rows, const StorePage& page);
Result<std::int64_t> count_rows(ForgeStore& store, const KeyedRows& rows);

/// `query`: words that must all be in the name or the description (github-facts 1.25, without its near
/// misses).
KeyedRows label_rows(const Repository& repository, std::string_view query, bool by_name);
KeyedRows comment_rows(const Issue& issue);
KeyedRows deployment_rows(const Repository& repository, const std::vector<std::string>& environments);
KeyedRows deployment_status_rows(const Deployment& deployment);
/// Issues that are no pull requests, by number. `states`: none is all.
KeyedRows issue_rows(const Repository& repository, const std::vector<std::string>& states,
                     const std::vector<std::string>& label_names);
/// Issues or pull requests that carry the label, by number.
KeyedRows labeled_rows(const Label& label, bool pull_requests, const std::vector<std::string>& states);

}  // namespace ringmaster::local_forge
