#pragma once
// Issues, and what pull requests share with them: numbers, title and body, open or closed, history.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

enum class StateFilter { Open, Closed, All };

enum class IssueOrder { Created, Updated, Comments };

/// Where words are looked for. GitHub looks into title, body and comments; label names are added, so that a
/// search for a label's emoji finds what carries it.
struct TextScope {
    bool title = true;
    bool body = true;
    bool comments = true;
    bool labels = true;
};

/// All that is said must hold.
struct IssueQuery {
    StateFilter state = StateFilter::Open;
    std::optional<bool> pull_requests;             ///< only those, only issues proper, or both
    std::vector<std::vector<std::string>> labels;  ///< carries one of each group
    std::vector<std::string> without_labels;
    std::optional<bool> has_labels;
    std::string creator;
    std::vector<std::string> words;  ///< words and phrases in lower case, each somewhere in the text
    std::vector<std::string> without_words;
    TextScope in;
    std::optional<bool> is_locked;
    // Only pull requests are one or the other.
    std::optional<bool> is_draft;
    std::optional<bool> is_merged;
    std::string head_ref;
    std::string base_ref;
    IssueOrder order = IssueOrder::Created;
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
    /// Of one repository or several together.
    Result<std::vector<Issue>> list(std::span<const Id> repository_ids, const IssueQuery& query);
    Result<std::int64_t> count(std::span<const Id> repository_ids, const IssueQuery& query);

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
