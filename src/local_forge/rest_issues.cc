// REST: issues and comments. https://docs.github.com/en/rest/issues

#include <algorithm>

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

struct OfIssue {
    Repository repository;
    Issue issue;
};

Answer<OfIssue> issue_of(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    const auto issue = TRY_ANSWER(call.store.issues().find(repository, TRY_ANSWER(number_of(call.part(2)))));
    if (!issue) return Refuse(not_found());
    return OfIssue{std::move(repository), *issue};
}

Answer<nlohmann::json> to_json(const Call& call, const Repository& repository, const Issue& issue) {
    const auto labels = TRY_ANSWER(call.store.labels().of_issue(issue.id));
    const auto pull = issue.is_pull_request ? TRY_ANSWER(call.store.pulls().find(issue.id)) : std::nullopt;
    return issue_json(call.links, repository, issue, labels, pull);
}

Answer<IssueQuery> query_of(const Call& call) {
    IssueQuery query;
    const std::string state = call.parameter("state", "open");
    if (state != "open" && state != "closed" && state != "all")
        return Refuse(invalid_field({"Issue", "state", "invalid", "", state}));
    query.state = state == "all"      ? StateFilter::All
                  : state == "closed" ? StateFilter::Closed
                                      : StateFilter::Open;
    const std::string labels = call.parameter("labels");
    for (const auto name : split(labels, ','))
        if (!trim(name).empty()) query.labels.push_back({std::string(trim(name))});
    query.creator = call.parameter("creator");
    const std::string sort = call.parameter("sort");
    query.order = sort == "updated"    ? IssueOrder::Updated
                  : sort == "comments" ? IssueOrder::Comments
                                       : IssueOrder::Created;
    query.direction = call.parameter("direction") == "asc" ? Direction::Ascending : Direction::Descending;
    query.window = call.window();
    return query;
}

Answer<Reply> list_issues(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto query = TRY_ANSWER(query_of(call));
    auto items = nlohmann::json::array();
    for (const Issue& issue : TRY_ANSWER(call.store.issues().list({&repository.id, 1}, query)))
        items.push_back(TRY_ANSWER(to_json(call, repository, issue)));
    return paged(call, std::move(items), TRY_ANSWER(call.store.issues().count({&repository.id, 1}, query)));
}

Answer<Reply> create_issue(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto title = TRY_ANSWER(call.required_text("title", "Issue"));
    const auto body = TRY_ANSWER(call.text("body"));
    auto issue = TRY_ANSWER(call.store.issues().create(call.viewer, repository, title, body.value_or("")));
    if (call.body.contains("labels")) {
        const auto names = TRY_ANSWER(call.texts(call.body["labels"]));
        TRY_ANSWER(call.store.labels().add(call.viewer, repository, issue, names));
    }
    return Reply::created(TRY_ANSWER(to_json(call, repository, issue)));
}

Answer<Reply> get_issue(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    return Reply::ok(TRY_ANSWER(to_json(call, of.repository, of.issue)));
}

Answer<std::optional<IssueState>> state_of(const Call& call) {
    const auto state = TRY_ANSWER(call.text("state"));
    if (!state) return std::nullopt;
    if (*state == "open") return IssueState::Open;
    if (*state == "closed") return IssueState::Closed;
    return Refuse(invalid_field({"Issue", "state", "invalid", "", *state}));
}

// On GitHub, too, this changes pull requests as well as issues.
Answer<Reply> update_issue(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto title = TRY_ANSWER(call.text("title"));
    const auto body = TRY_ANSWER(call.text("body"));
    const auto state = TRY_ANSWER(state_of(call));
    if (of.issue.is_pull_request) {
        const auto pull = TRY_ANSWER(call.store.pulls().find(of.issue.id));
        TRY_ANSWER(call.store.pulls().update(call.viewer, of.repository, *pull,
                                             {.title = title, .body = body, .state = state}));
    } else {
        TRY_ANSWER(call.store.issues().update(call.viewer, of.repository, of.issue, {title, body, state}));
    }
    if (call.body.contains("labels")) {
        const auto names = TRY_ANSWER(call.texts(call.body["labels"]));
        TRY_ANSWER(call.store.labels().replace(call.viewer, of.repository, of.issue, names));
    }
    const auto updated = TRY_ANSWER(call.store.issues().find(of.issue.id));
    return Reply::ok(TRY_ANSWER(to_json(call, of.repository, *updated)));
}

Answer<Reply> lock_issue(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    TRY_ANSWER(
        call.store.issues().set_locked(call.viewer, of.repository, of.issue, call.request.method == "PUT"));
    return Reply::nothing();
}

Answer<Reply> list_comments(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    auto items = nlohmann::json::array();
    for (const Comment& comment : TRY_ANSWER(call.store.comments().list(of.issue, call.window())))
        items.push_back(comment_json(call.links, of.repository, comment, of.issue.is_pull_request));
    return paged(call, std::move(items), of.issue.comment_count);
}

Answer<Reply> create_comment(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    const auto body = TRY_ANSWER(call.required_text("body", "IssueComment"));
    const auto comment = TRY_ANSWER(call.store.comments().create(call.viewer, of.repository, of.issue, body));
    return Reply::created(comment_json(call.links, of.repository, comment, of.issue.is_pull_request));
}

struct OfComment {
    Repository repository;
    Comment comment;
    bool on_pull_request = false;
};

Answer<OfComment> comment_of(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    const auto comment = TRY_ANSWER(call.store.comments().find(TRY_ANSWER(number_of(call.part(2)))));
    if (!comment || comment->repository_id != repository.id) return Refuse(not_found());
    const auto issue = TRY_ANSWER(call.store.issues().find(comment->issue_id));
    return OfComment{std::move(repository), *comment, issue && issue->is_pull_request};
}

Answer<Reply> get_comment(const Call& call) {
    const auto of = TRY_ANSWER(comment_of(call));
    return Reply::ok(comment_json(call.links, of.repository, of.comment, of.on_pull_request));
}

Answer<Reply> update_comment(const Call& call) {
    const auto of = TRY_ANSWER(comment_of(call));
    const auto body = TRY_ANSWER(call.required_text("body", "IssueComment"));
    const auto updated =
        TRY_ANSWER(call.store.comments().update(call.viewer, of.repository, of.comment, body));
    return Reply::ok(comment_json(call.links, of.repository, updated, of.on_pull_request));
}

Answer<Reply> delete_comment(const Call& call) {
    const auto of = TRY_ANSWER(comment_of(call));
    TRY_ANSWER(call.store.comments().remove(call.viewer, of.repository, of.comment));
    return Reply::nothing();
}

nlohmann::json event_json(const Call& call, const Repository& repository, const TimelineEvent& event) {
    nlohmann::json result = {
        {"id", event.id},
        {"node_id", print_node_id({NodeKind::TimelineEvent, repository.id, event.id, ""})},
        {"url", fmt::format("{}/issues/events/{}", call.links.repository(repository), event.id)},
        {"actor", user_json(call.links, event.actor)},
        {"event", event.event},
        {"commit_id", event.commit_id.empty() ? nlohmann::json(nullptr) : nlohmann::json(event.commit_id)},
        {"commit_url", nullptr},
        {"created_at", format_iso8601(std::chrono::floor<std::chrono::seconds>(event.created_at))},
        {"performed_via_github_app", nullptr}};
    if (!event.label_name.empty())
        result["label"] = {{"name", event.label_name}, {"color", event.label_color}};
    return result;
}

Answer<Reply> list_events(const Call& call) {
    const auto of = TRY_ANSWER(issue_of(call));
    auto items = nlohmann::json::array();
    for (const TimelineEvent& event : TRY_ANSWER(call.store.issues().timeline(of.issue.id, call.window())))
        items.push_back(event_json(call, of.repository, event));
    return paged(call, std::move(items), TRY_ANSWER(call.store.issues().timeline_count(of.issue.id)));
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/issues", list_issues},
    {"POST", "/repos/{}/{}/issues", create_issue},
    {"GET", "/repos/{}/{}/issues/comments/{}", get_comment},
    {"PATCH", "/repos/{}/{}/issues/comments/{}", update_comment},
    {"DELETE", "/repos/{}/{}/issues/comments/{}", delete_comment},
    {"GET", "/repos/{}/{}/issues/{}", get_issue},
    {"PATCH", "/repos/{}/{}/issues/{}", update_issue},
    {"PUT", "/repos/{}/{}/issues/{}/lock", lock_issue},
    {"DELETE", "/repos/{}/{}/issues/{}/lock", lock_issue},
    {"GET", "/repos/{}/{}/issues/{}/comments", list_comments},
    {"POST", "/repos/{}/{}/issues/{}/comments", create_comment},
    {"GET", "/repos/{}/{}/issues/{}/events", list_events},
    {"GET", "/repos/{}/{}/issues/{}/timeline", list_events},
};

}  // namespace

std::span<const Route> issue_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
