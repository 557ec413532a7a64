#pragma once
// What the files of one folder gave the last time, in one file: most of them did not change since. A cache
// that is damaged, of another version or of another folder is no cache; not being able to write one is no
// error.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/python_source/module_library.h"
#include "adapters/python_source/source_files.h"
#include "domain/flow.h"
#include "ports/flow_finder.h"

namespace ringmaster::python_source {

/// What one file gave; where it lies is not part of it (flow_report.h, add_place).
struct FileAnswer {
    struct Dependency {
        Lookup lookup;
        Stamp stamp;  ///< of the file it led to
    };
    Stamp stamp;
    std::vector<Flow> flows;
    std::vector<FlowSearchProblem> problems;
    std::vector<Dependency> dependencies;
};

class AnswerCache {
 public:
    /// Empty unless `path` holds answers for `root`.
    static AnswerCache load(const std::string& path, std::string_view root);
    /// nullptr: not known, or it was another file then.
    const FileAnswer* find(std::string_view relative, const Stamp& stamp) const;
    std::size_t size() const { return answers_.size(); }

    /// Replaces the file at once or not at all. Answers of files that changed so lately that a further change
    /// might carry the same time are left out.
    static void save(const std::string& path, std::string_view root,
                     const std::vector<std::pair<std::string_view, const FileAnswer*>>& answers);

 private:
    std::unordered_map<std::string, FileAnswer> answers_;
};

}  // namespace ringmaster::python_source
