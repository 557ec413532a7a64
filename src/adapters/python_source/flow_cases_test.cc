// The contract's flow cases: what Prefect and Airflow themselves made of these files (tests/data/flow_cases).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/python_source/python_flow_finder.h"

namespace ringmaster::python_source {
namespace {

using nlohmann::json;

const std::string kCases = RINGMASTER_SOURCE_DIR "/tests/data/flow_cases";

json contract() {
    std::ifstream file(kCases + "/expected.json");
    return json::parse(file);
}

std::vector<Flow> found_in(const std::string& file) {
    NoProgress progress;
    const auto found = PythonFlowFinder({}).find({.root = kCases, .files = {file}}, progress);
    EXPECT_TRUE(found.has_value());
    return found ? found->flows : std::vector<Flow>();
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : "";
}

void expect_static(const json& expected, const std::vector<Flow>& flows) {
    const auto flow = std::ranges::find_if(flows, [&](const Flow& each) {
        return each.line_number == expected["line_number"] &&
               each.original_name == text_of(expected["original_name"]);
    });
    ASSERT_NE(flow, flows.end()) << expected;
    EXPECT_TRUE(flow->is_static) << expected;
    EXPECT_EQ(flow->name_expression, "");
    EXPECT_EQ(json(flow->name), expected["name"]);
    EXPECT_EQ(flow->description ? json(*flow->description) : json(), expected["description"]);
    EXPECT_EQ(flow->class_name, text_of(expected["class"]));
    const bool is_prefect = expected["kind"] == "prefect";
    EXPECT_EQ(flow->kind, is_prefect ? FlowKind::Prefect : FlowKind::Airflow);
    if (is_prefect)
        EXPECT_EQ(flow->entrypoint_object ? json(*flow->entrypoint_object) : json(),
                  expected["entrypoint_object"]);
    else
        EXPECT_EQ(flow->entrypoint_object, std::nullopt);
}

/// One item for the place, which says that only running tells.
void expect_dynamic(const json& expected, const std::vector<Flow>& flows) {
    EXPECT_EQ(1, std::ranges::count_if(flows,
                                       [&](const Flow& each) {
                                           return each.line_number == expected["line_number"] &&
                                                  !each.is_static;
                                       }))
        << expected;
}

TEST(FlowCases, EveryFlowOfTheContractIsFoundAsItsFrameworkHasIt) {
    int count = 0;
    const json all = contract();
    for (const auto& [file, wanted] : all["cases"].items()) {
        SCOPED_TRACE(file);
        const auto flows = found_in(file);
        std::map<int, bool> lines;
        for (const auto& expected : wanted["flows"]) {
            ++count;
            lines[expected["line_number"].get<int>()] = true;
            if (expected["static"].get<bool>())
                expect_static(expected, flows);
            else
                expect_dynamic(expected, flows);
        }
        for (const auto& flow : flows)
            EXPECT_TRUE(lines.contains(flow.line_number)) << flow.original_name << " is no flow";
    }
    EXPECT_EQ(count, 109);
}

TEST(FlowCases, WhatOnlyLooksLikeAFlowIsNone) {
    const json all = contract();
    for (const auto& [file, wanted] : all["cases"].items()) {
        SCOPED_TRACE(file);
        const auto flows = found_in(file);
        for (const std::string name : wanted.value("not_flows", json::array()))
            EXPECT_TRUE(std::ranges::none_of(flows, [&](const Flow& flow) {
                return flow.original_name == name || flow.object_name == name;
            })) << name;
    }
}

TEST(FlowCases, AnIdIsNeverThatOfAnotherFlow) {
    NoProgress progress;
    const auto found = PythonFlowFinder({}).find({.root = kCases, .files = {}}, progress);
    ASSERT_TRUE(found.has_value());
    std::map<std::string, int> times;
    for (const auto& flow : found->flows) EXPECT_EQ(++times[flow.id], 1) << flow.id;
    EXPECT_EQ(found->problems, std::vector<FlowSearchProblem>());
}

}  // namespace
}  // namespace ringmaster::python_source
