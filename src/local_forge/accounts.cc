#include "local_forge/accounts.h"

#include <algorithm>

#include "base/text.h"
#include "local_forge/digest.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::string_view kUserColumns = "SELECT id, login, name, email, type FROM users ";

User user_at(const database::Statement& row) {
    return {row.integer(0), row.text(1), row.text(2), row.text(3), static_cast<UserType>(row.integer(4))};
}

constexpr std::string_view kRightNames[] = {"contents",    "issues",         "pull_requests",
                                            "deployments", "administration", "repository_hooks"};

std::string print_rights(const std::vector<Right>& rights) {
    std::vector<std::string> names;
    for (const Right right : rights) names.emplace_back(kRightNames[static_cast<std::size_t>(right)]);
    return join(names, ",");
}

std::vector<Right> parse_rights(std::string_view text) {
    std::vector<Right> rights;
    for (const std::string_view name : split(text, ','))
        for (std::size_t i = 0; i < std::size(kRightNames); ++i)
            if (kRightNames[i] == name) rights.push_back(static_cast<Right>(i));
    return rights;
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> items;
    if (text.empty()) return items;
    for (const std::string_view item : split(text, ',')) items.emplace_back(item);
    return items;
}

}  // namespace

Result<std::optional<User>> Accounts::find(std::string_view login) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kUserColumns) + "WHERE login = ?", login));
    if (!TRY(row.step())) return std::nullopt;
    return user_at(row);
}

Result<std::optional<User>> Accounts::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    if (const auto known = cache_.find(id); known != cache_.end()) return known->second;
    auto row = TRY(store_.core().query(std::string(kUserColumns) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return cache_.emplace(id, user_at(row)).first->second;
}

Result<User> Accounts::get(Id id) {
    auto user = TRY(find(id));
    if (!user)
        return Fail(Error(ErrorKind::Corrupt,
                          fmt::format("the forge's database names user {}, who is not there", id)));
    return std::move(*user);
}

Result<User> Accounts::ensure_user(std::string_view login, UserType type, std::string_view name) {
    auto transaction = TRY(store_.begin());
    if (auto known = TRY(find(login))) return std::move(*known);
    // GitHub's own form of a hidden address.
    const std::string email = fmt::format("{}@users.noreply.localhost", login);
    const Id id = TRY(store_.core().insert("INSERT INTO users(login, name, email, type) VALUES(?, ?, ?, ?)",
                                           login, name, std::string_view(email), type));
    TRY(transaction.commit());
    return User{id, std::string(login), std::string(name), email, type};
}

Result<Token> Accounts::add_token(const User& user, std::string_view secret, std::vector<std::string> scopes,
                                  std::optional<std::vector<Right>> writable) {
    const std::lock_guard lock(store_.core().mutex);
    const std::optional<std::string> rights =
        writable ? std::optional(print_rights(*writable)) : std::nullopt;
    TRY(store_.core().run(
        "INSERT INTO tokens(secret_hash, user_id, scopes, writable) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(secret_hash) DO UPDATE SET user_id = excluded.user_id, scopes = excluded.scopes, "
        "writable = excluded.writable",
        std::string_view(sha256_hex(secret)), user.id, std::string_view(join(scopes, ",")), rights));
    const auto viewer = TRY(viewer_of(secret));
    return viewer->token;
}

Result<std::optional<Viewer>> Accounts::viewer_of(std::string_view secret) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query("SELECT id, user_id, scopes, writable FROM tokens WHERE secret_hash = ?",
                                std::string_view(sha256_hex(secret))));
    if (!TRY(row.step())) return std::nullopt;
    Viewer viewer;
    viewer.token = {row.integer(0), row.integer(1), parse_list(row.text(2)), std::nullopt};
    if (!row.is_null(3)) viewer.token.writable = parse_rights(row.text(3));
    viewer.user = TRY(find(viewer.token.user_id));
    return viewer;
}

Result<void> Accounts::set_role(const Repository& repository, const User& user, Role role) {
    const std::lock_guard lock(store_.core().mutex);
    return store_.core().run(
        "INSERT INTO roles(repository_id, user_id, role) VALUES(?, ?, ?) "
        "ON CONFLICT DO UPDATE SET role = excluded.role",
        repository.id, user.id, role);
}

Result<Role> Accounts::role(const Repository& repository, const User& user) {
    if (repository.owner.id == user.id) return Role::Admin;
    const std::lock_guard lock(store_.core().mutex);
    return static_cast<Role>(TRY(store_.core().number(
        "SELECT role FROM roles WHERE repository_id = ? AND user_id = ?", repository.id, user.id)));
}

Result<std::vector<Collaborator>> Accounts::collaborators(const Repository& repository) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        "SELECT user_id, role FROM roles WHERE repository_id = ? AND role > 0 ORDER BY user_id",
        repository.id));
    std::vector<Collaborator> people;
    while (TRY(row.step())) people.push_back({TRY(get(row.integer(0))), static_cast<Role>(row.integer(1))});
    return people;
}

Result<bool> Accounts::may_read(const Viewer& viewer, const Repository& repository) {
    if (!repository.is_private) return true;
    if (!viewer.user) return false;
    return TRY(role(repository, *viewer.user)) >= Role::Read;
}

Result<bool> Accounts::may(const Viewer& viewer, const Repository& repository, Role at_least, Right right) {
    if (!viewer.user) return false;
    if (viewer.token.writable &&
        std::ranges::find(*viewer.token.writable, right) == viewer.token.writable->end())
        return false;
    // Whoever may read may do what needs no more: open a pull request from a fork, comment.
    if (at_least <= Role::Read) return may_read(viewer, repository);
    return TRY(role(repository, *viewer.user)) >= at_least;
}

Answer<void> Accounts::require(const Viewer& viewer, const Repository& repository, Role at_least, Right right,
                               std::string_view message) {
    if (TRY_ANSWER(may(viewer, repository, at_least, right))) return {};
    if (!viewer.user) return Refuse(Refusal(401, "Requires authentication"));
    // A token that is limited is told so in GitHub's words; people are told what they may not do.
    if (viewer.token.writable) return Refuse(forbidden("Resource not accessible by integration"));
    return Refuse(forbidden(message));
}

}  // namespace ringmaster::local_forge
