// GitHubForge's listings of pull requests and commits: by cursor to the end, and counted. Never by search or
// a label filter, which lag by minutes to hours (github-facts 2.4).

#include <algorithm>
#include <set>

#include "adapters/github/github_forge.h"
#include "adapters/github/listing_looks.h"
#include "adapters/github/queries.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::JsonReader;

// Of pull requests by number: each brings up to 100 labels.
constexpr std::size_t kMostSummariesARequest = 50;
constexpr std::string_view kOurPrefix = "🎪 ";

}  // namespace

Result<PullRequestSummary> GitHubForge::complete_summary(const JsonReader& node) {
    auto parsed = TRY(parse_summary(node));
    parsed.summary.labels =
        TRY(complete_labels(parsed.summary.pull_request.number, std::move(parsed.label_page)));
    return std::move(parsed.summary);
}

Result<std::vector<PullRequestSummary>> GitHubForge::list_open() {
    return list_until_at_rest([&] { return list_open_once(); });
}

Result<std::vector<PullRequestSummary>> GitHubForge::list_open_once() {
    const std::string doing = "listing open pull requests";
    std::vector<PullRequestSummary> summaries;
    PageEnd end;
    do {
        const auto repository = TRY(read_repository(kOpenPullRequestsQuery, after_variable(end.next), doing));
        const auto connection = TRY(repository.member("pullRequests"));
        end = TRY(parse_page_end(connection));
        for (const auto& node : TRY(connection.items("nodes")))
            summaries.push_back(TRY(complete_summary(node)));
    } while (!end.next.empty());
    TRY_WHILE(check_complete(summaries.size(), end, "open pull requests"), "{}", doing);
    std::ranges::sort(summaries, {}, [](const auto& summary) { return summary.pull_request.number; });
    return summaries;
}

Result<std::vector<PullRequestSummary>> GitHubForge::list_labelled() {
    auto open = TRY(list_open());
    std::set<int> listed;
    std::vector<PullRequestSummary> found;
    for (auto& summary : open) {
        listed.insert(summary.pull_request.number);
        const bool is_labelled = std::ranges::any_of(
            summary.labels, [](const auto& name) { return name.starts_with(kOurPrefix); });
        if (is_labelled) found.push_back(std::move(summary));
    }
    // In this order, and whatever state the definitions say: one that is closed between the two looks is
    // found by either.
    std::set<int> others;
    for (const auto& label : TRY(definitions_.list_attached(kOurPrefix)))
        for (const int number : label.pull_requests)
            if (!listed.contains(number)) others.insert(number);
    for (auto& summary : TRY(summaries_of({others.begin(), others.end()})))
        found.push_back(std::move(summary));
    std::ranges::sort(found, {}, [](const auto& summary) { return summary.pull_request.number; });
    return found;
}

Result<std::vector<PullRequestSummary>> GitHubForge::summaries_of(const std::vector<int>& numbers) {
    std::vector<PullRequestSummary> summaries;
    for (std::size_t begin = 0; begin < numbers.size(); begin += kMostSummariesARequest) {
        const auto end = std::min(begin + kMostSummariesARequest, numbers.size());
        const std::vector<int> some(numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                                    numbers.begin() + static_cast<std::ptrdiff_t>(end));
        const auto repository =
            TRY(read_repository(summaries_query(some), "", "reading labelled pull requests"));
        for (const int number : some)
            summaries.push_back(TRY(complete_summary(TRY(repository.member(fmt::format("p{}", number))))));
    }
    return summaries;
}

namespace {

Result<CommitSha> parse_oid(const JsonReader& node) {
    const auto text = TRY(node.string("oid"));
    auto sha = CommitSha::parse(text);
    if (!sha) return Fail(TRY(node.member("oid")).wrong("a commit's forty digits"));
    return sha;
}

/// The commits of a page that begin so, the head (branch tip and recorded) first.
Result<std::vector<CommitSha>> matching(const JsonReader& pull_request, std::string_view prefix) {
    std::vector<CommitSha> found;
    const auto add = [&](const CommitSha& sha) {
        if (sha.text().starts_with(prefix) && std::ranges::find(found, sha) == found.end())
            found.push_back(sha);
    };
    for (const auto& node : TRY(TRY(pull_request.member("commits")).items("nodes")))
        add(TRY(parse_oid(TRY(node.member("commit")))));
    return found;
}

/// The head if the prefix names it.
Result<std::optional<CommitSha>> matching_head(const JsonReader& pull_request, std::string_view prefix) {
    if (const auto ref = TRY(pull_request.find("headRef"))) {
        const auto tip = TRY(parse_oid(TRY(ref->member("target"))));
        if (tip.text().starts_with(prefix)) return std::optional(tip);
    }
    const auto recorded = CommitSha::parse(TRY(pull_request.string("headRefOid")));
    if (recorded && recorded->text().starts_with(prefix)) return std::optional(*recorded);
    return std::optional<CommitSha>();
}

}  // namespace

Result<CommitSha> GitHubForge::resolve_commit(int number, std::string_view given) {
    const std::string prefix = TRY(parse_sha_prefix(given));
    const std::string doing = fmt::format("looking for commit {} in #{}", prefix, number);
    std::set<CommitSha> found;
    PageEnd end;
    do {
        const std::string more = fmt::format(",\"number\":{}{}", number, after_variable(end.next));
        const auto repository = TRY(read_repository(kCommitPageQuery, more, doing));
        const auto pull_request = TRY(repository.member("pullRequest"));
        if (auto head = TRY(matching_head(pull_request, prefix))) return std::move(*head);
        for (auto& sha : TRY(matching(pull_request, prefix))) found.insert(std::move(sha));
        end = TRY(parse_page_end(TRY(pull_request.member("commits"))));
    } while (!end.next.empty());
    if (found.size() == 1) return *found.begin();
    if (found.empty()) {
        return Fail(Error::not_found("{} is not a commit of #{}", prefix, number)
                        .hint("a force-push may have removed it; see the commits of the pull request"));
    }
    return Fail(Error::invalid_input("{} names {} commits of #{}", prefix, found.size(), number)
                    .hint("write more of its digits"));
}

Result<Ancestry> GitHubForge::contains(const CommitSha& descendant, const CommitSha& ancestor) {
    // per_page=1: the commits in between are of no interest, only the status is.
    const RestCall call{.path = fmt::format("{}/compare/{}...{}?per_page=1", client_.repository_path(),
                                            ancestor.text(), descendant.text()),
                        .doing = fmt::format("asking whether {} contains {}", descendant.short_sha().text(),
                                             ancestor.short_sha().text())};
    const auto response = TRY(client_.exchange(call));
    // One of them is unknown here, or they have nothing in common.
    if (response.status == 404 || response.status == 422) return Ancestry::Unknown;
    if (response.status != 200) return Fail(client_.error_of(response, call.doing));
    const auto body = TRY_WHILE(JsonReader::parse(response.body, "GitHub's answer"), "{}", call.doing);
    const auto status = TRY_WHILE(body.string("status"), "{}", call.doing);
    if (status == "ahead" || status == "identical") return Ancestry::Contained;
    if (status == "behind" || status == "diverged") return Ancestry::NotContained;
    return Ancestry::Unknown;
}

}  // namespace ringmaster::github
