#include "local_forge/repositories.h"

#include <algorithm>

#include "base/text.h"
#include "local_forge/bare_repository.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, owner_id, name, description, default_branch, is_private, opens_pull_requests, parent_id, "
    "created_at, "
    "updated_at, pushed_at FROM repositories ";
// GitHub's limit for a repository's name.
constexpr std::size_t kMaxNameLength = 100;

// Letters, digits, '-', '_' and '.', as GitHub allows; never "." or ".." or a name that ends in ".git".
bool is_valid_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= kMaxNameLength && std::ranges::all_of(name, allowed) &&
           name != "." && name != ".." && !name.ends_with(".git") && !name.starts_with('-');
}

Result<Repository> repository_at(ForgeStore& store, const database::Statement& row) {
    Repository repository;
    repository.id = row.integer(0);
    repository.owner = TRY(store.accounts().get(row.integer(1)));
    repository.name = row.text(2);
    repository.description = row.text(3);
    repository.default_branch = row.text(4);
    repository.is_private = row.integer(5) != 0;
    repository.opens_pull_requests = row.integer(6) != 0;
    repository.parent_id = optional_id_at(row, 7);
    repository.created_at = time_at(row, 8);
    repository.updated_at = time_at(row, 9);
    repository.pushed_at = time_at(row, 10);
    return repository;
}

Result<std::vector<Repository>> all_of(ForgeStore& store, database::Statement rows) {
    std::vector<Repository> repositories;
    while (TRY(rows.step())) repositories.push_back(TRY(repository_at(store, rows)));
    return repositories;
}

}  // namespace

Git Repositories::git(const Repository& repository) const {
    return Git(repository_path(store_.data_folder(), repository.owner.login, repository.name));
}

Answer<Repository> Repositories::create(const NewRepository& wanted) {
    if (!is_valid_name(wanted.name))
        return Refuse(invalid_field({"Repository", "name", "custom",
                                     "name may have letters, digits, '-', '_' and '.'", wanted.name}));
    if (!is_valid_name(wanted.owner))
        return Refuse(invalid_field({"Repository", "owner", "invalid", "", wanted.owner}));
    auto transaction = TRY_ANSWER(store_.begin());
    const User owner = TRY_ANSWER(store_.accounts().ensure_user(wanted.owner, UserType::Organization));
    if (TRY_ANSWER(find(wanted.owner, wanted.name)))
        return Refuse(
            invalid_field({"Repository", "name", "custom", "name already exists on this account", ""}));
    const TimePoint now = store_.now();
    const Id id = TRY_ANSWER(
        store_.core().insert("INSERT INTO repositories(owner_id, name, description, default_branch, "
                             "is_private, opens_pull_requests, "
                             "created_at, updated_at, pushed_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             owner.id, std::string_view(wanted.name), std::string_view(wanted.description),
                             std::string_view(wanted.default_branch), wanted.is_private,
                             wanted.opens_pull_requests, now, now, now));
    Repository repository = *TRY_ANSWER(find(id));
    TRY_ANSWER(set_up_repository(git(repository), wanted.default_branch));
    TRY_ANSWER(store_.refs().adopt(repository));
    TRY_ANSWER(transaction.commit());
    return *TRY_ANSWER(find(id));
}

Answer<Repository> Repositories::fork(const Viewer& viewer, const Repository& parent,
                                      std::string_view owner) {
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    auto transaction = TRY_ANSWER(store_.begin());
    const std::string login = owner.empty() ? viewer.user->login : std::string(owner);
    if (equal_ignoring_ascii_case(login, parent.owner.login))
        return Refuse(invalid_field({"Fork", "organization", "invalid", "", login}));
    if (auto existing = TRY_ANSWER(find(login, parent.name))) {
        if (existing->parent_id == parent.id) return std::move(*existing);
        return Refuse(
            invalid_field({"Repository", "name", "custom", "name already exists on this account", ""}));
    }
    TRY_ANSWER(store_.accounts().ensure_user(
        login, login == viewer.user->login ? UserType::User : UserType::Organization));
    NewRepository wanted{login, parent.name, parent.description, parent.default_branch, parent.is_private,
                         false};
    // Adopted below: the parent's branches and tags are copied before the row is made.
    const Git copy(repository_path(store_.data_folder(), login, parent.name));
    TRY_ANSWER(set_up_repository(copy, parent.default_branch));
    TRY_ANSWER(copy.read(
        {"fetch", "--quiet", git(parent).path(), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"}));
    const Repository made = TRY_ANSWER(create(wanted));
    TRY_ANSWER(store_.core().run("UPDATE repositories SET parent_id = ? WHERE id = ?", parent.id, made.id));
    TRY_ANSWER(store_.accounts().set_role(made, *viewer.user, Role::Admin));
    TRY_ANSWER(transaction.commit());
    return *TRY_ANSWER(find(made.id));
}

Result<void> Repositories::set_opens_pull_requests(const Repository& repository, bool opens) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().run("UPDATE repositories SET opens_pull_requests = ? WHERE id = ?", opens,
                             repository.id);
}

Result<void> Repositories::set_default_branch(const Repository& repository, std::string_view branch) {
    const std::lock_guard lock(store_.core().mutex);
    TRY(git(repository).read({"symbolic-ref", "HEAD", "refs/heads/" + std::string(branch)}));
    return store_.core().run("UPDATE repositories SET default_branch = ? WHERE id = ?", branch,
                             repository.id);
}

Result<std::optional<Repository>> Repositories::find(std::string_view owner, std::string_view name) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        std::string(kColumns) + "WHERE owner_id = (SELECT id FROM users WHERE login = ?) AND name = ?", owner,
        name));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(repository_at(store_, row));
}

Result<std::optional<Repository>> Repositories::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kColumns) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return TRY(repository_at(store_, row));
}

Answer<Repository> Repositories::visible(const Viewer& viewer, std::string_view owner,
                                         std::string_view name) {
    auto repository = TRY_ANSWER(find(owner, name));
    if (!repository || !TRY_ANSWER(store_.accounts().may_read(viewer, *repository)))
        return Refuse(not_found());
    return std::move(*repository);
}

Result<std::vector<Repository>> Repositories::list() {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_, TRY(store_.core().query(std::string(kColumns) + "ORDER BY id")));
}

Result<std::vector<Repository>> Repositories::list_of_owner(const User& owner) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_, TRY(store_.core().query(std::string(kColumns) + "WHERE owner_id = ? ORDER BY name",
                                                  owner.id)));
}

Result<std::vector<Repository>> Repositories::forks_of(const Repository& parent) {
    const std::lock_guard lock(store_.core().mutex);
    return all_of(store_, TRY(store_.core().query(std::string(kColumns) + "WHERE parent_id = ? ORDER BY id",
                                                  parent.id)));
}

Result<void> Repositories::touch_pushed_at(const Repository& repository) {
    const std::lock_guard lock(store_.core().mutex);
    const TimePoint now = store_.now();
    return store_.core().run("UPDATE repositories SET pushed_at = ?, updated_at = ? WHERE id = ?", now, now,
                             repository.id);
}

}  // namespace ringmaster::local_forge
