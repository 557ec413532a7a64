#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/flow.h"
#include "ports/progress.h"

namespace ringmaster {

struct FlowSearch {
    std::string root;                ///< folder; relative paths and import paths count from it
    std::vector<std::string> files;  ///< below the root, with '/'; empty = all
};

/// What could not be read as wanted; the rest was.
struct FlowSearchProblem {
    std::string source_relative;
    int line_number = 0;  ///< 0 = the file as a whole
    std::string message;
    bool operator==(const FlowSearchProblem&) const = default;
};

struct FoundFlows {
    std::vector<Flow> flows;  ///< by file, then by line
    std::vector<FlowSearchProblem> problems;
    int files = 0;  ///< that were looked at
};

/// Finds flows in source code, without running it.
class FlowFinder {
 public:
    virtual ~FlowFinder() = default;
    /// The same source gives the same answer, whatever the order of the file system. A file that cannot be
    /// read or has mistakes is a problem in the answer, and gives the flows that can still be told. Errors:
    /// NotFound (no such root), the pulse's own.
    virtual Result<FoundFlows> find(const FlowSearch& search, Progress& progress) = 0;
};

}  // namespace ringmaster
