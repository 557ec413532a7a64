#pragma once
// The ordinary grammar of .gitignore (https://git-scm.com/docs/gitignore), for leaving out what a project
// leaves out. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace ringmaster::python_source {

enum class PathKind { File, Folder };

/// The rules of one file.
class IgnoreRules {
 public:
    enum class Verdict { Ignored, Kept, Silent };

    IgnoreRules() = default;
    /// Never fails: a line that makes no sense matches nothing.
    explicit IgnoreRules(std::string_view text);

    /// `path` counts from the folder of the rules' file, with '/', without one at its ends. Says nothing of
    /// what is in an ignored folder: nobody looks there.
    Verdict judge(std::string_view path, PathKind kind) const;
    bool empty() const { return rules_.empty(); }

 private:
    struct Rule {
        std::vector<std::string> segments;
        bool is_negated = false;
        bool is_for_folders = false;
    };
    std::vector<Rule> rules_;
};

/// One name against one pattern without '/': *, ?, [a-z], [!a-z], backslash.
bool glob_matches(std::string_view pattern, std::string_view name);

}  // namespace ringmaster::python_source
