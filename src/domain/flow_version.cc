#include "domain/flow_version.h"

#include <fmt/format.h>

#include "domain/deployment_name.h"

namespace ringmaster {

std::string FlowVersion::text() const {
    if (branch.empty()) return commit;
    if (commit.empty()) return branch;
    return fmt::format("{}-{}", DeploymentName::of("", branch, "", "").branch, commit);
}

std::vector<std::string> FlowVersion::tags(std::string_view project) const {
    const auto names = DeploymentName::of(project, branch, "", "");
    std::vector<std::string> result = {"PROJECT_NAME=" + names.project, "BRANCH_NAME=" + names.branch,
                                       "COMMIT_HASH=" + commit, "PACKAGE_VERSION=" + package_version};
    if (names.branch != branch) result.push_back("GIT_REF=" + branch);
    return result;
}

FlowVersion FlowVersion::of_tags(const std::vector<std::string>& tags) {
    FlowVersion version;
    version.commit = tag_value(tags, "COMMIT_HASH").value_or("");
    version.package_version = tag_value(tags, "PACKAGE_VERSION").value_or("");
    version.branch = tag_value(tags, "GIT_REF").value_or(tag_value(tags, "BRANCH_NAME").value_or(""));
    return version;
}

bool FlowVersion::is_same_code(const FlowVersion& other) const {
    if (commit.empty() || other.commit.empty()) return false;
    const bool same_commit = commit.starts_with(other.commit) || other.commit.starts_with(commit);
    return same_commit && image == other.image;
}

}  // namespace ringmaster
