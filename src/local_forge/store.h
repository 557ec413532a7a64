#pragma once
// Everything the local forge knows: a SQLite database and bare git repositories under one data folder, behind
// one object with a part for each subject. The parts enforce GitHub's rules and permissions, write the
// timeline and hand on events for webhooks, so REST and GraphQL only translate. Used from many threads: every
// call takes the store's one lock for its duration; begin() holds it over several calls and makes them one
// transaction.

#include <functional>
#include <memory>
#include <string>

#include "local_forge/accounts.h"
#include "local_forge/answer.h"
#include "local_forge/comments.h"
#include "local_forge/deployments.h"
#include "local_forge/hooks.h"
#include "local_forge/issues.h"
#include "local_forge/labels.h"
#include "local_forge/model.h"
#include "local_forge/node_id.h"
#include "local_forge/pulls.h"
#include "local_forge/refs.h"
#include "local_forge/repositories.h"
#include "local_forge/store_core.h"

namespace ringmaster::local_forge {

struct StoreOptions {
    std::string data_folder;         ///< made if it is not there
    std::function<TimePoint()> now;  ///< the wall clock
    std::function<std::string(std::size_t bytes)>
        random_hex;  ///< random bytes as lower-case hexadecimal digits
};

class ForgeStore {
 public:
    /// Errors: Unavailable (the folder or database cannot be made or opened), Corrupt (not one of ours, or
    /// newer than us).
    static Result<std::unique_ptr<ForgeStore>> open(StoreOptions options);
    ~ForgeStore();

    Accounts& accounts() { return accounts_; }
    Repositories& repositories() { return repositories_; }
    Labels& labels() { return labels_; }
    Issues& issues() { return issues_; }
    PullRequests& pulls() { return pulls_; }
    Comments& comments() { return comments_; }
    Deployments& deployments() { return deployments_; }
    Hooks& hooks() { return hooks_; }
    Refs& refs() { return refs_; }

    /// Holds the lock; what is done until commit() is done together or not at all.
    Result<StoreTransaction> begin() { return StoreTransaction::begin(core_); }
    TimePoint now() const { return core_.now(); }

    // For the store's own parts.
    StoreCore& core() { return core_; }
    const std::string& data_folder() const { return data_folder_; }

 private:
    ForgeStore(StoreOptions options, database::Database connection);

    std::string data_folder_;
    StoreCore core_;
    Accounts accounts_{*this};
    Repositories repositories_{*this};
    Labels labels_{*this};
    Issues issues_{*this};
    PullRequests pulls_{*this};
    Comments comments_{*this};
    Deployments deployments_{*this};
    Hooks hooks_{*this};
    Refs refs_{*this};
};

}  // namespace ringmaster::local_forge
