// REST: branches, refs, commits, comparison. https://docs.github.com/en/rest/git/refs, /rest/commits

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kZeros = "0000000000000000000000000000000000000000";

// "heads/x" of a path; refs/pull is read from git, where the forge writes it.
Answer<Ref> ref_of(const Call& call, const Repository& repository) {
    const std::string name = "refs/" + call.part(2);
    if (auto ref = TRY_ANSWER(call.store.refs().find(repository, name))) return std::move(*ref);
    if (name.starts_with("refs/pull/"))
        if (const auto sha = TRY_ANSWER(call.store.refs().resolve(repository, name))) return Ref{name, *sha};
    return Refuse(not_found());
}

Answer<Reply> get_ref(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    return Reply::ok(ref_json(call.links, repository, TRY_ANSWER(ref_of(call, repository))));
}

Answer<Reply> list_matching_refs(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    auto items = nlohmann::json::array();
    for (const Ref& ref : TRY_ANSWER(call.store.refs().list(repository, "refs/" + call.part(2))))
        items.push_back(ref_json(call.links, repository, ref));
    return Reply::ok(std::move(items));
}

Answer<Reply> create_ref(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const std::string name = TRY_ANSWER(call.required_text("ref", "Reference"));
    const std::string sha = TRY_ANSWER(call.required_text("sha", "Reference"));
    if (TRY_ANSWER(call.store.refs().find(repository, name)))
        return Refuse(Refusal(422, "Reference already exists"));
    const RefUpdate update{name, sha, std::string(kZeros)};
    TRY_ANSWER(call.store.refs().update(call.viewer, repository, {&update, 1}));
    return Reply::created(ref_json(call.links, repository, {name, sha}));
}

Answer<Reply> update_ref(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const std::string name = "refs/" + call.part(2);
    if (!TRY_ANSWER(call.store.refs().find(repository, name)))
        return Refuse(Refusal(422, "Reference does not exist"));
    RefUpdate update{name, TRY_ANSWER(call.required_text("sha", "Reference"))};
    update.force = TRY_ANSWER(call.flag("force")).value_or(false);
    TRY_ANSWER(call.store.refs().update(call.viewer, repository, {&update, 1}));
    return Reply::ok(ref_json(call.links, repository, {name, update.after}));
}

Answer<Reply> delete_ref(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const RefUpdate update{"refs/" + call.part(2), std::string(kZeros)};
    TRY_ANSWER(call.store.refs().update(call.viewer, repository, {&update, 1}));
    return Reply::nothing();
}

nlohmann::json branch_json(const Call& call, const Repository& repository, const Ref& ref) {
    const std::string name = ref.name.substr(std::string_view("refs/heads/").size());
    return {
        {"name", name},
        {"commit", {{"sha", ref.sha}, {"url", call.links.repository(repository) + "/commits/" + ref.sha}}},
        {"protected", false}};
}

Answer<Reply> list_branches(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto branches = TRY_ANSWER(call.store.refs().list(repository, "refs/heads/"));
    const Window window = call.window();
    auto items = nlohmann::json::array();
    for (auto i = static_cast<std::size_t>(window.offset);
         i < branches.size() && items.size() < static_cast<std::size_t>(window.limit); ++i)
        items.push_back(branch_json(call, repository, branches[i]));
    return paged(call, std::move(items), static_cast<std::int64_t>(branches.size()));
}

Answer<Reply> get_branch(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto ref = TRY_ANSWER(call.store.refs().find(repository, "refs/heads/" + call.part(2)));
    if (!ref) return Refuse(Refusal(404, "Branch not found"));
    auto branch = branch_json(call, repository, *ref);
    if (const auto commit = TRY_ANSWER(call.store.refs().commit(repository, ref->sha)))
        branch["commit"] = commit_json(call.links, repository, *commit);
    return Reply::ok(std::move(branch));
}

Answer<Commit> commit_of(const Call& call, const Repository& repository) {
    const auto sha = TRY_ANSWER(call.store.refs().resolve(repository, call.part(2)));
    const auto commit = sha ? TRY_ANSWER(call.store.refs().commit(repository, *sha)) : std::nullopt;
    if (!commit) return Refuse(Refusal(422, fmt::format("No commit found for SHA: {}", call.part(2))));
    return *commit;
}

Answer<Reply> get_commit(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    return Reply::ok(commit_json(call.links, repository, TRY_ANSWER(commit_of(call, repository))));
}

Answer<Reply> list_pulls_of_commit(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto commit = TRY_ANSWER(commit_of(call, repository));
    auto items = nlohmann::json::array();
    for (const PullRequest& pull : TRY_ANSWER(call.store.pulls().of_head_sha(repository, commit.sha)))
        items.push_back(TRY_ANSWER(pull_json(call.store, call.links, repository, pull, Detail::Brief)));
    return Reply::ok(std::move(items));
}

// The commit alone, as git has it; `get_commit` shows it as part of the repository.
nlohmann::json git_commit_json(const Call& call, const Repository& repository, const Commit& commit) {
    const std::string base = call.links.repository(repository) + "/git";
    auto whole = commit_json(call.links, repository, commit);
    auto json = std::move(whole["commit"]);
    json.erase("comment_count");
    for (const char* same : {"sha", "node_id", "html_url", "parents"}) json[same] = std::move(whole[same]);
    for (auto& parent : json["parents"])
        parent["url"] = base + "/commits/" + parent["sha"].get<std::string>();
    json["verification"] = {{"verified", false},
                            {"reason", "unsigned"},
                            {"signature", nullptr},
                            {"payload", nullptr},
                            {"verified_at", nullptr}};
    return json;
}

Answer<Reply> get_git_commit(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto commit = TRY_ANSWER(call.store.refs().commit(repository, call.part(2)));
    if (!commit) return Refuse(not_found());
    return Reply::ok(git_commit_json(call, repository, *commit));
}

Answer<Reply> create_git_commit(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    NewCommit wanted{TRY_ANSWER(call.required_text("message", "Commit")),
                     TRY_ANSWER(call.required_text("tree", "Commit")),
                     {}};
    if (call.body.contains("parents")) wanted.parents = TRY_ANSWER(call.texts(call.body["parents"]));
    const auto commit = TRY_ANSWER(call.store.refs().create_commit(call.viewer, repository, wanted));
    return Reply::created(git_commit_json(call, repository, commit));
}

// The forge runs no checks: none are pending, none failed.
Answer<Reply> get_combined_status(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto commit = TRY_ANSWER(commit_of(call, repository));
    return Reply::ok({{"state", "pending"},
                      {"statuses", nlohmann::json::array()},
                      {"sha", commit.sha},
                      {"total_count", 0},
                      {"repository", repository_json(call.links, repository)},
                      {"commit_url", call.links.repository(repository) + "/commits/" + commit.sha},
                      {"url", call.links.repository(repository) + "/commits/" + commit.sha + "/status"}});
}

Answer<Reply> list_check_runs(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    TRY_ANSWER(commit_of(call, repository));
    return Reply::ok({{"total_count", 0}, {"check_runs", nlohmann::json::array()}});
}

std::string_view comparison_status(const Comparison& comparison) {
    if (comparison.ahead_by > 0 && comparison.behind_by > 0) return "diverged";
    return comparison.ahead_by > 0 ? "ahead" : comparison.behind_by > 0 ? "behind" : "identical";
}

Answer<Reply> compare(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const std::string& range = call.part(2);
    const auto dots = range.find("...");
    if (dots == std::string::npos) return Refuse(not_found());
    const std::string base = range.substr(0, dots);
    const std::string head = range.substr(dots + 3);
    const auto comparison = TRY_ANSWER(call.store.refs().compare(repository, base, head));
    if (!comparison) return Refuse(not_found());
    const auto base_sha = TRY_ANSWER(call.store.refs().resolve(repository, base));
    const auto base_commit = TRY_ANSWER(call.store.refs().commit(repository, *base_sha));
    const auto merge_base = TRY_ANSWER(call.store.refs().commit(repository, comparison->merge_base));
    auto commits = nlohmann::json::array();
    for (const Commit& commit : comparison->commits)
        commits.push_back(commit_json(call.links, repository, commit));
    return Reply::ok({{"url", call.links.repository(repository) + "/compare/" + range},
                      {"status", comparison_status(*comparison)},
                      {"ahead_by", comparison->ahead_by},
                      {"behind_by", comparison->behind_by},
                      {"total_commits", comparison->ahead_by},
                      {"base_commit", commit_json(call.links, repository, *base_commit)},
                      {"merge_base_commit", commit_json(call.links, repository, *merge_base)},
                      {"commits", std::move(commits)}});
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/git/ref/{*}", get_ref},
    {"GET", "/repos/{}/{}/git/refs/{*}", get_ref},  // the form of before 2020; Octokit's old plugins use it
    {"GET", "/repos/{}/{}/git/matching-refs/{*}", list_matching_refs},
    {"POST", "/repos/{}/{}/git/refs", create_ref},
    {"PATCH", "/repos/{}/{}/git/refs/{*}", update_ref},
    {"DELETE", "/repos/{}/{}/git/refs/{*}", delete_ref},
    {"POST", "/repos/{}/{}/git/commits", create_git_commit},
    {"GET", "/repos/{}/{}/git/commits/{}", get_git_commit},
    {"GET", "/repos/{}/{}/branches", list_branches},
    {"GET", "/repos/{}/{}/branches/{*}", get_branch},
    {"GET", "/repos/{}/{}/commits/{}/pulls", list_pulls_of_commit},
    {"GET", "/repos/{}/{}/commits/{}/status", get_combined_status},
    {"GET", "/repos/{}/{}/commits/{}/check-runs", list_check_runs},
    {"GET", "/repos/{}/{}/commits/{*}", get_commit},
    {"GET", "/repos/{}/{}/compare/{*}", compare},
};

}  // namespace

std::span<const Route> git_data_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
