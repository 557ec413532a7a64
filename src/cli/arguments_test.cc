#include "cli/arguments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cli/registry.h"

namespace ringmaster::cli {
namespace {

Result<Arguments> parse(const char* command, std::vector<std::string> words) {
    const auto& program = ringmaster_program();
    return parse_arguments(program, *program.find(command), words);
}
std::string message(const Result<Arguments>& result) {
    return result ? "" : result.error().message();
}
std::string hint(const Result<Arguments>& result) {
    return result ? "" : result.error().hint();
}

TEST(Arguments, OptionsAndPositionalsComeInAnyOrderWithOrWithoutAnEqualsSign) {
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"12", "--sha", "abc1234", "--dry-run"},
                                               {"--sha=abc1234", "12", "--dry-run"},
                                               {"--dry-run", "--sha", "abc1234", "--", "12"}}) {
        const auto arguments = parse("sync", words);
        ASSERT_TRUE(arguments) << message(arguments);
        EXPECT_EQ(arguments->pull_request(), 12);
        EXPECT_EQ(arguments->text("sha"), "abc1234");
        EXPECT_TRUE(arguments->flag("dry-run"));
        EXPECT_FALSE(arguments->flag("check-only"));
        EXPECT_FALSE(arguments->json());
    }
}

TEST(Arguments, WhatWasNotTypedHasItsDefault) {
    const auto arguments = parse("cleanup", {});
    ASSERT_TRUE(arguments);
    EXPECT_EQ(arguments->text("older-than"), "48h");
    EXPECT_EQ(arguments->integer("label-limit"), 200);
    EXPECT_EQ(arguments->text("max-age"), std::nullopt);
    EXPECT_EQ(arguments->switched("labels"), std::nullopt);
}

TEST(Arguments, ASwitchCanBeTurnedOnAndOffAndTheLastWordCounts) {
    EXPECT_EQ(parse("cleanup", {"--labels"})->switched("labels"), true);
    EXPECT_EQ(parse("cleanup", {"--no-labels"})->switched("labels"), false);
    EXPECT_EQ(parse("cleanup", {"--no-labels", "--labels"})->switched("labels"), true);
}

TEST(Arguments, AnOptionThatMayBeRepeatedKeepsEveryValueAndLeavesTheNextWordAlone) {
    const auto arguments = parse("config", {"--set", "a=1", "--set", "b=2", "shows.ttl"});
    ASSERT_TRUE(arguments) << message(arguments);
    EXPECT_EQ(arguments->all("set"), (std::vector<std::string>{"a=1", "b=2"}));
    EXPECT_EQ(arguments->text("KEY"), "shows.ttl");
    EXPECT_EQ(parse("status", {"1", "-vv"})->count("verbose"), 2);
}

TEST(Arguments, JsonTakesFieldsOnlyIfWhatFollowsCouldBeFields) {
    EXPECT_EQ(parse("status", {"--json", "12"})->json(), std::vector<std::string>{});
    EXPECT_EQ(parse("status", {"12", "--json"})->json(), std::vector<std::string>{});
    EXPECT_EQ(parse("status", {"12", "--json", "sha,url"})->json(), (std::vector<std::string>{"sha", "url"}));
    EXPECT_EQ(parse("status", {"--json=sha", "12"})->json(), std::vector<std::string>{"sha"});
    const auto wrong = parse("status", {"12", "--json", "shaa"});
    EXPECT_EQ(message(wrong), "a field of --json cannot be \"shaa\"");
    EXPECT_TRUE(hint(wrong).starts_with("did you mean sha? it is one of: pull_request,"));
}

struct Mistake {
    const char* command;
    std::vector<std::string> words;
    const char* message;
    const char* hint;
};
const Mistake kMistakes[] = {
    {"sync",
     {},
     "`ringmaster sync` needs PR: Number of the pull request",
     "for example: ringmaster sync 1234"},
    {"sync",
     {"twelve"},
     "PR must be a whole number, 1 or more, but is \"twelve\"",
     "give the number of a pull request, such as 1234"},
    {"sync",
     {"0"},
     "PR must be a whole number, 1 or more, but is \"0\"",
     "give the number of a pull request, such as 1234"},
    {"sync",
     {"--", "-5"},
     "PR must be a whole number, 1 or more, but is \"-5\"",
     "give the number of a pull request, such as 1234"},
    {"sync",
     {"99999999999999999999"},
     "PR must be a whole number, 1 or more, but is \"99999999999999999999\"",
     "give the number of a pull request, such as 1234"},
    {"sync",
     {"1", "2"},
     "`ringmaster sync` does not know what to do with \"2\"",
     "see `ringmaster sync --help`"},
    {"sync",
     {"1", "--chek-only"},
     "unknown option --chek-only for `ringmaster sync`",
     "did you mean --check-only? see `ringmaster sync --help`"},
    {"sync", {"1", "--zzz=3"}, "unknown option --zzz for `ringmaster sync`", "see `ringmaster sync --help`"},
    {"sync", {"1", "-z"}, "unknown option -z for `ringmaster sync`", "see `ringmaster sync --help`"},
    {"cleanup", {"--label-limit", "0"}, "--label-limit must be a whole number, 1 or more, but is \"0\"", ""},
    {"cleanup",
     {"--label-limit", "many"},
     "--label-limit must be a whole number, 1 or more, but is \"many\"",
     ""},
    {"list",
     {"--status", "runing"},
     "--status cannot be \"runing\"",
     "did you mean running? it is one of: building, built, deploying, running, failed, stopping, unknown"},
    {"completion", {"tcsh"}, "SHELL cannot be \"tcsh\"", "it is one of: bash, zsh, fish"},
    {"version",
     {"--jsn"},
     "unknown option --jsn for `ringmaster version`",
     "did you mean --json? see `ringmaster version --help`"},
};

TEST(Arguments, AMistakeIsToldWithTheNearestValidWord) {
    for (const auto& mistake : kMistakes) {
        const auto result = parse(mistake.command, mistake.words);
        ASSERT_FALSE(result) << mistake.message;
        EXPECT_EQ(result.error().kind(), ErrorKind::InvalidInput);
        EXPECT_EQ(result.error().message(), mistake.message);
        EXPECT_EQ(result.error().hint(), mistake.hint) << mistake.message;
    }
}

TEST(Arguments, AnOptionWithoutItsValueIsAMistake) {
    const auto result = parse("sync", {"1", "--sha"});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message().find("--sha"), std::string::npos) << result.error().message();
}

TEST(Arguments, HelpWinsOverEverythingElse) {
    EXPECT_TRUE(parse("sync", {"--help"})->wants_help());
    EXPECT_TRUE(parse("sync", {"nonsense", "-h"})->wants_help());
}

RC_GTEST_PROP(ArgumentsProperty, AnyWordsAreUnderstoodOrRefusedWithASentence, ()) {
    const auto& program = ringmaster_program();
    const auto index = *rc::gen::inRange<std::size_t>(0, program.commands.size());
    const auto word =
        rc::gen::oneOf(rc::gen::string<std::string>(),
                       rc::gen::map(rc::gen::string<std::string>(), [](auto s) { return "--" + s; }),
                       rc::gen::element<std::string>("--json", "--sha", "12", "--", "-", "--help", "--set",
                                                     "a=b", "-vv", "-f"));
    const auto words = *rc::gen::container<std::vector<std::string>>(word);
    const auto result = parse_arguments(program, program.commands[index], words);
    if (!result) RC_ASSERT(!result.error().message().empty());
}

}  // namespace
}  // namespace ringmaster::cli
