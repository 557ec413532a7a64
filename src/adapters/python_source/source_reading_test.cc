#include "adapters/python_source/source_reading.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ringmaster::python_source {
namespace {

std::vector<Flow> flows_of(std::string_view text) {
    Parser parser;
    return read_source(parser, text, "", nullptr).flows;
}

/// "name@line", with "?" where only running tells.
std::vector<std::string> told(std::string_view text) {
    std::vector<std::string> result;
    for (const auto& flow : flows_of(text))
        result.push_back(
            fmt::format("{}@{}{}", flow.original_name, flow.line_number, flow.is_static ? "" : "?"));
    return result;
}

using Told = std::vector<std::string>;

TEST(FlowForms, AFlowThatIsShadowedBeforeItsUseIsNone) {
    EXPECT_EQ(told("from prefect import flow\n@flow\ndef a(): pass\nflow = print\n@flow\ndef b(): pass\n"),
              Told{"a@3"});
    EXPECT_EQ(told("from prefect import flow\nfrom luigi import flow\n@flow\ndef b(): pass\n"), Told{});
    EXPECT_EQ(told("@app.flow\ndef b(): pass\n@flow\ndef c(): pass\n"), Told{});
}

TEST(FlowForms, ImportsThroughStarsAndModulesAreFollowed) {
    EXPECT_EQ(told("from prefect import *\n@flow\ndef a(): pass\n"), Told{"a@3"});
    EXPECT_EQ(told("import prefect.flows as p\nf = p.flow\n@f(name='x')\ndef a(): pass\n"), Told{"x@4"});
    EXPECT_EQ(told("from airflow.sdk import *\nwith DAG('d'): pass\n"), Told{"d@2"});
    EXPECT_EQ(told("from airflow.decorators import *\n@dag()\ndef d(): pass\nd()\n"), Told{"d@3"});
}

TEST(FlowForms, WhatAConditionDecidesIsUncertain) {
    EXPECT_EQ(told("from prefect import flow\nif X:\n  @flow\n  def a(): pass\n"), Told{"a@4?"});
    EXPECT_EQ(told("from prefect import flow\ntry:\n  @flow\n  def a(): pass\nexcept E:\n  pass\nelse:\n  "
                   "@flow\n  def b(): pass\n"),
              (Told{"a@4?", "b@9?"}));
    EXPECT_EQ(told("from prefect import flow\nmatch X:\n  case 1:\n    @flow\n    def a(): pass\n"),
              Told{"a@5?"});
    EXPECT_EQ(told("from prefect import flow\nwhile X:\n  @flow\n  def a(): pass\n"), Told{"a@4?"});
    EXPECT_EQ(told("from prefect import flow\nx = flow(g) if Y else None\ndef g(): pass\n"), Told{"g@2?"});
}

TEST(FlowForms, ADefinitionThatAConditionMayReplaceIsUncertain) {
    EXPECT_EQ(told("from prefect import flow\n@flow\ndef a(): pass\nif X:\n  @flow\n  def a(): pass\n"),
              (Told{"a@3?", "a@6?"}));
    EXPECT_EQ(told("from prefect import flow\n@flow\ndef a(): pass\nif X:\n  a = 1\nelse:\n  a = 2\n"),
              Told{});
}

TEST(FlowForms, NoNumberOfAlternativesLosesAFlow) {
    std::string text = "from prefect import flow\n";
    for (int i = 0; i < 200; ++i) text += "if x:\n  @flow\n  def a(): pass\n";
    const auto flows = flows_of(text);
    EXPECT_EQ(flows.size(), 200U);
    EXPECT_TRUE(std::ranges::none_of(flows, &Flow::is_static));
}

TEST(FlowForms, AMakerThatAConditionChoseIsUncertain) {
    EXPECT_EQ(
        told("if X:\n  from prefect import flow\nelse:\n  def flow(f): return f\n@flow\ndef a(): pass\n"),
        Told{"a@6?"});
    EXPECT_EQ(
        told("try:\n  import prefect\nexcept ImportError:\n  prefect = None\n@prefect.flow\ndef a(): pass\n"),
        Told{"a@6"});
}

TEST(FlowForms, WhatIsNotRunOnImportIsNotThere) {
    EXPECT_EQ(told("from prefect import flow\nif '__main__' == __name__:\n  @flow\n  def a(): pass\n"),
              Told{});
    EXPECT_EQ(told("from prefect import flow\nif __name__ == '__main__':\n  pass\nelse:\n  @flow\n  def a(): "
                   "pass\n"),
              Told{"a@6"});
    EXPECT_EQ(told("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from prefect import "
                   "flow\n@flow\ndef a(): pass\n"),
              Told{});
    EXPECT_EQ(told("from prefect import flow\ndef f():\n  @flow\n  def a(): pass\n"), Told{});
}

TEST(FlowForms, WhatAFunctionMakesIsThereOnceItIsCalled) {
    EXPECT_EQ(
        told("from prefect import flow\ndef f():\n  @flow(name='n')\n  def a(): pass\n  return a\nx = f()\n"),
        Told{"n@4?"});
    EXPECT_EQ(told("from prefect import flow\ndef g():\n  return flow(h)\ndef h(): pass\ndef f(): return "
                   "g()\nx = f()\n"),
              Told{"h@3?"});
    EXPECT_EQ(
        told("from prefect import flow\ndef g(n):\n  @flow(name=n)\n  def a(): pass\nlist(map(g, 'ab'))\n"),
        Told{"a@4?"});
}

TEST(FlowForms, ConstantsFoldOnlyWhereTheyAreCertain) {
    const std::string head = "from prefect import flow\n";
    EXPECT_EQ(told(head + "N = 'x'\n@flow(name=N)\ndef a(): pass\n"), Told{"x@4"});
    EXPECT_EQ(told(head + "N = 'x'\n@flow(name=N)\ndef a(): pass\nN = 'y'\n"), Told{"a@4?"});
    EXPECT_EQ(told(head + "if X:\n  N = 'x'\n@flow(name=N)\ndef a(): pass\n"), Told{"a@5?"});
    EXPECT_EQ(told(head + "N = 'x'\nN += 'y'\n@flow(name=N)\ndef a(): pass\n"), Told{"a@5?"});
    EXPECT_EQ(told(head + "N = 'x'\ndef f():\n  global N\n  N = 'y'\n@flow(name=N)\ndef a(): pass\n"),
              Told{"a@7?"});
    EXPECT_EQ(told(head + "@flow(name=N)\ndef a(): pass\nN = 'x'\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(name='a'.upper())\ndef a(): pass\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(name='a%s' % 1)\ndef a(): pass\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(name=f'{1:03}')\ndef a(): pass\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(name=f'{X}')\ndef a(): pass\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(**OPTIONS)\ndef a(): pass\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "@flow(name='n', **OPTIONS)\ndef a(): pass\n"), Told{"n@3"});
}

TEST(FlowForms, AttributesOfPlainClassesFoldAndThoseOfEnumsDoNot) {
    const std::string use = "from prefect import flow\n@flow(name=N.A)\ndef a(): pass\n";
    EXPECT_EQ(told("class N:\n  A = 'x'\n" + use), Told{"x@5"});
    EXPECT_EQ(told("class M:\n  A = 'x'\nclass N(M):\n  pass\n" + use), Told{"x@7"});
    EXPECT_EQ(told("class N(Enum):\n  A = 'x'\n" + use), Told{"a@5?"});
    EXPECT_EQ(told("class N(metaclass=M):\n  A = 'x'\n" + use), Told{"a@5?"});
    EXPECT_EQ(told("@settings\nclass N:\n  A = 'x'\n" + use), Told{"a@6?"});
    EXPECT_EQ(told("class N:\n  A = 'x'\nN.A = 'y'\n" + use), Told{"a@6?"});
}

TEST(FlowForms, NamesThatAFunctionGetsElsewhereAreUncertain) {
    const std::string head = "from prefect import flow\n";
    EXPECT_EQ(told(head + "def w(f):\n  def inner(): pass\n  return inner\n@flow\n@w\ndef a(): pass\n"),
              Told{"a@7?"});
    EXPECT_EQ(told(head + "def w(n):\n  def d(f):\n    return f\n  return d\n@flow\n@w(1)\ndef a(): pass\n"),
              Told{"a@8"});
    EXPECT_EQ(told(head + "def a(): pass\na.name = 'z'\nx = flow(a)\n"), Told{"a@4?"});
    EXPECT_EQ(told(head + "@flow\ndef a(): pass\na.name = 'z'\n"), Told{"a@3?"});
    EXPECT_EQ(told(head + "from elsewhere import a\nx = flow(a)\ny = flow(a, name='n')\n"),
              (Told{"a@3?", "n@4"}));
}

TEST(FlowForms, OptionsAndPresetsMakeFlows) {
    const std::string head = "from prefect import flow\n";
    EXPECT_EQ(told(head + "mine = flow(retries=2)\n@mine\ndef a(): pass\n"), Told{"a@4"});
    EXPECT_EQ(told("from functools import partial\n" + head +
                   "mine = partial(flow, retries=2)\n@mine\ndef a(): pass\n@mine(name='n')\ndef b(): pass\n"
                   "def c(): pass\nx = mine(c)\n"),
              (Told{"a@5", "n@7", "c@9"}));
    EXPECT_EQ(told(head + "class A:\n  @flow\n  def r(self): pass\nx = A.r.with_options(name='n')\n"),
              (Told{"r@4", "n@5"}));
    EXPECT_EQ(told(head + "@flow\ndef a(): pass\nx = [a.with_options(name=n) for n in N]\n"),
              (Told{"a@3", "a@4?"}));
    EXPECT_EQ(told(head + "@flow\ndef a(): pass\na.with_options(name='n')()\n"), Told{"a@3"});
}

TEST(FlowForms, MistakesAreSaid) {
    const auto first = [](std::string_view text) {
        const auto flows = flows_of(text);
        return flows.empty() || flows[0].diagnostics.empty() ? std::string() : flows[0].diagnostics[0];
    };
    const std::string head =
        "from prefect import flow\nfrom airflow import DAG\nfrom airflow.decorators import dag\n";
    EXPECT_NE(first(head + "@flow(name='a/b')\ndef f(): pass\n").find("refuses the name \"a/b\""),
              std::string::npos);
    EXPECT_NE(first(head + "@flow('x')\ndef f(): pass\n").find("write name='x'"), std::string::npos);
    EXPECT_NE(first(head + "@flow(name=3)\ndef f(): pass\n").find("has to be text"), std::string::npos);
    EXPECT_NE(first(head + "d = DAG('a b')\n").find("refuses the whole file"), std::string::npos);
    EXPECT_NE(first(head + "d = DAG()\n").find("needs an id"), std::string::npos);
    EXPECT_NE(first(head + "@dag\ndef f(): pass\nf()\n").find("Airflow 3"), std::string::npos);
    EXPECT_NE(first(head + "@flow(name='a-b')\ndef f(): pass\n@flow\ndef a_b(): pass\n")
                  .find("2 flows of this file"),
              std::string::npos);
}

TEST(FlowForms, ParametersAreTakenAsTheSourceHasThem) {
    const auto flows = flows_of(
        "from prefect import flow\nclass A:\n  @flow\n"
        "  def f(self, a, /, b: 'int' = 1, *args, c: list[str] = None, d=[1], e='x', g=-1.5, **kw): pass\n");
    ASSERT_EQ(flows.size(), 1U);
    const std::vector<FlowParameter> expected = {
        {.name = "a", .annotation = "", .default_value = {}, .default_json = {}},
        {.name = "b", .annotation = "'int'", .default_value = "1", .default_json = "1"},
        {.name = "c",
         .annotation = "list[str]",
         .default_value = "None",
         .default_json = "null",
         .is_keyword_only = true},
        {.name = "d", .annotation = "", .default_value = "[1]", .default_json = {}, .is_keyword_only = true},
        {.name = "e",
         .annotation = "",
         .default_value = "'x'",
         .default_json = "\"x\"",
         .is_keyword_only = true},
        {.name = "g",
         .annotation = "",
         .default_value = "-1.5",
         .default_json = "-1.5",
         .is_keyword_only = true},
    };
    EXPECT_EQ(flows[0].parameters, expected);
    EXPECT_EQ(flows[0].object_kind, "method");
    EXPECT_EQ(flows[0].class_name, "A");
}

TEST(FlowForms, AStaticMethodKeepsItsFirstParameter) {
    const auto flows =
        flows_of("from prefect import flow\nclass A:\n  @flow\n  @staticmethod\n  def f(a): pass\n");
    ASSERT_EQ(flows.size(), 1U);
    ASSERT_EQ(flows[0].parameters.size(), 1U);
    EXPECT_EQ(flows[0].parameters[0].name, "a");
}

TEST(FlowForms, AnUncertainNameComesWithItsExpression) {
    const auto flows = flows_of("from prefect import flow\n@flow(name=  get('x') )\ndef f(): pass\n");
    ASSERT_EQ(flows.size(), 1U);
    EXPECT_EQ(flows[0].name_expression, "get('x')");
    EXPECT_EQ(flows[0].entrypoint_object, "f");
}

TEST(FlowForms, AMistakeInAFileHidesNoOtherFlow) {
    Parser parser;
    const auto answer = read_source(
        parser, "from prefect import flow\n@flow\ndef a():\n  return 1 +\n\nx = (\n\n@flow\ndef b(): pass\n",
        "", nullptr);
    ASSERT_EQ(answer.flows.size(), 2U);
    EXPECT_TRUE(answer.flows[0].is_static);
    EXPECT_EQ(answer.flows[1].original_name, "b");
    ASSERT_EQ(answer.problems.size(), 1U);
    EXPECT_EQ(answer.problems[0].line_number, 4);
}

TEST(FlowForms, IdsStayWhenLinesMove) {
    const std::string text = "from prefect import flow\n@flow\ndef a(): pass\nb = a.with_options(name='x')\n";
    const auto before = flows_of(text);
    const auto after = flows_of("\n\n# words\n" + text);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].id, after[i].id);
}

TEST(FlowForms, NothingIsTooDeepOrTooMany) {
    const std::string deep(200'000, '(');
    EXPECT_EQ(told("from prefect import flow\nx = " + deep), Told{});
    std::string sum = "from prefect import flow\n@flow\ndef a(): pass\nx = 'a'";
    for (int i = 0; i < 20'000; ++i) sum += " + 'a'";
    EXPECT_EQ(told(sum + "\n"), Told{"a@3"});
    std::string doubling = "from prefect import flow\nx = [1]\n";
    for (int i = 0; i < 60; ++i) doubling += "x = [x, x]\n";
    EXPECT_EQ(told(doubling + "@flow\ndef a(): pass\n"), Told{"a@64"});
    std::string chain = "from prefect import flow\n";
    for (int i = 0; i < 20'000; ++i) chain += "class A:\n before = A\n";
    EXPECT_EQ(told(chain + "@flow\ndef a(): pass\n"), Told{"a@40003"});
}

RC_GTEST_PROP(FlowForms, NoTextFails, (const std::vector<int>& picks)) {
    static const std::vector<std::string> kPieces = {"from prefect import flow\n",
                                                     "@flow\n",
                                                     "@flow(name=",
                                                     "def a(",
                                                     "):\n",
                                                     "    ",
                                                     "pass\n",
                                                     "class B:\n",
                                                     "\"\"\"",
                                                     "f'{",
                                                     "}'",
                                                     "x = ",
                                                     "flow(",
                                                     ")",
                                                     "[",
                                                     "]",
                                                     "{",
                                                     "}",
                                                     "**",
                                                     "DAG(",
                                                     "with ",
                                                     " as d:\n",
                                                     "if x:\n",
                                                     "else:\n",
                                                     "try:\n",
                                                     "except:\n",
                                                     "for i in x:\n",
                                                     "lambda: ",
                                                     "\\",
                                                     "\xff",
                                                     "\r",
                                                     "N",
                                                     "'s'",
                                                     " + ",
                                                     ".with_options(",
                                                     ",",
                                                     "from airflow import DAG, dag\n",
                                                     "del ",
                                                     "global N\n",
                                                     "return ",
                                                     "match x:\n",
                                                     "case 1:\n",
                                                     "\t",
                                                     "#"};
    std::string text;
    for (const int pick : picks)
        text += kPieces[static_cast<std::size_t>(std::abs(pick % 1000)) % kPieces.size()];
    Parser parser;
    const auto answer = read_source(parser, text, "a/b", nullptr);
    for (const auto& flow : answer.flows) {
        RC_ASSERT(flow.line_number > 0);
        RC_ASSERT(!flow.original_name.empty());
        RC_ASSERT(!flow.id.empty());
    }
}

}  // namespace
}  // namespace ringmaster::python_source
