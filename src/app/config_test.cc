#include "app/config.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "app/config_keys.h"

namespace ringmaster::app {
namespace {

cli::Environment environment(cli::Environment::Map variables) {
    return cli::Environment(std::move(variables));
}

std::string error_of(std::string_view text) {
    const auto layer = parse_config(text, "ringmaster.toml");
    return layer ? "" : layer.error().message();
}
std::string hint_of(std::string_view text) {
    const auto layer = parse_config(text, "ringmaster.toml");
    return layer ? "" : layer.error().hint();
}

TEST(Config, AnEmptyFileGivesTheDefaults) {
    const auto loaded = combine({*parse_config("", "f")}, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.policy, ShowPolicy{}) << "the table's defaults are those of ShowPolicy";
    EXPECT_EQ(loaded->config.lease, std::chrono::minutes(5));
    EXPECT_EQ(loaded->effective.size(), config_keys().size());
}

TEST(Config, EveryKindOfValueIsReadWithItsPlace) {
    const auto layer = parse_config(
        "[project]\nrepository = \"o/n\"\n[shows]\nlimit = 3\nttl = \"1w\"\n[shows.build]\ncommand = "
        "\"make\"\n"
        "[shows.run]\ncommand = [\"./serve\", \"--fast\"]\nenv = { A = \"1\" }\nhealth = [\"/up\"]\n",
        "dir/ringmaster.toml");
    ASSERT_TRUE(layer) << layer.error().describe();
    EXPECT_EQ(layer->at("shows.limit").origin, "dir/ringmaster.toml:4");
    EXPECT_EQ(layer->at("shows.limit").place, "dir/ringmaster.toml:4:9");
    const auto loaded = combine({*layer}, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.repository->text(), "o/n");
    EXPECT_EQ(loaded->config.policy.limit, 3);
    EXPECT_EQ(loaded->config.policy.default_ttl.text(), "1w");
    EXPECT_EQ(loaded->config.build.command, (TextList{"/bin/sh", "-c", "make"}));
    EXPECT_EQ(loaded->config.run.command, (TextList{"./serve", "--fast"}));
    EXPECT_EQ(loaded->config.run.environment, (TextMap{{"A", "1"}}));
    EXPECT_EQ(loaded->config.policy.health.paths, (TextList{"/up"}));
}

struct Mistake {
    const char* text;
    const char* message;
    const char* hint;
};
const Mistake kMistakes[] = {
    {"[shows]\ntll = \"1h\"", "ringmaster.toml:2:1: unknown key shows.tll", "did you mean shows.ttl?"},
    {"[show]\n", "ringmaster.toml:1:2: unknown section show", "did you mean shows?"},
    {"[shows]\nengine = \"process\"", "ringmaster.toml:2:1: unknown key shows.engine",
     "did you mean shows.run.engine?"},
    {"shows = 3", "ringmaster.toml:1:1: shows is a section, not a value", "write [shows] and its keys below"},
    {"[shows]\nlimit = \"3\"", "ringmaster.toml:2:9: shows.limit must be a whole number, but is text",
     "for instance: limit = 20"},
    {"[shows]\nlimit = 3.5", "ringmaster.toml:2:9: shows.limit must be a whole number, but is a fraction",
     "for instance: limit = 20"},
    {"[shows]\nttl = \"soon\"", "ringmaster.toml:2:7: shows.ttl: \"soon\" is not a lifetime",
     "write a number with h, d or w (48h, 2d, 1w), or close"},
    {"[shows]\nclaims = \"tags\"", "ringmaster.toml:2:10: shows.claims cannot be \"tags\"",
     "available: labels, refs, database"},
    {"[shows.run]\nengine = \"kubernetes\"",
     "ringmaster.toml:2:10: shows.run.engine = \"kubernetes\" is not available in this version",
     "available: process, docker, swarm, ecs, exec"},
    {"[shows.run]\nengine = \"proces\"", "ringmaster.toml:2:10: shows.run.engine cannot be \"proces\"",
     "did you mean \"process\"? available: process, docker, swarm, ecs, exec"},
    {"[shows.run]\nenv = { A = 1 }",
     "ringmaster.toml:2:7: shows.run.env must be a table of texts, such as { NAME = \"value\" }, but is a "
     "table "
     "whose A is not text",
     "for instance: env = {}"},
    {"[shows.run]\nprocesses = -1",
     "ringmaster.toml:2:13: shows.run.processes: must be from 0 to 4194304, but is -1", ""},
    {"[shows.run]\nseed = \"x\"\nseed_timeout = \"0s\"",
     "ringmaster.toml:3:16: shows.run.seed_timeout: must be longer than nothing", ""},
    {"[jobs]\norchestrator = \"prefect\"", "ringmaster.toml:1:2: unknown section jobs",
     "`ringmaster config` lists all keys"},
    {"[flows]\norchestrator = \"airflow\"",
     "ringmaster.toml:2:16: flows.orchestrator = \"airflow\" is not available in this version",
     "available: local, prefect"},
    {"[flows]\npaths = [\"../other\"]",
     "ringmaster.toml:2:9: flows.paths: \"../other\" must be below the top of the repository", ""},
    {"[flows.promote.prod]\napprovals = \"many\"",
     "ringmaster.toml:2:13: flows.promote.approvals: of prod must be a whole number from 0 to 100", ""},
    {"[flows.promote.prod]\nfrom = [\"dev\"]", "ringmaster.toml:2:8: from must be text or a number", ""},
    {"[flows.promote]\nprod = 3", "ringmaster.toml:2:1: unknown key flows.promote.prod",
     "did you mean flows.promote.from?"},
};

TEST(Config, ASectionByNameSaysTheSameAsTablesOfItsKeys) {
    const auto by_name = parse_config(
        "[flows.promote.prod]\nfrom = \"uat\"\napprovals = 2\n[flows.promote.tst]\n"
        "from = \"dev\"\n",
        "ringmaster.toml");
    const auto by_key = parse_config(
        "[flows.promote]\nfrom = { prod = \"uat\", tst = \"dev\" }\n"
        "approvals = { prod = \"2\" }\n",
        "ringmaster.toml");
    ASSERT_TRUE(by_name && by_key);
    for (const char* key : {"flows.promote.from", "flows.promote.approvals"})
        EXPECT_EQ(by_name->at(key).value, by_key->at(key).value) << key;
    const auto promote = combine({*by_name}, "")->config.flows.promote;
    EXPECT_EQ(promote.at("prod").from, "uat");
    EXPECT_EQ(promote.at("prod").approvals, 2);
    EXPECT_EQ(promote.at("tst").from, "dev");
}

TEST(Config, AMistakeIsToldWithItsPlaceAndTheNearestValidWord) {
    for (const auto& mistake : kMistakes) {
        EXPECT_EQ(error_of(mistake.text), mistake.message);
        EXPECT_EQ(hint_of(mistake.text), mistake.hint);
    }
}

TEST(Config, HooksAreCommandsOfShowsAndRefusedWhereNoneCanBeRun) {
    const std::string hooks =
        "seed = \"./seed $PORT\"\nseed_timeout = \"3m\"\nteardown = [\"./leave\", \"now\"]\n";
    const auto loaded = combine({*parse_config("[shows.run]\n" + hooks, "f")}, "");
    ASSERT_TRUE(loaded) << loaded.error().describe();
    const auto& policy = loaded->config.policy;
    EXPECT_EQ(policy.seed, (ShowCommand{{"/bin/sh", "-c", "./seed $PORT"}, std::chrono::minutes(3)}));
    EXPECT_EQ(policy.teardown, (ShowCommand{{"./leave", "now"}, std::chrono::minutes(1)}));
    const auto on_ecs = combine({*parse_config("[shows.build]\nengine = \"docker\"\n[shows.run]\nengine = "
                                               "\"ecs\"\n" +
                                                   hooks,
                                               "f")},
                                "");
    ASSERT_FALSE(on_ecs);
    EXPECT_EQ(on_ecs.error().message(),
              "f:5:8: shows.run.seed cannot be used on ECS, where no command can be run in a show");
}

TEST(Config, TextThatIsNotTomlIsToldWithItsPlace) {
    EXPECT_TRUE(error_of("[shows\n").starts_with("ringmaster.toml:1:7: not TOML: ")) << error_of("[shows\n");
    EXPECT_EQ(error_of("a = \"\xff\""), "ringmaster.toml:1:1: the file is not UTF-8 text");
}

TEST(Config, StrongerLayersWin) {
    const auto file = *parse_config("[shows]\nttl = \"1h\"\nlimit = 1\nlease = \"1m\"\n", "f");
    const auto variables = layer_from_environment(
        environment({{"RINGMASTER_SHOWS_TTL", "2h"}, {"RINGMASTER_SHOWS_LIMIT", "2"}}));
    const auto flags = layer_from_assignments({"shows.ttl=3h"});
    ASSERT_TRUE(variables && flags);
    const auto loaded = combine({*flags, *variables, file}, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.policy.default_ttl.text(), "3h");
    EXPECT_EQ(loaded->config.policy.limit, 2);
    EXPECT_EQ(loaded->config.lease, std::chrono::minutes(1));
    EXPECT_EQ(loaded->effective.at("shows.ttl").origin, "--set");
    EXPECT_EQ(loaded->effective.at("shows.limit").origin, "RINGMASTER_SHOWS_LIMIT");
    EXPECT_EQ(loaded->effective.at("shows.lease").origin, "f:4");
    EXPECT_EQ(loaded->effective.at("shows.claims").origin, "default");
}

TEST(Config, APresetFillsInWhatIsNotSet) {
    const auto file = *parse_config("[shows]\npreset = \"superset\"\ncredentials = \"\"\n", "f");
    const auto loaded = combine({file}, "");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->config.policy.comment_style, CommentStyle::Superset);
    EXPECT_EQ(loaded->config.policy.credentials_hint, "");
    EXPECT_EQ(loaded->config.policy.required_commit->text(), "47414e18d4c2980d0cc4718b3e704845f7dfd356");
    EXPECT_EQ(loaded->effective.at("shows.comment_style").origin, "preset superset");
}

TEST(Config, AMisspeltVariableOfASectionIsAnErrorAndOthersAreNotOurs) {
    const auto bad = layer_from_environment(environment({{"RINGMASTER_SHOWS_TLT", "1h"}}));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().hint(), "did you mean RINGMASTER_SHOWS_TTL?");
    EXPECT_TRUE(layer_from_environment(environment({{"RINGMASTER_NO_PROMPT", "1"}, {"HOME", "/x"}})));
}

TEST(Config, TheVariablesOfShowtimeAndActionsNameTheRepository) {
    const auto repository = [](cli::Environment::Map variables) {
        return std::get<std::string>(
            layer_from_github(environment(std::move(variables)))->at("project.repository").value);
    };
    EXPECT_EQ(repository({{"GITHUB_REPOSITORY", "a/b"}}), "a/b");
    EXPECT_EQ(repository({{"GITHUB_REPOSITORY", "a/b"}, {"GITHUB_ORG", "c"}}), "c/superset");
    EXPECT_EQ(repository({{"GITHUB_ORG", "c"}, {"GITHUB_REPO", "d"}}), "c/d");
}

TEST(Config, AnotherApiAddressBringsItsOwnPagesAndNotThoseOfActions) {
    const auto actions =
        *layer_from_github(environment({{"GITHUB_API_URL", "https://api.github.com"},
                                        {"GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"},
                                        {"GITHUB_SERVER_URL", "https://github.com"}}));
    const auto file = *parse_config("[forge]\napi_url = \"http://127.0.0.1:99/api/v3/\"\n", "f");
    const auto forge = combine({file, actions}, "")->config.forge;
    EXPECT_EQ(forge.api_url, "http://127.0.0.1:99/api/v3");
    EXPECT_EQ(forge.graphql_url, "");
    EXPECT_EQ(forge.web_url, "http://127.0.0.1:99");
    EXPECT_EQ(combine({actions}, "")->config.forge.graphql_url, "https://api.github.com/graphql");
}

TEST(Config, SettingsThatContradictEachOtherAreRefused) {
    const auto layer = *parse_config("[shows]\nlease = \"20s\"\nlease_settle = \"11s\"\n", "f");
    const auto loaded = combine({layer}, "");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().message(),
              "f:3:16: shows.lease_settle (11s) is longer than half of shows.lease (20s)");
}

TEST(Config, EveryKeyHasAHelpTextAnOwnVariableAndADefaultThatIsValid) {
    std::set<std::string> variables;
    for (const auto& spec : config_keys()) {
        EXPECT_TRUE(spec.help.ends_with(".")) << spec.key;
        EXPECT_TRUE(variables.insert(variable_of(spec.key)).second) << spec.key;
        Config config;
        const auto applied = check_and_apply(spec, spec.default_value, config);
        EXPECT_TRUE(applied) << (applied ? "" : applied.error().describe());
    }
}

TEST(Config, TheDocumentationIsMadeFromTheTable) {
    std::ifstream file(std::string(RINGMASTER_SOURCE_DIR) + "/docs/configuration.md");
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), config_docs()) << "run: ringmaster config --docs > docs/configuration.md";
}

TEST(Config, WhatInitWritesIsValidAndKeepsWhatWasFound) {
    const cli::ProjectFacts facts{.repository = "ada/garden", .start_command = "npm start"};
    const auto layer = parse_config(config_template(facts), "ringmaster.toml");
    ASSERT_TRUE(layer) << layer.error().describe();
    EXPECT_EQ(layer->size(), 2u);
    EXPECT_EQ(std::get<std::string>(layer->at("shows.run.command").value), "npm start");
    const cli::ProjectFacts image{.start_command = "npm start", .exposed_port = 3000, .runs_in_docker = true};
    const auto docker = parse_config(config_template(image), "ringmaster.toml");
    ASSERT_TRUE(docker) << docker.error().describe();
    EXPECT_EQ(docker->size(), 3u);
    EXPECT_EQ(std::get<std::string>(docker->at("shows.run.engine").value), "docker");
    EXPECT_EQ(std::get<std::int64_t>(docker->at("shows.run.port").value), 3000);
    // Its commented lines are valid too, once the sign before them is gone.
    const auto all = std::regex_replace(config_template({}), std::regex("(^|\n)# ([a-z_]+ = )"), "$1$2");
    const auto uncommented = parse_config(all, "ringmaster.toml");
    ASSERT_TRUE(uncommented) << uncommented.error().describe();
    EXPECT_GT(uncommented->size(), 10u);
}

TEST(Config, AKeyInAnotherAlphabetIsAnErrorWithAPlace) {
    for (const std::string text : {"ключ = 1", "a\u00A1 = 1", "a = 1 \u0499", "[\u2C60]", "\uFEF0 = 2"}) {
        const auto layer = parse_config(text, "f");
        ASSERT_FALSE(layer) << text;
        EXPECT_TRUE(layer.error().message().starts_with("f:1:")) << layer.error().message();
    }
}

RC_GTEST_PROP(ConfigProperty, AnyTextGivesSettingsOrAnErrorWithAPlace, (const std::string& text)) {
    const auto layer = parse_config(text, "f");
    if (!layer) RC_ASSERT(std::regex_search(layer.error().message(), std::regex("^f:[0-9]+:[0-9]+: ")));
}

RC_GTEST_PROP(ConfigProperty, AnyValueForAnyKeyGivesSettingsOrAnErrorWithAPlace, ()) {
    const auto& spec = *rc::gen::elementOf(std::vector<const KeySpec*>([] {
        std::vector<const KeySpec*> keys;
        for (const auto& key : config_keys()) keys.push_back(&key);
        return keys;
    }()));
    const auto value = *rc::gen::oneOf(
        rc::gen::map(rc::gen::string<std::string>(),
                     [](std::string text) { return to_toml(ConfigValue(text)); }),
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return std::to_string(n); }),
        rc::gen::element<std::string>("true", "[]", "[1]", "{}", "{a=1}", "1.5", "2024-01-01", "[[\"a\"]]",
                                      "nan"));
    const auto layer = parse_config(spec->key + " = " + value, "f");
    if (!layer) RC_ASSERT(std::regex_search(layer.error().message(), std::regex("^f:[0-9]+:[0-9]+: ")));
}

RC_GTEST_PROP(ConfigProperty, ATextThatIsPrintedAsTomlIsReadBack, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    const auto layer = parse_config("[shows]\ncredentials = " + to_toml(ConfigValue(text)), "f");
    RC_ASSERT(layer);
    RC_ASSERT(std::get<std::string>(layer->at("shows.credentials").value) == text);
}

}  // namespace
}  // namespace ringmaster::app
