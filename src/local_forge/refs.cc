#include "local_forge/refs.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "local_forge/bare_repository.h"
#include "local_forge/merging.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
// Claims' refs: they come and go without being anybody's push.
constexpr std::string_view kHidden = "refs/ringmaster/";
constexpr std::string_view kZeros = "0000000000000000000000000000000000000000";
// GitHub's compare gives at most this many commits.
constexpr int kMaxComparedCommits = 250;

bool is_full_sha(std::string_view text) {
    return text.size() == 40 && is_lower_hex(text);
}

using RefMap = std::map<std::string, std::string>;

Result<RefMap> refs_on_disk(const Git& git) {
    const std::string output = TRY(git.read({"for-each-ref", "--format=%(objectname) %(refname)"}));
    RefMap refs;
    for (const std::string_view line : split_lines(output)) {
        const auto space = line.find(' ');
        const std::string_view name = line.substr(space + 1);
        if (!name.starts_with("refs/pull/")) refs.emplace(name, line.substr(0, space));
    }
    return refs;
}

Result<std::vector<BranchMove>> difference(const Git& git, const RefMap& before, const RefMap& after) {
    std::vector<BranchMove> moves;
    for (const auto& [name, sha] : before)
        if (!after.contains(name)) moves.push_back({name, sha, ""});
    for (const auto& [name, sha] : after) {
        const auto old = before.find(name);
        if (old == before.end())
            moves.push_back({name, "", sha});
        else if (old->second != sha)
            moves.push_back({name, old->second, sha, !TRY(git.is_ancestor(old->second, sha))});
    }
    return moves;
}

Event push_event(const Viewer& pusher, const Repository& repository, const BranchMove& move) {
    Event event;
    event.name = "push";
    event.repository_id = repository.id;
    event.sender = pusher.user;
    event.ref = move.branch;
    event.before = move.before.empty() ? std::string(kZeros) : move.before;
    event.after = move.after.empty() ? std::string(kZeros) : move.after;
    event.forced = move.forced;
    return event;
}

Commit commit_at(const database::Statement& row) {
    Commit commit;
    commit.sha = row.text(0);
    commit.tree = row.text(1);
    const std::string parents = row.text(2);
    for (const auto parent : split(parents, ' '))
        if (!parent.empty()) commit.parents.emplace_back(parent);
    commit.author = {row.text(3), row.text(4), time_at(row, 5)};
    commit.committer = {row.text(6), row.text(7), time_at(row, 8)};
    commit.message = row.text(9);
    return commit;
}

Result<void> keep(StoreCore& core, const Repository& repository, const Commit& commit) {
    return core.run("INSERT OR IGNORE INTO commits VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", repository.id,
                    std::string_view(commit.sha), std::string_view(commit.tree),
                    std::string_view(join(commit.parents, " ")), std::string_view(commit.author.name),
                    std::string_view(commit.author.email), commit.author.time,
                    std::string_view(commit.committer.name), std::string_view(commit.committer.email),
                    commit.committer.time, std::string_view(commit.message));
}

}  // namespace

Result<std::optional<Ref>> Refs::find(const Repository& repository, std::string_view name) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query("SELECT name, sha FROM refs WHERE repository_id = ? AND name = ?",
                                       repository.id, name));
    if (!TRY(row.step())) return std::nullopt;
    return Ref{row.text(0), row.text(1)};
}

Result<std::vector<Ref>> Refs::list(const Repository& repository, std::string_view prefix) {
    const std::lock_guard lock(store_.core().mutex);
    // No byte of UTF-8 is 0xFF, so every name with the prefix lies below prefix + 0xFF.
    auto row = TRY(store_.core().query(
        "SELECT name, sha FROM refs WHERE repository_id = ? AND name >= ? AND name < ? ORDER BY name",
        repository.id, prefix, std::string_view(std::string(prefix) + "\xFF")));
    std::vector<Ref> refs;
    while (TRY(row.step())) refs.push_back({row.text(0), row.text(1)});
    return refs;
}

Result<void> Refs::write_row(const Repository& repository, const Ref& ref) {
    if (ref.sha.empty())
        return store_.core().run("DELETE FROM refs WHERE repository_id = ? AND name = ?", repository.id,
                                 std::string_view(ref.name));
    return store_.core().run("INSERT OR REPLACE INTO refs(repository_id, name, sha) VALUES(?, ?, ?)",
                             repository.id, std::string_view(ref.name), std::string_view(ref.sha));
}

Result<void> Refs::adopt(const Repository& repository) {
    auto transaction = TRY(store_.begin());
    const Git git = store_.repositories().git(repository);
    take_change_mark(git);
    const RefMap refs = TRY(refs_on_disk(git));
    for (const auto& [name, sha] : refs) TRY(write_row(repository, {name, sha}));
    return transaction.commit();
}

Result<void> Refs::rescan_if_changed(const Repository& repository) {
    const std::lock_guard lock(store_.core().mutex);
    if (!take_change_mark(store_.repositories().git(repository))) return {};
    Viewer owner;
    owner.user = repository.owner;
    return rescan(owner, repository);
}

Result<void> Refs::rescan(const Viewer& pusher, const Repository& repository) {
    auto transaction = TRY(store_.begin());
    const Git git = store_.repositories().git(repository);
    take_change_mark(git);
    RefMap known;
    for (auto& ref : TRY(list(repository, "refs/"))) known.emplace(std::move(ref.name), std::move(ref.sha));
    const RefMap present = TRY(refs_on_disk(git));
    const std::vector<BranchMove> moves = TRY(difference(git, known, present));
    if (moves.empty()) return transaction.commit();
    std::vector<std::string> tips;
    std::vector<BranchMove> branches;
    for (const auto& move : moves) {
        TRY(write_row(repository, {move.branch, move.after}));
        if (!move.branch.starts_with(kBranches)) continue;
        branches.push_back({move.branch.substr(kBranches.size()), move.before, move.after, move.forced});
        if (!move.after.empty()) tips.push_back(move.after);
    }
    TRY(remember(repository, tips));
    const auto is_hidden = [](const BranchMove& move) { return move.branch.starts_with(kHidden); };
    if (!std::ranges::all_of(moves, is_hidden)) TRY(store_.repositories().touch_pushed_at(repository));
    // As on GitHub the first branch that is pushed becomes the default when the expected one is not there.
    if (!branches.empty() && !branches.front().after.empty() &&
        !present.contains(std::string(kBranches) + repository.default_branch))
        TRY(store_.repositories().set_default_branch(repository, branches.front().branch));
    for (const auto& move : moves)
        if (!is_hidden(move)) TRY(store_.core().emit(push_event(pusher, repository, move)));
    const auto current = TRY(store_.repositories().find(repository.id));
    TRY(store_.pulls().branches_moved(pusher, *current, branches));
    return transaction.commit();
}

Answer<void> Refs::update(const Viewer& viewer, const Repository& repository,
                          std::span<const RefUpdate> updates) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Contents));
    auto transaction = TRY_ANSWER(store_.begin());
    const Git git = store_.repositories().git(repository);
    std::string script;
    for (const RefUpdate& update : updates) {
        const auto& zeros = kZeros;
        if (!update.name.starts_with("refs/") || update.name.starts_with("refs/pull/") ||
            update.name.find_first_of(" \n\t") != std::string::npos)
            return Refuse(Refusal(422, fmt::format("{} is not a valid ref name.", update.name)));
        if (!is_full_sha(update.after))
            return Refuse(
                Refusal(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f]."));
        if (update.after != zeros && !TRY_ANSWER(commit(repository, update.after)))
            return Refuse(Refusal(422, "Object does not exist"));
        const auto present = TRY_ANSWER(find(repository, update.name));
        const std::string before = present ? present->sha : std::string(zeros);
        if (update.before && *update.before != before)
            return Refuse(Refusal(422, present ? fmt::format("Reference {} is at {}, not at {}", update.name,
                                                             before, *update.before)
                                               : "Reference does not exist"));
        if (!present && update.after == zeros) return Refuse(Refusal(422, "Reference does not exist"));
        const bool moves_branch = present && update.after != zeros && update.name.starts_with(kBranches);
        if (moves_branch && !update.force && !TRY_ANSWER(git.is_ancestor(before, update.after)))
            return Refuse(Refusal(422, "Update is not a fast forward"));
        script += fmt::format("update {} {} {}\n", update.name, update.after, before);
    }
    if (const auto done = git.update_refs(script); !done) return Refuse(Refusal(422, done.error().message()));
    TRY_ANSWER(rescan(viewer, repository));
    TRY_ANSWER(transaction.commit());
    return {};
}

Result<std::optional<Commit>> Refs::commit(const Repository& repository, std::string_view sha) {
    if (!is_full_sha(sha)) return std::nullopt;
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        "SELECT sha, tree, parents, author_name, author_email, authored_at, committer_name, "
        "committer_email, committed_at, message FROM commits WHERE repository_id = ? AND sha = ?",
        repository.id, sha));
    if (TRY(row.step())) return commit_at(row);
    const Git git = store_.repositories().git(repository);
    if (!TRY(git.run({{"cat-file", "-e", std::string(sha) + "^{commit}"}, "", {}})).ok()) return std::nullopt;
    auto read = TRY(git.commits({"--no-walk", std::string(sha)}));
    if (read.empty()) return std::nullopt;
    TRY(keep(store_.core(), repository, read.front()));
    return std::move(read.front());
}

Answer<Commit> Refs::create_commit(const Viewer& viewer, const Repository& repository,
                                   const NewCommit& wanted) {
    TRY_ANSWER(store_.accounts().require(viewer, repository, Role::Write, Right::Contents));
    const std::lock_guard lock(store_.core().mutex);
    const Git git = store_.repositories().git(repository);
    const bool has_tree = is_full_sha(wanted.tree) &&
                          TRY_ANSWER(git.run({{"cat-file", "-e", wanted.tree + "^{tree}"}, "", {}})).ok();
    if (!has_tree) return Refuse(Refusal(422, "Tree SHA does not exist"));
    for (const std::string& parent : wanted.parents)
        if (!TRY_ANSWER(commit(repository, parent)))
            return Refuse(Refusal(422, "Parent SHA does not exist or is not a commit object"));
    const User& who = *viewer.user;
    const Signature signature{who.name.empty() ? who.login : who.name, who.email, store_.now()};
    const auto sha = TRY_ANSWER(commit_tree(git, wanted.tree, wanted.parents, wanted.message, signature));
    return *TRY_ANSWER(commit(repository, sha));
}

Result<void> Refs::remember(const Repository& repository, const std::vector<std::string>& shas) {
    if (shas.empty()) return {};
    const std::lock_guard lock(store_.core().mutex);
    const auto commits = TRY(store_.repositories()
                                 .git(repository)
                                 .commits({"--no-walk=unsorted", "--stdin"}, join(shas, "\n") + "\n"));
    for (const Commit& commit : commits) TRY(keep(store_.core(), repository, commit));
    return {};
}

Result<std::optional<std::string>> Refs::resolve(const Repository& repository, std::string_view name) {
    if (name.empty() || name.starts_with('-')) return std::nullopt;
    for (const std::string_view prefix : {"refs/heads/", "refs/tags/", "refs/", ""}) {
        const auto ref = TRY(find(repository, std::string(prefix) + std::string(name)));
        if (ref && prefix == kBranches) return ref->sha;
    }
    // Tags may be annotated, shas short: git takes them to the commit.
    const auto result = TRY(
        store_.repositories()
            .git(repository)
            .run({{"rev-parse", "--verify", "--quiet", "--end-of-options", std::string(name) + "^{commit}"},
                  "",
                  {}}));
    if (!result.ok()) return std::nullopt;
    return std::string(trim(result.output));
}

Result<std::optional<Comparison>> Refs::compare(const Repository& repository, std::string_view base,
                                                std::string_view head) {
    const auto base_sha = TRY(resolve(repository, base));
    const auto head_sha = TRY(resolve(repository, head));
    if (!base_sha || !head_sha) return std::nullopt;
    const Git git = store_.repositories().git(repository);
    const auto merge_base = TRY(git.run({{"merge-base", *base_sha, *head_sha}, "", {}}));
    if (!merge_base.ok()) return std::nullopt;
    Comparison comparison;
    comparison.merge_base = trim(merge_base.output);
    const std::string counts =
        TRY(git.read({"rev-list", "--left-right", "--count", *base_sha + "..." + *head_sha}));
    const auto numbers = split(counts, '\t');
    if (numbers.size() == 2) {
        comparison.behind_by = parse_integer(numbers[0]).value_or(0);
        comparison.ahead_by = parse_integer(numbers[1]).value_or(0);
    }
    comparison.commits = TRY(git.commits({"--topo-order", "--reverse", *base_sha + ".." + *head_sha}));
    if (comparison.commits.size() > kMaxComparedCommits)
        comparison.commits.erase(comparison.commits.begin(), comparison.commits.end() - kMaxComparedCommits);
    return comparison;
}

}  // namespace ringmaster::local_forge
