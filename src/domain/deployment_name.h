#pragma once
// The name of a deployment says what it is of: "project--branch--flow--environment". acme-portal-sdk began
// this; deployments that it made are recognised, and what Ringmaster makes is recognised by it
// (contract 1.5).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaster {

struct DeploymentName {
    std::string project;
    std::string branch;
    std::string flow;  ///< hyphenated: "hello-world"
    std::string environment;

    /// "acme-demo--feat-x--hello-world--dev".
    std::string text() const;
    /// Of any texts: in project and branch '_' and what orchestrators forbid in names (/ % & > <) become '-';
    /// in the flow's name '_' does.
    static DeploymentName of(std::string_view project, std::string_view branch, std::string_view flow,
                             std::string_view environment);
    /// Takes project and branch from the tags PROJECT_NAME= and BRANCH_NAME= where there are any, else the
    /// first two fields; the environment is what follows the last "--". nullopt: not such a name.
    static std::optional<DeploymentName> parse(std::string_view text, const std::vector<std::string>& tags);

    auto operator<=>(const DeploymentName&) const = default;
};

/// The value of the tag KEY=value with exactly this key; nullopt = there is none. The first one counts.
std::optional<std::string> tag_value(const std::vector<std::string>& tags, std::string_view key);

}  // namespace ringmaster
