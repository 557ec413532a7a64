// The part of PullRequests that opens, edits, closes and reopens them on request.

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/pulls.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

Refusal pull_error(std::string field, std::string code, std::string message) {
    return invalid_field({"PullRequest", std::move(field), std::move(code), std::move(message), ""});
}

constexpr std::string_view kBranches = "refs/heads/";

}  // namespace

Result<void> PullRequests::emit(const Viewer& viewer, std::string_view action, Id issue_id,
                                std::string_view before, std::string_view after, std::string changes) {
    Event event{.name = "pull_request", .action = std::string(action), .sender = viewer.user};
    event.pull = TRY(find(issue_id));
    event.repository_id = event.pull->issue.repository_id;
    event.before = before;
    event.after = after;
    event.changes = std::move(changes);
    return store_.core().emit(event);
}

Result<Id> PullRequests::insert(const Repository& base, const User& author, const NewPullRequest& wanted,
                                const Repository& head, std::string_view head_sha,
                                std::string_view base_sha) {
    const Id id = TRY(store_.issues().insert(base, author, wanted.title, wanted.body, true));
    TRY(store_.core().run(
        "INSERT INTO pull_requests(issue_id, head_ref, head_sha, head_repository_id, head_owner_login, "
        "base_ref, base_sha, is_draft) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        id, std::string_view(wanted.head_ref), head_sha, head.id, std::string_view(head.owner.login),
        std::string_view(wanted.base_ref), base_sha, wanted.is_draft));
    return id;
}

Answer<void> PullRequests::check_new(const Repository& base, const NewPullRequest& wanted,
                                     const Repository& head) {
    if (trim(wanted.title).empty()) return Refuse(pull_error("title", "missing_field", ""));
    if (!TRY_ANSWER(store_.refs().find(base, std::string(kBranches) + wanted.base_ref)))
        return Refuse(pull_error("base", "invalid", ""));
    if (!TRY_ANSWER(store_.refs().find(head, std::string(kBranches) + wanted.head_ref)))
        return Refuse(pull_error("head", "invalid", ""));
    for (const PullRequest& other : TRY_ANSWER(open_from(head, wanted.head_ref)))
        if (other.issue.repository_id == base.id && other.base_ref == wanted.base_ref)
            return Refuse(pull_error(
                "", "custom",
                fmt::format("A pull request already exists for {}:{}.", head.owner.login, wanted.head_ref)));
    return {};
}

Answer<PullRequest> PullRequests::create(const Viewer& viewer, const Repository& base,
                                         const NewPullRequest& wanted) {
    TRY_ANSWER(store_.accounts().require(viewer, base, Role::Read, Right::PullRequests));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto head = TRY_ANSWER(
        store_.repositories().find(wanted.head_repository_id ? wanted.head_repository_id : base.id));
    if (!head) return Refuse(pull_error("head", "invalid", ""));
    TRY_ANSWER(check_new(base, wanted, *head));
    const auto head_ref = TRY_ANSWER(store_.refs().find(*head, std::string(kBranches) + wanted.head_ref));
    const auto base_ref = TRY_ANSWER(store_.refs().find(base, std::string(kBranches) + wanted.base_ref));
    const Id id = TRY_ANSWER(insert(base, *viewer.user, wanted, *head, head_ref->sha, base_ref->sha));
    auto pull = TRY_ANSWER(find(id));
    TRY_ANSWER(write_head_ref(base, *pull));
    pull = TRY_ANSWER(with_mergeability(base, *pull));
    if (pull->commit_count == 0)
        return Refuse(pull_error(
            "", "custom", fmt::format("No commits between {} and {}", wanted.base_ref, wanted.head_ref)));
    TRY_ANSWER(emit(viewer, "opened", id));
    TRY_ANSWER(transaction.commit());
    return *pull;
}

Answer<PullRequest> PullRequests::update(const Viewer& viewer, const Repository& repository,
                                         const PullRequest& pull, const PullRequestChange& change) {
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    if (pull.issue.author.id != viewer.user->id || viewer.token.writable)
        TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Triage, Right::PullRequests));
    auto transaction = TRY_ANSWER(store_.begin());
    auto changes = nlohmann::json::object();
    if (change.title && *change.title != pull.issue.title) {
        if (trim(*change.title).empty()) return Refuse(pull_error("title", "missing_field", ""));
        TRY_ANSWER(store_.core().run("UPDATE issues SET title = ? WHERE id = ?",
                                     std::string_view(*change.title), pull.issue.id));
        TRY_ANSWER(store_.issues().record(pull.issue.id, "renamed", *viewer.user));
        changes["title"]["from"] = pull.issue.title;
    }
    if (change.body && change.body != pull.issue.body) {
        TRY_ANSWER(store_.core().run("UPDATE issues SET body = ? WHERE id = ?",
                                     std::string_view(*change.body), pull.issue.id));
        changes["body"]["from"] = pull.issue.body.value_or("");
    }
    if (change.base_ref && *change.base_ref != pull.base_ref) {
        const auto base =
            TRY_ANSWER(store_.refs().find(repository, std::string(kBranches) + *change.base_ref));
        if (!base) return Refuse(pull_error("base", "invalid", ""));
        TRY_ANSWER(store_.core().run(
            "UPDATE pull_requests SET base_ref = ?, base_sha = ?, is_mergeable = NULL WHERE issue_id = ?",
            std::string_view(*change.base_ref), std::string_view(base->sha), pull.issue.id));
        changes["base"] = {{"ref", {{"from", pull.base_ref}}}, {"sha", {{"from", pull.base_sha}}}};
    }
    if (!changes.empty()) {
        TRY_ANSWER(store_.issues().touch(pull.issue.id));
        TRY_ANSWER(emit(viewer, "edited", pull.issue.id, "", "", changes.dump()));
    }
    if (change.is_draft && *change.is_draft != pull.is_draft) {
        TRY_ANSWER(store_.core().run("UPDATE pull_requests SET is_draft = ? WHERE issue_id = ?",
                                     *change.is_draft, pull.issue.id));
        const std::string_view action = *change.is_draft ? "converted_to_draft" : "ready_for_review";
        TRY_ANSWER(store_.issues().record(
            pull.issue.id, *change.is_draft ? "convert_to_draft" : "ready_for_review", *viewer.user));
        TRY_ANSWER(store_.issues().touch(pull.issue.id));
        TRY_ANSWER(emit(viewer, action, pull.issue.id));
    }
    if (change.state && *change.state != pull.issue.state)
        TRY_ANSWER(set_state(viewer, repository, pull, *change.state));
    const auto updated = TRY_ANSWER(find(pull.issue.id));
    TRY_ANSWER(transaction.commit());
    return *updated;
}

Answer<void> PullRequests::set_state(const Viewer& viewer, const Repository& repository,
                                     const PullRequest& pull, IssueState state) {
    if (state == IssueState::Open) return reopen(viewer, repository, pull);
    TRY_ANSWER(store_.issues().set_state(pull.issue, *viewer.user, IssueState::Closed));
    TRY_ANSWER(emit(viewer, "closed", pull.issue.id));
    return {};
}

// Only while the branch still contains the head at closing (github-facts 4.12).
Answer<void> PullRequests::reopen(const Viewer& viewer, const Repository& repository,
                                  const PullRequest& pull) {
    if (pull.merged_at)
        return Refuse(pull_error("state", "invalid", "state cannot be changed. The pull request is merged."));
    const auto head = pull.head_repository_id
                          ? TRY_ANSWER(store_.repositories().find(*pull.head_repository_id))
                          : std::nullopt;
    const auto branch =
        head ? TRY_ANSWER(store_.refs().find(*head, std::string(kBranches) + pull.head_ref)) : std::nullopt;
    if (!branch)
        return Refuse(pull_error(
            "state", "invalid",
            fmt::format("state cannot be changed. The {} branch has been deleted.", pull.head_ref)));
    if (!TRY_ANSWER(store_.repositories().git(*head).is_ancestor(pull.head_sha, branch->sha)))
        return Refuse(
            pull_error("state", "invalid",
                       fmt::format("state cannot be changed. The {} branch was force-pushed or recreated.",
                                   pull.head_ref)));
    for (const PullRequest& other : TRY_ANSWER(open_from(*head, pull.head_ref)))
        if (other.issue.repository_id == repository.id && other.base_ref == pull.base_ref)
            return Refuse(pull_error(
                "state", "invalid",
                fmt::format("state cannot be changed. There is already an open pull request from {}.",
                            pull.head_ref)));
    TRY_ANSWER(store_.issues().set_state(pull.issue, *viewer.user, IssueState::Open));
    TRY_ANSWER(
        store_.core().run("UPDATE pull_requests SET head_sha = ?, is_mergeable = NULL WHERE issue_id = ?",
                          std::string_view(branch->sha), pull.issue.id));
    const auto reopened = TRY_ANSWER(find(pull.issue.id));
    TRY_ANSWER(write_head_ref(repository, *reopened));
    TRY_ANSWER(emit(viewer, "reopened", pull.issue.id));
    return {};
}

}  // namespace ringmaster::local_forge
