#pragma once
// Global node ids in GitHub's new format: a prefix that tells the kind, then base64url of a MessagePack array
// [0, repository, object] ("LA_kwDOAAAAAc4AAAAC"). Clients must treat them as opaque (github-facts 1.20); the
// forge alone takes them apart.

#include <optional>
#include <string>
#include <string_view>

#include "local_forge/model.h"

namespace ringmaster::local_forge {

enum class NodeKind {
    User,
    Bot,
    Organization,
    Repository,
    Label,
    Issue,
    PullRequest,
    Comment,
    Deployment,
    DeploymentStatus,
    Environment,
    TimelineEvent,
    Commit,
    Ref
};

struct NodeId {
    NodeKind kind = NodeKind::Label;
    Id repository_id = 0;  ///< 0 for users
    Id id = 0;             ///< 0 for Commit and Ref
    std::string name;      ///< Commit: the sha; Ref: "refs/heads/main"
    auto operator<=>(const NodeId&) const = default;
};

std::string print_node_id(const NodeId& node);
/// nullopt: not one of ours.
std::optional<NodeId> parse_node_id(std::string_view text);

std::string node_id(const User& user);
std::string node_id(const Repository& repository);
std::string node_id(const Label& label);
std::string node_id(const Issue& issue);
std::string node_id(const PullRequest& pull);
std::string node_id(const Comment& comment);
std::string node_id(const Deployment& deployment);

}  // namespace ringmaster::local_forge
