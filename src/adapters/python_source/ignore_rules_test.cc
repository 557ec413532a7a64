#include "adapters/python_source/ignore_rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::python_source {
namespace {

using enum IgnoreRules::Verdict;

struct Example {
    std::string rules;
    std::string path;
    PathKind kind;
    IgnoreRules::Verdict verdict;
};

// Each agrees with `git check-ignore` of git 2.39.
const std::vector<Example> kExamples = {
    {"build/", "build", PathKind::Folder, Ignored},
    {"build/", "build", PathKind::File, Silent},
    {"build/", "a/build", PathKind::Folder, Ignored},
    {"/build", "a/build", PathKind::Folder, Silent},
    {"a/build", "a/build", PathKind::Folder, Ignored},
    {"a/build", "b/a/build", PathKind::Folder, Silent},
    {"*.gen.py", "a/b/x.gen.py", PathKind::File, Ignored},
    {"a/*.py", "a/b/x.py", PathKind::File, Silent},
    {"**/x.py", "x.py", PathKind::File, Ignored},
    {"a/**/x.py", "a/x.py", PathKind::File, Ignored},
    {"a/**/x.py", "a/b/c/x.py", PathKind::File, Ignored},
    {"a/**", "a/b", PathKind::File, Ignored},
    {"a/**", "a", PathKind::Folder, Silent},
    {"*.py\n!keep.py", "keep.py", PathKind::File, Kept},
    {"!keep.py\n*.py", "keep.py", PathKind::File, Ignored},
    {"# x.py", "# x.py", PathKind::File, Silent},
    {"\\#x.py", "#x.py", PathKind::File, Ignored},
    {"\\!x.py", "!x.py", PathKind::File, Ignored},
    {"x.py   ", "x.py", PathKind::File, Ignored},
    {"x.py\r\n", "x.py", PathKind::File, Ignored},
    {"[a-c]?.py", "b1.py", PathKind::File, Ignored},
    {"[!a-c]?.py", "b1.py", PathKind::File, Silent},
    {"[]x].py", "].py", PathKind::File, Ignored},
    {"[x.py", "[x.py", PathKind::File, Silent},
    {"", "x.py", PathKind::File, Silent},
    {"/", "x.py", PathKind::File, Silent},
    {"a*b*c", "aXbYbZc", PathKind::File, Ignored},
};

TEST(IgnoreRules, PathsAreJudgedAsGitDoes) {
    for (const auto& [rules, path, kind, verdict] : kExamples)
        EXPECT_EQ(IgnoreRules(rules).judge(path, kind), verdict) << rules << " on " << path;
}

TEST(IgnoreRules, APatternOfManyStarsTakesNoTime) {
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "*a";
    EXPECT_FALSE(glob_matches(pattern + "b", std::string(5000, 'a')));
    std::string folders;
    for (int i = 0; i < 200; ++i) folders += "**/a/";
    std::string path;
    for (int i = 0; i < 200; ++i) path += "a/";
    EXPECT_EQ(IgnoreRules(folders + "b").judge(path + "c", PathKind::File), Silent);
}

RC_GTEST_PROP(IgnoreRules, NoRulesFail, (const std::string& rules, const std::string& path)) {
    (void)IgnoreRules(rules).judge(path, PathKind::File);
    (void)glob_matches(rules, path);
}

}  // namespace
}  // namespace ringmaster::python_source
