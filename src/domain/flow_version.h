#pragma once
// Which code a deployment runs: the version that is tried in one environment and then promoted as it is.

#include <string>
#include <vector>

namespace ringmaster {

struct FlowVersion {
    std::string commit;           ///< as short or long as it was written; empty = unknown
    std::string branch;           ///< the true name of the branch
    std::string package_version;  ///< of the Python package; may be empty
    std::string image;            ///< reference of the container image that holds the code; empty = none

    /// "feat-x-abc1234": what orchestrators show as the version.
    std::string text() const;
    /// PROJECT_NAME, BRANCH_NAME, COMMIT_HASH and PACKAGE_VERSION, in the order of the original; then GIT_REF
    /// if the branch's name had to be changed to be part of a name.
    std::vector<std::string> tags(std::string_view project) const;
    /// Of a deployment's tags; what they do not say stays empty.
    static FlowVersion of_tags(const std::vector<std::string>& tags);

    /// The same code: equal commits, one of them perhaps abbreviated, and equal images.
    bool is_same_code(const FlowVersion& other) const;
    bool operator==(const FlowVersion&) const = default;
};

}  // namespace ringmaster
