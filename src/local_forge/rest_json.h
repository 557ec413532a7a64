#pragma once
// Rows of the store as the JSON of GitHub's REST API and webhooks. Every `url` is built on the address the
// client used (github-facts 9.15).

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

class ForgeStore;

/// Where the client sees us: "http://127.0.0.1:8080/api/v3" and "http://127.0.0.1:8080".
struct Links {
    std::string api;
    std::string web;
    std::string repository(const Repository& repository) const {
        return api + "/repos/" + repository.full_name();
    }
};

/// Lists carry the brief form of users and repositories, as clients page through thousands.
enum class Detail { Brief, Full };

nlohmann::json user_json(const Links& links, const User& user, Detail detail = Detail::Full);
nlohmann::json repository_json(const Links& links, const Repository& repository,
                               Detail detail = Detail::Full);
nlohmann::json label_json(const Links& links, const Repository& repository, const Label& label);
nlohmann::json labels_json(const Links& links, const Repository& repository,
                           const std::vector<Label>& labels);
nlohmann::json issue_json(const Links& links, const Repository& repository, const Issue& issue,
                          const std::vector<Label>& labels, const std::optional<PullRequest>& pull);
nlohmann::json comment_json(const Links& links, const Repository& repository, const Comment& comment,
                            bool on_pull_request);
nlohmann::json deployment_json(const Links& links, const Repository& repository,
                               const Deployment& deployment);
nlohmann::json deployment_status_json(const Links& links, const Repository& repository,
                                      const DeploymentStatus& status);
nlohmann::json environment_json(const Links& links, const Repository& repository,
                                const Environment& environment);
nlohmann::json hook_json(const Links& links, const Repository& repository, const Hook& hook);
nlohmann::json delivery_json(const Links& links, const Repository& repository, const Delivery& delivery,
                             Detail detail);
nlohmann::json commit_json(const Links& links, const Repository& repository, const Commit& commit);
nlohmann::json ref_json(const Links& links, const Repository& repository, const Ref& ref);

/// `head` is nothing when the fork is gone.
nlohmann::json pull_json(const Links& links, const Repository& base, const std::optional<Repository>& head,
                         const PullRequest& pull, const std::vector<Label>& labels, Detail detail);
/// The same with labels and head repository looked up.
Result<nlohmann::json> pull_json(ForgeStore& store, const Links& links, const Repository& base,
                                 const PullRequest& pull, Detail detail);

/// {"message", "errors", "documentation_url", "status"} (github-facts 1.12).
nlohmann::json refusal_json(const Refusal& refusal);

}  // namespace ringmaster::local_forge
