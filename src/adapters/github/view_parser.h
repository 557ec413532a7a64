#pragma once
// GitHub's pictures of pull requests as domain values. Pure: bytes in, values or Corrupt out; the fuzz
// targets call these.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/support/json_reader.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/forge.h"

namespace ringmaster::github {

/// Where a listing goes on.
struct PageEnd {
    long long total_count = 0;
    std::string next;  ///< cursor; empty = that was all
};

/// Reads totalCount and pageInfo of a connection.
Result<PageEnd> parse_page_end(const support::JsonReader& connection);

struct LabelNode {
    std::string id;
    std::string name;
};

struct LabelPage {
    std::vector<LabelNode> labels;
    PageEnd end;
};
Result<LabelPage> parse_label_page(const support::JsonReader& connection);

/// Errors: Corrupt unless a listing collected to its end has as many elements as it said.
Result<void> check_complete(std::size_t collected, const PageEnd& end, std::string_view what);

/// The facts both a view and a summary have; `body` is empty when it was not asked for.
Result<PullRequest> parse_pull_request(const support::JsonReader& node);

/// Our comment among these nodes: the newest that carries the marker, is the viewer's own and is not hidden
/// (github-facts 5.2; anybody can paste the marker).
Result<std::optional<StickyComment>> find_sticky(const std::vector<support::JsonReader>& comments,
                                                 std::string_view viewer);

struct ParsedView {
    PullRequestView view;  ///< `labels` sorted, but complete only if label_page.end.next is empty
    std::string repository_id;
    LabelPage label_page;
};
/// `data` is that of observe_query(number).
Result<ParsedView> parse_view(const support::JsonReader& data, int number, TimePoint server_time);
/// The same from the bytes of a whole answer.
Result<ParsedView> parse_view(std::string_view body, int number, TimePoint server_time);

struct ParsedSummary {
    PullRequestSummary summary;  ///< as with ParsedView
    LabelPage label_page;
};
Result<ParsedSummary> parse_summary(const support::JsonReader& node);

Permission parse_viewer_permission(std::string_view word);

}  // namespace ringmaster::github
