#pragma once
// Issues, and what pull requests share with them: numbers, title and body, open or closed, history.

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

enum class StateFilter { Open, Closed, All };

struct IssueQuery {
    StateFilter state = StateFilter::Open;
    std::optional<bool> pull_requests;     ///< only those, only issues proper, or both
    std::vector<std::string> label_names;  ///< carries all of them
    std::string creator;
    std::string text;  ///< words in the title or body (search)
    std::optional<bool> is_draft;
    std::string head_ref;
    std::string base_ref;
    bool by_update = false;  ///< otherwise by creation
    Direction direction = Direction::Descending;
    Window window;
};

struct IssueChange {
    std::optional<std::string> title;
    std::optional<std::string> body;
    std::optional<IssueState> state;
};

class Issues {
 public:
    explicit Issues(ForgeStore& store) : store_(store) {}

    Answer<Issue> create(const Viewer& viewer, const Repository& repository, std::string_view title,
                         std::string_view body);
    Result<std::optional<Issue>> find(const Repository& repository, std::int64_t number);
    Result<std::optional<Issue>> find(Id id);
    Result<std::vector<Issue>> list(const Repository& repository, const IssueQuery& query);
    Result<std::int64_t> count(const Repository& repository, const IssueQuery& query);

    /// Oldest first.
    Result<std::vector<TimelineEvent>> timeline(Id issue_id, const Window& window = {});
    Result<std::int64_t> timeline_count(Id issue_id);
    Answer<void> set_locked(const Viewer& viewer, const Repository& repository, const Issue& issue,
                            bool locked);

    /// For issues proper; pull requests have their own update(). Its author, or triage.
    Answer<Issue> update(const Viewer& viewer, const Repository& repository, const Issue& issue,
                         const IssueChange& change);

    // For the store's other parts, within their transactions.
    Result<Id> insert(const Repository& repository, const User& author, std::string_view title,
                      const std::optional<std::string>& body, bool is_pull_request);
    Result<void> set_state(const Issue& issue, const User& actor, IssueState state);
    Result<void> touch(Id issue_id);
    Result<void> record(Id issue_id, std::string_view event, const User& actor,
                        std::string_view label_name = "", std::string_view label_color = "",
                        std::string_view commit_id = "");

 private:
    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
