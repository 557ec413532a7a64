#pragma once
// Something that happened in a repository and that webhooks may tell about. Built by the store at the moment
// of the change, with the state as it is then (github-facts 4.2).

#include <optional>
#include <string>

#include "local_forge/model.h"

namespace ringmaster::local_forge {

struct Event {
    std::string name;    ///< X-GitHub-Event: pull_request, label, issues, issue_comment, push, deployment, …
    std::string action;  ///< empty where GitHub has none (push, ping)
    Id repository_id = 0;
    std::optional<User> sender;

    std::optional<Issue> issue;       ///< issues, issue_comment
    std::optional<PullRequest> pull;  ///< pull_request
    std::optional<Label> label;       ///< label; pull_request and issues when (un)labeled
    std::optional<Comment> comment;
    std::optional<Deployment> deployment;
    std::optional<DeploymentStatus> deployment_status;
    std::optional<Hook> hook;  ///< ping: to this hook only
    std::string ref;           ///< push
    std::string before;        ///< push, and pull_request synchronize
    std::string after;
    bool forced = false;  ///< push
    std::string changes;  ///< edited: GitHub's `changes` object as JSON text
};

}  // namespace ringmaster::local_forge
