#pragma once
// What every Orchestrator does, as ports/orchestrator.h promises it; flow_runs_contract.h is about the runs.
// A suite's parameter is a harness, a type with a default constructor and
//
//     Orchestrator& orchestrator();
//     DeploymentSpec full(const std::string& name);    one that has everything that the orchestrator can
//     hold,
//                                                      under that name or one that ends so and is nobody
//                                                      else's
//     std::vector<std::string> fill(std::size_t count);    so many deployments more, by whatever way; names
//
// Everything still there is the harness's destructor's to remove. Others may have deployments there as well.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ports/orchestrator.h"
#include "testing/recording_progress.h"

namespace ringmaster::testing {

/// One thing that may be different in a deployment. What only some orchestrators hold is left as it is by
/// those edits when it is not there (an image, say).
struct SpecEdit {
    std::string name;
    std::function<void(DeploymentSpec&)> edit;
};

inline std::vector<SpecEdit> schedule_edits() {
    using namespace std::chrono_literals;
    return {
        {"no schedule", [](auto& spec) { spec.schedules.clear(); }},
        {"a cron", [](auto& spec) { spec.schedules = {{.cron = "0 12 * * 1-5"}}; }},
        {"a cron elsewhere",
         [](auto& spec) { spec.schedules = {{.cron = "0 12 * * 1-5", .timezone = "Europe/Warsaw"}}; }},
        {"a cron that is off",
         [](auto& spec) { spec.schedules = {{.cron = "0 12 * * 1-5", .is_active = false}}; }},
        {"an interval", [](auto& spec) { spec.schedules = {{.interval = Duration(15min)}}; }},
        {"an interval elsewhere",
         [](auto& spec) { spec.schedules = {{.interval = Duration(36h), .timezone = "America/New_York"}}; }},
        {"a rule", [](auto& spec) { spec.schedules = {{.rrule = "FREQ=DAILY;INTERVAL=2"}}; }},
        {"three schedules",
         [](auto& spec) {
             spec.schedules = {{.cron = "5 4 * * *", .timezone = "Asia/Tokyo"},
                               {.interval = Duration(1h), .is_active = false},
                               {.rrule = "FREQ=WEEKLY;BYDAY=MO", .timezone = "Europe/Warsaw"}};
         }},
    };
}

inline std::vector<SpecEdit> spec_edits() {
    std::vector<SpecEdit> edits = {
        {"paused", [](auto& spec) { spec.is_paused = true; }},
        {"not paused", [](auto& spec) { spec.is_paused = false; }},
        {"another version", [](auto& spec) { spec.version = "main-def5678"; }},
        {"no version", [](auto& spec) { spec.version.clear(); }},
        {"another description",
         [](auto& spec) { spec.description = "Says \"hi\" & more,\nin żółw's words."; }},
        {"no description", [](auto& spec) { spec.description.clear(); }},
        {"other tags", [](auto& spec) { spec.tags = {"b", "a", "COMMIT_HASH=def5678"}; }},
        {"no tags", [](auto& spec) { spec.tags.clear(); }},
        {"another limit", [](auto& spec) { spec.concurrency_limit = 7; }},
        {"no limit", [](auto& spec) { spec.concurrency_limit.reset(); }},
        {"other parameters", [](auto& spec) { spec.parameters = {{"n", "8"}, {"m", R"({"a":[1,"x"]})"}}; }},
        {"no parameters", [](auto& spec) { spec.parameters.clear(); }},
        {"other variables",
         [](auto& spec) { spec.environment = {{"A", ""}, {"B", " #x 'y' \"z\"\n$HOME żółw"}}; }},
        {"no variables", [](auto& spec) { spec.environment.clear(); }},
        {"another entrypoint", [](auto& spec) { spec.entrypoint = "flows/bye.py:Loader.run"; }},
        {"a path", [](auto& spec) { spec.path = "/opt/flows"; }},
        {"no path", [](auto& spec) { spec.path.clear(); }},
    };
    std::ranges::move(schedule_edits(), std::back_inserter(edits));
    return edits;
}

template <typename Harness>
class OrchestratorContract : public ::testing::Test {
 protected:
    Orchestrator& orchestrator() { return harness_.orchestrator(); }
    DeploymentSpec full(const std::string& name = "acme--main--hello--dev") { return harness_.full(name); }
    /// As little as a deployment can be.
    DeploymentSpec bare(const std::string& name = "acme--main--hello--dev") {
        const auto all = full(name);
        return {.flow_record = all.flow_record,
                .name = all.name,
                .entrypoint = all.entrypoint,
                .work_pool = all.work_pool};
    }
    /// A failure ends the case.
    template <typename T>
    static T must(Result<T> result) {
        if (!result) throw std::runtime_error(result.error().describe());
        return std::move(*result);
    }
    std::string apply(const DeploymentSpec& spec, const Deployment* existing = nullptr) {
        return must(orchestrator().apply(spec, existing, progress_));
    }
    std::vector<Deployment> find(const std::vector<std::string>& names) {
        return must(orchestrator().find(names, progress_));
    }
    Deployment only(const std::string& name) {
        auto found = find({name});
        if (found.size() != 1) throw std::runtime_error(fmt::format("{} of {}", found.size(), name));
        return std::move(found.front());
    }
    ErrorKind refusal(const DeploymentSpec& spec, const Deployment* existing = nullptr) {
        const auto applied = orchestrator().apply(spec, existing, progress_);
        EXPECT_FALSE(applied) << spec.name << " was accepted";
        return applied ? ErrorKind::Corrupt : applied.error().kind();
    }
    static std::vector<std::string> names_of(const std::vector<Deployment>& deployments) {
        std::vector<std::string> names;
        for (const auto& deployment : deployments) names.push_back(deployment.spec.name);
        return names;
    }

    Harness harness_;
    RecordingProgress progress_;
};
TYPED_TEST_SUITE_P(OrchestratorContract);

TYPED_TEST_P(OrchestratorContract, NothingIsThereBeforeItIsApplied) {
    const auto name = this->bare().name;
    EXPECT_THAT(this->find({name}), ::testing::IsEmpty());
    const auto listed = this->must(this->orchestrator().list(this->progress_));
    EXPECT_THAT(this->names_of(listed), ::testing::Not(::testing::Contains(name)));
}

TYPED_TEST_P(OrchestratorContract, WhatIsAppliedIsRead) {
    for (const auto& spec : {this->full("full"), this->bare("bare")}) {
        const auto id = this->apply(spec);
        const auto found = this->only(spec.name);
        EXPECT_EQ(found.spec, spec);
        EXPECT_EQ(found.id, id);
        EXPECT_NE(found.flow_id, "");
        EXPECT_TRUE(found.created_at && found.updated_at) << found.created_text;
        const auto listed = this->must(this->orchestrator().list(this->progress_));
        const auto same = std::ranges::find(listed, id, &Deployment::id);
        ASSERT_NE(same, listed.end());
        EXPECT_EQ(same->spec, spec);
    }
}

TYPED_TEST_P(OrchestratorContract, ApplyingTwiceIsApplyingOnce) {
    const auto spec = this->full();
    const auto id = this->apply(spec);
    EXPECT_EQ(this->apply(spec), id);
    auto found = this->only(spec.name);
    EXPECT_EQ(this->apply(spec, &found), id);
    found = this->only(spec.name);
    EXPECT_EQ(found.id, id);
    EXPECT_EQ(found.spec, spec);
}

TYPED_TEST_P(OrchestratorContract, EveryChangeLeavesExactlyWhatItSays) {
    auto wanted = this->full();
    this->apply(wanted);
    for (const auto& [name, edit] : spec_edits()) {
        SCOPED_TRACE(name);
        edit(wanted);
        const auto before = this->only(wanted.name);
        EXPECT_EQ(this->apply(wanted, &before), before.id);
        EXPECT_EQ(this->only(wanted.name).spec, wanted);
    }
}

TYPED_TEST_P(OrchestratorContract, AFullOneBecomesABareOneAndAFullOneAgain) {
    const auto full = this->full();
    const auto bare = this->bare();
    const auto id = this->apply(full);
    for (const auto* wanted : {&bare, &full}) {
        const auto before = this->only(full.name);
        EXPECT_EQ(this->apply(*wanted, &before), id);
        EXPECT_EQ(this->only(full.name).spec, *wanted);
    }
    // A second look by somebody who does not know that it is there.
    EXPECT_EQ(this->apply(bare), id);
    EXPECT_EQ(this->only(full.name).spec, bare);
}

TYPED_TEST_P(OrchestratorContract, TheListIsCompleteAndByName) {
    const auto names = this->harness_.fill(205);
    const auto listed = this->names_of(this->must(this->orchestrator().list(this->progress_)));
    EXPECT_THAT(listed, ::testing::IsSupersetOf(names));
    EXPECT_TRUE(std::ranges::is_sorted(listed));
    EXPECT_EQ(this->find(names).size(), names.size());
}

TYPED_TEST_P(OrchestratorContract, FindGivesThoseOfTheseNamesOnly) {
    const auto one = this->bare("one"), two = this->bare("two");
    this->apply(one);
    this->apply(two);
    EXPECT_THAT(this->find({}), ::testing::IsEmpty());
    EXPECT_THAT(this->find({two.name.substr(0, two.name.size() - 1)}), ::testing::IsEmpty());
    EXPECT_THAT(this->names_of(this->find({two.name, "never-there"})), ::testing::ElementsAre(two.name));
    std::vector<std::string> many(450, "never-there");
    for (std::size_t i = 0; i < many.size(); ++i) many[i] += std::to_string(i);
    many.front() = two.name;
    many.back() = one.name;
    EXPECT_THAT(this->names_of(this->find(many)), ::testing::ElementsAre(one.name, two.name));
}

TYPED_TEST_P(OrchestratorContract, OneNameUnderTwoFlowsIsTwoDeployments) {
    const auto one = this->bare();
    auto two = one;
    two.flow_record += "-too";
    EXPECT_NE(this->apply(one), this->apply(two));
    const auto found = this->find({one.name});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_NE(found[0].flow_id, found[1].flow_id);
    EXPECT_THAT((std::vector{found[0].spec.flow_record, found[1].spec.flow_record}),
                ::testing::UnorderedElementsAre(one.flow_record, two.flow_record));
}

TYPED_TEST_P(OrchestratorContract, RemovingLeavesNothingAndMayBeRepeated) {
    const auto one = this->bare("one"), two = this->bare("two");
    const auto id = this->apply(one);
    this->apply(two);
    for (int i = 0; i < 2; ++i) {
        const auto removed = this->orchestrator().remove(id, this->progress_);
        EXPECT_TRUE(removed) << removed.error().describe();
    }
    EXPECT_THAT(this->names_of(this->find({one.name, two.name})), ::testing::ElementsAre(two.name));
}

TYPED_TEST_P(OrchestratorContract, ChangingOneThatIsGoneIsNotFoundAndMakesNone) {
    auto spec = this->full();
    this->apply(spec);
    const auto before = this->only(spec.name);
    ASSERT_TRUE(this->orchestrator().remove(before.id, this->progress_));
    spec.description = "changed";
    EXPECT_EQ(this->refusal(spec, &before), ErrorKind::NotFound);
    EXPECT_THAT(this->find({spec.name}), ::testing::IsEmpty());
}

TYPED_TEST_P(OrchestratorContract, NeitherNameNorFlowOfOneCanBeChanged) {
    const auto spec = this->bare();
    this->apply(spec);
    const auto before = this->only(spec.name);
    auto renamed = spec, moved = spec;
    renamed.name += "-too";
    moved.flow_record += "-too";
    EXPECT_EQ(this->refusal(renamed, &before), ErrorKind::InvalidInput);
    EXPECT_EQ(this->refusal(moved, &before), ErrorKind::InvalidInput);
    EXPECT_EQ(this->only(spec.name).spec, spec);
    EXPECT_THAT(this->find({renamed.name}), ::testing::IsEmpty());
}

TYPED_TEST_P(OrchestratorContract, NamesThatServersCannotBearAreRefused) {
    for (const char* part : {"/", "%", "&", ">", "<"}) {
        auto named = this->bare(), recorded = this->bare();
        named.name += part;
        recorded.flow_record += part;
        EXPECT_EQ(this->refusal(named), ErrorKind::InvalidInput) << named.name;
        EXPECT_EQ(this->refusal(recorded), ErrorKind::InvalidInput) << recorded.flow_record;
    }
    auto nameless = this->bare();
    nameless.name.clear();
    EXPECT_EQ(this->refusal(nameless), ErrorKind::InvalidInput);
    EXPECT_THAT(this->find({this->bare().name}), ::testing::IsEmpty());
}

TYPED_TEST_P(OrchestratorContract, APoolIsFoundByItsName) {
    const auto spec = this->full();
    const auto pool = this->must(this->orchestrator().work_pool(spec.work_pool, this->progress_));
    ASSERT_TRUE(pool);
    EXPECT_EQ(pool->name, spec.work_pool);
    EXPECT_NE(pool->type, "");
    EXPECT_FALSE(pool->is_paused);
    EXPECT_FALSE(this->must(this->orchestrator().work_pool("no such pool", this->progress_)));
}

TYPED_TEST_P(OrchestratorContract, APoolThatIsNotThereIsNotFound) {
    auto spec = this->bare();
    spec.work_pool = "no such pool";
    EXPECT_EQ(this->refusal(spec), ErrorKind::NotFound);
    EXPECT_THAT(this->find({spec.name}), ::testing::IsEmpty());
}

TYPED_TEST_P(OrchestratorContract, StopsWhenThePulseSaysSo) {
    RecordingProgress stopped;
    stopped.stop_when([](const auto&) { return true; });
    const auto spec = this->bare();
    const auto listed = this->orchestrator().list(stopped);
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().kind(), ErrorKind::Interrupted);
    const auto applied = this->orchestrator().apply(spec, nullptr, stopped);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().kind(), ErrorKind::Interrupted);
}

REGISTER_TYPED_TEST_SUITE_P(OrchestratorContract, NothingIsThereBeforeItIsApplied, WhatIsAppliedIsRead,
                            ApplyingTwiceIsApplyingOnce, EveryChangeLeavesExactlyWhatItSays,
                            AFullOneBecomesABareOneAndAFullOneAgain, TheListIsCompleteAndByName,
                            FindGivesThoseOfTheseNamesOnly, OneNameUnderTwoFlowsIsTwoDeployments,
                            RemovingLeavesNothingAndMayBeRepeated,
                            ChangingOneThatIsGoneIsNotFoundAndMakesNone, NeitherNameNorFlowOfOneCanBeChanged,
                            NamesThatServersCannotBearAreRefused, APoolIsFoundByItsName,
                            APoolThatIsNotThereIsNotFound, StopsWhenThePulseSaysSo);

}  // namespace ringmaster::testing
