// REST: pull requests. https://docs.github.com/en/rest/pulls/pulls

#include "base/text.h"
#include "local_forge/pull_printer.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

struct OfPull {
    Repository repository;
    PullRequest pull;
};

Answer<OfPull> pull_of(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    auto pull = TRY_ANSWER(call.store.pulls().find(repository, TRY_ANSWER(number_of(call.part(2)))));
    if (!pull) return Refuse(not_found());
    return OfPull{std::move(repository), std::move(*pull)};
}

Answer<PullRequestQuery> query_of(const Call& call) {
    PullRequestQuery query;
    const std::string state = call.parameter("state", "open");
    if (state == "open")
        query.states = {PullRequestState::Open};
    else if (state == "closed")
        query.states = {PullRequestState::Closed, PullRequestState::Merged};
    else if (state != "all")
        return Refuse(invalid_field({"PullRequest", "state", "invalid", "", state}));
    query.base_ref = call.parameter("base");
    // "user:branch"; GitHub ignores a head without a user.
    const std::string head = call.parameter("head");
    if (const auto colon = head.find(':'); colon != std::string::npos) {
        query.head_owner = head.substr(0, colon);
        query.head_ref = head.substr(colon + 1);
    }
    const std::string sort = call.parameter("sort", "created");
    query.by_update = sort == "updated";
    const std::string direction =
        call.parameter("direction", sort == "created" && call.parameter("sort").empty() ? "desc" : "asc");
    query.direction = direction == "asc" ? Direction::Ascending : Direction::Descending;
    query.window = call.window();
    return query;
}

Answer<Reply> list_pulls(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto query = TRY_ANSWER(query_of(call));
    const auto pulls = TRY_ANSWER(call.store.pulls().list(repository, query));
    std::vector<Id> ids;
    for (const PullRequest& pull : pulls) ids.push_back(pull.issue.id);
    auto labels = TRY_ANSWER(call.store.labels().of_issues(ids));
    PullPrinter printer(call.links, repository, Detail::Brief);
    std::vector<std::string> items;
    for (const PullRequest& pull : pulls) {
        std::optional<Repository> head = repository;
        if (pull.is_cross_repository())
            head = pull.head_repository_id
                       ? TRY_ANSWER(call.store.repositories().find(*pull.head_repository_id))
                       : std::nullopt;
        items.push_back(printer.print(head, pull, labels[pull.issue.id]));
    }
    return paged_texts(call, items, TRY_ANSWER(call.store.pulls().count(repository, query)));
}

Answer<Reply> reply_with(const Call& call, const Repository& repository, const PullRequest& pull,
                         int status) {
    const auto known = TRY_ANSWER(call.store.pulls().with_mergeability(repository, pull));
    return Reply{status, TRY_ANSWER(pull_json(call.store, call.links, repository, known, Detail::Full)), {}};
}

Answer<Reply> get_pull(const Call& call) {
    const auto of = TRY_ANSWER(pull_of(call));
    return reply_with(call, of.repository, of.pull, 200);
}

// "branch", "owner:branch" of a fork, or with head_repo "owner/name".
Answer<Repository> head_repository(const Call& call, const Repository& base, const std::string& owner) {
    if (const auto name = TRY_ANSWER(call.text("head_repo"))) {
        const auto slash = name->find('/');
        const std::string head_owner = slash == std::string::npos ? base.owner.login : name->substr(0, slash);
        return call.store.repositories().visible(
            call.viewer, head_owner, slash == std::string::npos ? *name : name->substr(slash + 1));
    }
    if (owner.empty() || equal_ignoring_ascii_case(owner, base.owner.login)) return base;
    for (const Repository& fork : TRY_ANSWER(call.store.repositories().forks_of(base)))
        if (equal_ignoring_ascii_case(fork.owner.login, owner)) return fork;
    return Refuse(invalid_field({"PullRequest", "head", "invalid", "", ""}));
}

Answer<Reply> create_pull(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const std::string head = TRY_ANSWER(call.required_text("head", "PullRequest"));
    const auto colon = head.find(':');
    const std::string owner = colon == std::string::npos ? "" : head.substr(0, colon);
    NewPullRequest wanted;
    wanted.head_ref = colon == std::string::npos ? head : head.substr(colon + 1);
    wanted.base_ref = TRY_ANSWER(call.required_text("base", "PullRequest"));
    wanted.title = TRY_ANSWER(call.required_text("title", "PullRequest"));
    wanted.body = TRY_ANSWER(call.text("body"));
    wanted.is_draft = TRY_ANSWER(call.flag("draft")).value_or(false);
    wanted.head_repository_id = TRY_ANSWER(head_repository(call, repository, owner)).id;
    const auto pull = TRY_ANSWER(call.store.pulls().create(call.viewer, repository, wanted));
    return reply_with(call, repository, pull, 201);
}

Answer<Reply> update_pull(const Call& call) {
    const auto of = TRY_ANSWER(pull_of(call));
    PullRequestChange change;
    change.title = TRY_ANSWER(call.text("title"));
    change.body = TRY_ANSWER(call.text("body"));
    change.base_ref = TRY_ANSWER(call.text("base"));
    if (const auto state = TRY_ANSWER(call.text("state"))) {
        if (*state != "open" && *state != "closed")
            return Refuse(invalid_field({"PullRequest", "state", "invalid", "", *state}));
        change.state = *state == "open" ? IssueState::Open : IssueState::Closed;
    }
    const auto updated = TRY_ANSWER(call.store.pulls().update(call.viewer, of.repository, of.pull, change));
    return reply_with(call, of.repository, updated, 200);
}

Answer<Reply> merge_pull(const Call& call) {
    const auto of = TRY_ANSWER(pull_of(call));
    const auto method = TRY_ANSWER(call.text("merge_method")).value_or("merge");
    const auto title = TRY_ANSWER(call.text("commit_title")).value_or("");
    const auto message = TRY_ANSWER(call.text("commit_message")).value_or("");
    const auto sha = TRY_ANSWER(call.text("sha")).value_or("");
    const auto commit = TRY_ANSWER(
        call.store.pulls().merge(call.viewer, of.repository, of.pull, method, title, message, sha));
    return Reply::ok({{"sha", commit}, {"merged", true}, {"message", "Pull Request successfully merged"}});
}

Answer<Reply> is_merged(const Call& call) {
    const auto of = TRY_ANSWER(pull_of(call));
    if (!of.pull.merged_at) return Refuse(not_found());
    return Reply::nothing();
}

Answer<Reply> list_commits(const Call& call) {
    const auto of = TRY_ANSWER(pull_of(call));
    const auto commits = TRY_ANSWER(call.store.pulls().commits(of.repository, of.pull));
    const Window window = call.window();
    auto items = nlohmann::json::array();
    for (auto i = static_cast<std::size_t>(window.offset);
         i < commits.size() && items.size() < static_cast<std::size_t>(window.limit); ++i)
        items.push_back(commit_json(call.links, of.repository, commits[i]));
    return paged(call, std::move(items), static_cast<std::int64_t>(commits.size()));
}

// The forge has no reviews; clients that ask are told so.
Answer<Reply> list_nothing(const Call& call) {
    TRY_ANSWER(pull_of(call));
    return Reply::ok(nlohmann::json::array());
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/pulls", list_pulls},
    {"POST", "/repos/{}/{}/pulls", create_pull},
    {"GET", "/repos/{}/{}/pulls/{}", get_pull},
    {"PATCH", "/repos/{}/{}/pulls/{}", update_pull},
    {"PUT", "/repos/{}/{}/pulls/{}/merge", merge_pull},
    {"GET", "/repos/{}/{}/pulls/{}/merge", is_merged},
    {"GET", "/repos/{}/{}/pulls/{}/commits", list_commits},
    {"GET", "/repos/{}/{}/pulls/{}/reviews", list_nothing},
    {"GET", "/repos/{}/{}/pulls/{}/comments", list_nothing},
};

}  // namespace

std::span<const Route> pull_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
