#pragma once
// People, bots and organisations, their tokens, and what they may do where.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct Collaborator {
    User user;
    Role role = Role::None;
};

class Accounts {
 public:
    explicit Accounts(ForgeStore& store) : store_(store) {}

    /// The user of that login, made if there is none (type and name are kept when there is one).
    Result<User> ensure_user(std::string_view login, UserType type = UserType::User,
                             std::string_view name = "");
    Result<std::optional<User>> find(std::string_view login);
    Result<std::optional<User>> find(Id id);
    /// The one who must be there, because another row names them. Errors: Corrupt.
    Result<User> get(Id id);

    /// Makes `secret` a token of the user; again for the same secret replaces scopes and rights.
    Result<Token> add_token(const User& user, std::string_view secret, std::vector<std::string> scopes,
                            std::optional<std::vector<Right>> writable = std::nullopt);
    /// Nothing: no such token (401 "Bad credentials").
    Result<std::optional<Viewer>> viewer_of(std::string_view secret);

    Result<void> set_role(const Repository& repository, const User& user, Role role);
    /// Someone's role; the owner is admin. Role::None without a row; a public repository is readable all the
    /// same.
    Result<Role> role(const Repository& repository, const User& user);

    Result<std::vector<Collaborator>> collaborators(const Repository& repository);

    Result<bool> may_read(const Viewer& viewer, const Repository& repository);
    /// Role and token both allow it. `right` is what a fine-grained token must be granted.
    Result<bool> may(const Viewer& viewer, const Repository& repository, Role at_least, Right right);
    /// A refusal unless may(): 401 for nobody, 403 with `message` otherwise.
    Answer<void> require(const Viewer& viewer, const Repository& repository, Role at_least, Right right,
                         std::string_view message = "Resource not accessible by personal access token");

 private:
    ForgeStore& store_;
    std::unordered_map<Id, User> cache_;  ///< users never change; under the store's lock
};

}  // namespace ringmaster::local_forge
