#pragma once
// The Python files below a folder, without what projects and tools leave out: .gitignore, virtual
// environments, caches, build output. Symbolic links to folders are not followed, as os.walk does not either,
// so there are no loops.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "ports/flow_finder.h"

namespace ringmaster::python_source {

/// What changes when a file's content does.
struct Stamp {
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;  ///< of the inode: catches what keeps the time of modification
    bool operator==(const Stamp&) const = default;
};

struct SourceFile {
    std::string relative;  ///< below the root, with '/'
    Stamp stamp;
};

struct SourceFiles {
    std::string root;               ///< absolute, without '/' at its end
    std::vector<SourceFile> files;  ///< by name
    std::vector<FlowSearchProblem> problems;

    const SourceFile* find(std::string_view relative) const;
    /// Whether some folder or module below the root has this name.
    bool has_name(std::string_view name) const { return names_.contains(name); }
    /// Once `files` is complete.
    void index();

 private:
    std::unordered_map<std::string_view, std::size_t> by_path_;
    std::unordered_set<std::string_view> names_;
};

/// `excludes`: more patterns, in .gitignore's grammar, counted from the root. Errors: NotFound, InvalidInput
/// (not a folder), the pulse's own.
Result<SourceFiles> list_source_files(const std::string& root, const std::vector<std::string>& excludes,
                                      Progress& progress);

/// The listed file, whatever is left out otherwise; nullopt: there is none.
std::optional<SourceFile> source_file_at(const std::string& root, const std::string& relative);

/// At most `limit` bytes of a file. Errors: Unavailable, in words.
Result<std::string> read_bytes(const std::string& path, std::int64_t limit);

}  // namespace ringmaster::python_source
