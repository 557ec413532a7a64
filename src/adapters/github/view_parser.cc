#include "adapters/github/view_parser.h"

#include <algorithm>
#include <map>

#include "adapters/github/graphql_reply.h"
#include "adapters/github/lease_token.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using support::JsonReader;

Result<std::string> login_of(const JsonReader& node, std::string_view key) {
    const auto actor = TRY(node.find(key));
    return actor ? actor->string("login") : std::string();  // null: the account is gone
}

Result<PullRequestState> parse_state(const JsonReader& node) {
    const auto word = TRY(node.string("state"));
    if (word == "OPEN") return PullRequestState::Open;
    if (word == "CLOSED") return PullRequestState::Closed;
    if (word == "MERGED") return PullRequestState::Merged;
    return Fail(TRY(node.member("state")).wrong("OPEN, CLOSED or MERGED"));
}

Result<CommitSha> sha_of(const JsonReader& node, std::string_view key) {
    const auto text = TRY(node.string(key));
    auto sha = CommitSha::parse(text);
    if (!sha) return Fail(TRY(node.member(key)).wrong("a commit's forty digits"));
    return sha;
}

/// The branch's tip and its subject; nullopt: the branch is gone or hidden.
struct Tip {
    CommitSha sha;
    std::string subject;
};
Result<std::optional<Tip>> parse_tip(const JsonReader& node) {
    const auto ref = TRY(node.find("headRef"));
    const auto target = ref ? TRY(ref->find("target")) : std::nullopt;
    if (!target) return std::optional<Tip>();
    return Tip{TRY(sha_of(*target, "oid")), TRY(target->optional_string("messageHeadline"))};
}

/// The subject of the recorded head, where the tip did not tell it.
Result<std::string> subject_of(const JsonReader& node, const CommitSha& head) {
    const auto commits = TRY(node.find("commits"));
    if (!commits) return std::string();
    for (const auto& entry : TRY(commits->items("nodes"))) {
        const auto commit = TRY(entry.member("commit"));
        if (TRY(sha_of(commit, "oid")) == head) return commit.optional_string("messageHeadline");
    }
    return std::string();
}

DeploymentState parse_deployment_state(std::string_view word) {
    if (word == "SUCCESS" || word == "ACTIVE") return DeploymentState::Success;
    if (word == "ERROR" || word == "FAILURE") return DeploymentState::Failure;
    if (word == "INACTIVE" || word == "DESTROYED") return DeploymentState::Inactive;
    if (word == "IN_PROGRESS") return DeploymentState::InProgress;
    return DeploymentState::Queued;  // PENDING, QUEUED, WAITING, and ABANDONED: nobody updated it for half an
                                     // hour
}

Result<std::vector<DeploymentRecord>> parse_deployments(const JsonReader& repository) {
    std::vector<DeploymentRecord> records;
    for (const auto& node : TRY(TRY(repository.member("deployments")).items("nodes"))) {
        const auto word = TRY(node.optional_string("state"));
        records.push_back(
            {TRY(node.string("id")), TRY(sha_of(node, "commitOid")), parse_deployment_state(word)});
    }
    std::ranges::reverse(records);  // asked for with last:10, which come oldest first
    return records;
}

/// What the pull request's claim ref points at; nothing without a ref.
Result<std::optional<ClaimToken>> parse_claim_ref(const JsonReader& repository, int number) {
    const auto ref = TRY(repository.find("claim"));
    if (!ref) return std::optional<ClaimToken>();
    const auto target = TRY(ref->member("target"));
    return TRY(parse_token(0, TRY(sha_of(target, "oid")).text(), "ref " + claim_ref_name(number),
                           trim(TRY(target.optional_string("message")))));
}

Result<std::vector<ClaimToken>> parse_tokens(const JsonReader& repository, int number) {
    std::vector<ClaimToken> tokens;
    for (int k = 1; k <= kMostClaimTokens; ++k) {
        const auto label = TRY(repository.find(fmt::format("t{}", k)));
        if (!label) continue;
        const auto name = TRY(label->string("name"));
        // Names are looked up without regard to case, perhaps to more than that (github-facts 1.6): only ours
        // counts.
        if (name != token_label_name(number, k)) continue;
        tokens.push_back(TRY(parse_token(k, TRY(label->string("id")), fmt::format("label \"{}\"", name),
                                         TRY(label->optional_string("description")))));
    }
    if (auto token = TRY(parse_claim_ref(repository, number))) tokens.push_back(*std::move(token));
    return tokens;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_labelled_by(const JsonReader& pull_request) {
    std::map<std::string, std::string> by_label;  // events come oldest first, so the last word stays
    for (const auto& node : TRY(TRY(pull_request.member("timelineItems")).items("nodes"))) {
        const auto label = TRY(node.find("label"));
        if (!label) continue;
        // An account that is gone leaves "": nobody to trust, rather than whoever labelled before.
        by_label[TRY(label->string("name"))] = TRY(login_of(node, "actor"));
    }
    return std::vector<std::pair<std::string, std::string>>(by_label.begin(), by_label.end());
}

std::vector<std::string> names_of(const LabelPage& page) {
    std::vector<std::string> names;
    for (const auto& label : page.labels) names.push_back(label.name);
    std::ranges::sort(names);
    return names;
}

Result<bool> is_viewers_own(const JsonReader& comment, std::string_view viewer) {
    if (TRY(comment.find("viewerDidAuthor")) && TRY(comment.boolean("viewerDidAuthor"))) return true;
    const auto author = TRY(comment.find("author"));
    if (!author) return false;
    const auto login = TRY(author->string("login"));
    // The viewer "github-actions[bot]" writes as the bot "github-actions" (github-facts 5.2).
    const bool is_bot = TRY(author->optional_string("__typename")) == "Bot";
    return login == viewer || (is_bot && login + "[bot]" == viewer);
}

}  // namespace

Result<PageEnd> parse_page_end(const JsonReader& connection) {
    PageEnd end;
    end.total_count = TRY(connection.integer("totalCount"));
    const auto info = TRY(connection.member("pageInfo"));
    if (!TRY(info.boolean("hasNextPage"))) return end;
    end.next = TRY(info.string("endCursor"));
    if (end.next.empty()) return Fail(TRY(info.member("endCursor")).wrong("a cursor"));
    return end;
}

Result<LabelPage> parse_label_page(const JsonReader& connection) {
    LabelPage page;
    page.end = TRY(parse_page_end(connection));
    for (const auto& node : TRY(connection.items("nodes")))
        page.labels.push_back({TRY(node.string("id")), TRY(node.string("name"))});
    return page;
}

Result<void> check_complete(std::size_t collected, const PageEnd& end, std::string_view what) {
    if (static_cast<long long>(collected) == end.total_count) return {};
    return Fail(Error::corrupt("GitHub counts {} {} but listed {}", end.total_count, what, collected)
                    .hint("something changed while it was listed; run the same command again"));
}

Result<PullRequest> parse_pull_request(const JsonReader& node) {
    const auto number = TRY(node.integer("number"));
    if (number < 1 || number > 2'000'000'000)
        return Fail(TRY(node.member("number")).wrong("a pull request's number"));
    const auto state = TRY(parse_state(node));
    auto head = TRY(sha_of(node, "headRefOid"));
    const auto tip = TRY(parse_tip(node));
    // While it is open its branch is the truth: the recorded head has lagged it by hours (github-facts 2.3).
    // A closed pull request does not follow its branch (4.13).
    const bool is_tip_wanted = tip && state == PullRequestState::Open;
    if (is_tip_wanted) head = tip->sha;
    std::string subject = tip && tip->sha == head ? tip->subject : TRY(subject_of(node, head));
    const bool has_head_repository = TRY(node.find("headRepository")).has_value();
    return PullRequest{.number = static_cast<int>(number),
                       .state = state,
                       .is_draft = TRY(node.boolean("isDraft")),
                       .title = TRY(node.string("title")),
                       .body = TRY(node.optional_string("body")),
                       .author = TRY(login_of(node, "author")),
                       .url = TRY(node.string("url")),
                       .head = std::move(head),
                       .head_subject = std::move(subject),
                       .head_branch = TRY(node.string("headRefName")),
                       .is_from_fork = TRY(node.boolean("isCrossRepository")) || !has_head_repository};
}

Result<std::optional<StickyComment>> find_sticky(const std::vector<JsonReader>& comments,
                                                 std::string_view viewer) {
    std::optional<StickyComment> found;
    for (const auto& node : comments) {
        auto body = TRY(node.optional_string("body"));
        if (!body.contains(kStickyMarker)) continue;
        const bool is_hidden = TRY(node.find("isMinimized")) && TRY(node.boolean("isMinimized"));
        if (is_hidden || !TRY(is_viewers_own(node, viewer))) continue;
        found = StickyComment{TRY(node.string("id")), std::move(body)};
    }
    return found;
}

Permission parse_viewer_permission(std::string_view word) {
    if (word == "ADMIN") return Permission::Admin;
    if (word == "MAINTAIN" || word == "WRITE") return Permission::Write;
    if (word == "TRIAGE" || word == "READ") return Permission::Read;
    return Permission::None;
}

Result<ParsedView> parse_view(const JsonReader& data, int number, TimePoint server_time) {
    const auto viewer = TRY(login_of(data, "viewer"));
    const auto repository = TRY(data.member("repository"));
    const auto node = TRY(repository.member("pullRequest"));
    auto label_page = TRY(parse_label_page(TRY(node.member("labels"))));
    const auto comments = TRY(TRY(node.member("comments")).items("nodes"));
    auto pull_request = TRY(parse_pull_request(node));
    if (pull_request.number != number) return Fail(node.wrong(fmt::format("pull request #{}", number)));
    PullRequestView view{
        .pull_request = std::move(pull_request),
        .id = TRY(node.string("id")),
        .labels = names_of(label_page),
        .labelled_by = TRY(parse_labelled_by(node)),
        .claim_tokens = TRY(parse_tokens(repository, number)),
        .comment = TRY(find_sticky(comments, viewer)),
        .deployments = TRY(parse_deployments(repository)),
        .viewer = viewer,
        .viewer_permission = parse_viewer_permission(TRY(repository.optional_string("viewerPermission"))),
        .server_time = server_time};
    return ParsedView{std::move(view), TRY(repository.string("id")), std::move(label_page)};
}

Result<ParsedView> parse_view(std::string_view body, int number, TimePoint server_time) {
    const auto reply = TRY(parse_graphql_reply(body));
    return parse_view(TRY(reply.complete({})), number, server_time);
}

Result<ParsedSummary> parse_summary(const JsonReader& node) {
    auto label_page = TRY(parse_label_page(TRY(node.member("labels"))));
    auto pull_request = TRY(parse_pull_request(node));
    auto labels = names_of(label_page);
    return ParsedSummary{{std::move(pull_request), std::move(labels)}, std::move(label_page)};
}

}  // namespace ringmaster::github
