#pragma once
// Pull requests as the JSON text of GitHub's REST API. One printer serves a whole answer: users, repositories
// and labels, which repeat in every pull request of a list, are printed once.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "local_forge/model.h"
#include "local_forge/rest_json.h"

namespace ringmaster::local_forge {

class PullPrinter {
 public:
    /// `base`: the repository of all pull requests printed; it outlives the printer, as do the links.
    PullPrinter(const Links& links, const Repository& base, Detail detail)
        : links_(links), base_(base), detail_(detail) {}

    /// `head` is nothing when the fork is gone.
    std::string print(const std::optional<Repository>& head, const PullRequest& pull,
                      const std::vector<Label>& labels);

 private:
    struct Side {
        const std::string& owner_login;  ///< still known when the repository is gone
        const std::string& ref;
        const std::string& sha;
        const Repository* repository;
    };

    std::string side(const Side& side);
    std::string labels(const std::vector<Label>& labels);
    const std::string& user(const User& user);
    const std::string& repository(const Repository& repository);
    const std::string& label(const Label& label);

    const Links& links_;
    const Repository& base_;
    Detail detail_;
    std::map<Id, std::string> users_;
    std::map<Id, std::string> repositories_;
    std::map<Id, std::string> labels_;
};

}  // namespace ringmaster::local_forge
