#include "adapters/python_source/python_flow_finder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "adapters/python_source/source_folder_fixture.h"
#include "testing/recording_progress.h"

namespace ringmaster::python_source {
namespace {

using Names = std::vector<std::string>;

std::string flow_called(std::string_view name) {
    return "from prefect import flow\n\n@flow\ndef " + std::string(name) + "():\n    pass\n";
}

TEST(PythonFlowFinder, AFlowSaysWhereItIs) {
    const SourceFolder folder;
    folder.write("etl/daily.py", flow_called("load_all"));
    folder.write("etl/__init__.py", flow_called("here"));
    const auto flows = folder.find().flows;
    ASSERT_EQ(flows.size(), 2U);
    EXPECT_EQ(flows[0].import_path, "acme_demo.etl");
    EXPECT_EQ(flows[1].id, "prefect:etl/daily.py#load_all");
    EXPECT_EQ(flows[1].source_path, folder.root() + "/etl/daily.py");
    EXPECT_EQ(flows[1].source_relative, "etl/daily.py");
    EXPECT_EQ(flows[1].grouping, Names{"etl"});
    EXPECT_EQ(flows[1].module, "daily");
    EXPECT_EQ(flows[1].import_path, "acme_demo.etl.daily");
    EXPECT_EQ(flows[1].line_number, 4);
}

TEST(PythonFlowFinder, FlowsOfOneNameInThreeThousandFilesAreAllThere) {
    const SourceFolder folder;
    for (int i = 0; i < 3000; ++i) folder.write(fmt::format("f{}/m{}.py", i % 30, i), flow_called("main"));
    const auto found = folder.find();
    EXPECT_EQ(found.files, 3000);
    std::set<std::string> ids;
    for (const auto& flow : found.flows) ids.insert(flow.id);
    EXPECT_EQ(ids.size(), 3000U);
}

TEST(PythonFlowFinder, ThreadsAndTheOrderInWhichFilesWereMadeDoNotMatter) {
    const SourceFolder one;
    const SourceFolder other;
    const auto text = [](int i) {
        return fmt::format("from .m{} import NAME\n{}@flow(name=NAME)\ndef f{}(): pass\nNAME = 'n{}'\n",
                           (i + 1) % 200, flow_called("a"), i, i);
    };
    for (int i = 0; i < 200; ++i) one.write(fmt::format("m{}.py", i), text(i));
    for (int i = 199; i >= 0; --i) other.write(fmt::format("m{}.py", i), text(i));
    const auto expected = one.names({.threads = 1});
    EXPECT_EQ(expected.size(), 400U);
    EXPECT_EQ(other.names({.threads = 4}), expected);
}

TEST(PythonFlowFinder, ConstantsOfOtherModulesAreFollowed) {
    const SourceFolder folder;
    folder.write("config.py", "TEAM = 'ops'\nclass Names:\n    DAILY = 'daily'\nTWICE = 'a'\nTWICE = 'b'\n");
    folder.write("etl/__init__.py", "from .names import NIGHTLY\n");
    folder.write("etl/names.py", "NIGHTLY = 'nightly'\n");
    folder.write("etl/common.py",
                 "from prefect import flow as base\nflow_with_retries = base(retries=3)\nflow = base\n");
    const std::string head = "from prefect import flow\n";
    const std::string use = "\n@flow(name=N)\ndef f(): pass\n";
    folder.write("a1.py", head + "from acme_demo.config import TEAM as N" + use);
    folder.write("a2.py", head + "from config import TEAM as N" + use);
    folder.write("a3.py", head + "from .config import TEAM\nN = f'{TEAM}-x'" + use);
    folder.write("a4.py", head + "import acme_demo.config as c\nN = c.Names.DAILY" + use);
    folder.write("a5.py", head + "from . import config\nN = config.TEAM" + use);
    folder.write("a6.py", head + "from etl import NIGHTLY as N" + use);
    folder.write("a7.py", head + "from config import TWICE as N" + use);
    folder.write("a8.py", head + "from .. import N" + use);
    folder.write("a9.py", head + "from config import *\nN = TEAM" + use);
    folder.write("etl/b1.py", "from .common import flow" + std::string("\nN = 'n'") + use);
    folder.write("etl/b2.py", head + "from ..config import TEAM as N" + use);
    folder.write("etl/b3.py", "from .common import flow_with_retries\n@flow_with_retries\ndef g(): pass\n");
    folder.write("etl/b4.py", "from ..a1 import f\nx = f.with_options(name='y')\n");
    EXPECT_EQ(folder.names(), (Names{"a1.py:ops", "a2.py:ops", "a3.py:ops-x", "a4.py:daily", "a5.py:ops",
                                     "a6.py:nightly", "a7.py:f?", "a8.py:f?", "a9.py:ops", "etl/b1.py:n",
                                     "etl/b2.py:ops", "etl/b3.py:g", "etl/b4.py:y"}));
}

TEST(PythonFlowFinder, ANameThatTwoModulesMayMeanIsUncertain) {
    const SourceFolder folder;
    folder.write("config.py", "N = 'a'\n");
    folder.write("etl/config.py", "N = 'b'\n");
    folder.write("etl/x.py",
                 "from prefect import flow\nfrom config import N\n@flow(name=N)\ndef f(): pass\n");
    EXPECT_EQ(folder.names(), Names{"etl/x.py:f?"});
}

TEST(PythonFlowFinder, ModulesThatImportOneAnotherEndSomewhere) {
    const SourceFolder folder;
    folder.write("a.py", "from b import N\nfrom prefect import flow\n@flow(name=N)\ndef f(): pass\n");
    folder.write("b.py", "from a import N\n");
    EXPECT_EQ(folder.names(), Names{"a.py:f?"});
}

TEST(PythonFlowFinder, WhatProjectsAndToolsLeaveOutIsLeftOut) {
    const SourceFolder folder;
    for (const auto* path : {"kept.py", ".venv/lib/x.py", "env311/x.py", "node_modules/x.py", "build/x.py",
                             "gen/x.py", "gen/kept.py", "made_by_hand.py", "skipped.py", "deep/gen2/x.py"})
        folder.write(path, flow_called("f"));
    folder.write("env311/pyvenv.cfg", "home = /usr/bin\n");
    folder.write(".gitignore", "gen/*\n!gen/kept.py\nmade_*\n");
    folder.write("deep/.gitignore", "/gen2\n");
    EXPECT_EQ(folder.names({.excludes = {"skip*.py"}}), (Names{"gen/kept.py:f", "kept.py:f"}));
    EXPECT_EQ(folder.find({}, {"build/x.py"}).flows.size(), 1U) << "what is asked for by name is looked at";
}

TEST(PythonFlowFinder, AProjectCanTakeBackWhatIsLeftOutByDefault) {
    const SourceFolder folder;
    folder.write("build/x.py", flow_called("f"));
    folder.write(".gitignore", "!build/\n");
    EXPECT_EQ(folder.names(), Names{"build/x.py:f"});
}

TEST(PythonFlowFinder, RulesOfTheRepositoryAroundTheFolderCount) {
    const SourceFolder folder;
    folder.write("a.py", flow_called("f"));
    folder.write("b.py", flow_called("f"));
    std::filesystem::create_directories(folder.beside(".git/info"));
    folder.write("../.gitignore", "/acme_demo/a.py\n");
    EXPECT_EQ(folder.names(), Names{"b.py:f"});
    folder.write("../.git/info/exclude", "b.py\n");
    EXPECT_EQ(folder.names(), Names{});
}

TEST(PythonFlowFinder, LinksMakeNoCircles) {
    const SourceFolder folder;
    folder.write("a/x.py", flow_called("f"));
    std::filesystem::create_directory_symlink("..", folder.root() + "/a/up");
    std::filesystem::create_symlink("x.py", folder.root() + "/a/y.py");
    std::filesystem::create_symlink("nowhere.py", folder.root() + "/a/z.py");
    const auto found = folder.find();
    EXPECT_EQ(found.flows.size(), 2U);
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_EQ(found.problems[0].source_relative, "a/z.py");
}

TEST(PythonFlowFinder, AFileThatIsNoneIsNotWaitedFor) {
    const SourceFolder folder;
    ASSERT_EQ(::mkfifo((folder.root() + "/pipe.py").c_str(), 0600), 0);
    EXPECT_EQ(folder.find().files, 0);
}

TEST(PythonFlowFinder, WhatCannotBeReadIsAProblemAndTheRestIsFound) {
    const SourceFolder folder;
    folder.write("a.py", flow_called("f"));
    folder.write("broken.py", flow_called("g") + "x = = 1\n");
    folder.write("large.py", std::string(5 << 20, '#'));
    folder.write("odd.py", "# coding: latin-1\n" + flow_called("h") + "'\xE9'\n");
    folder.write("wrong.py", flow_called("i") + "'\xE9'\n");
    folder.write("\xFF.py", flow_called("j"));
    const auto found = folder.find();
    std::map<std::string, int> problems;
    for (const auto& problem : found.problems) problems[problem.source_relative] = problem.line_number;
    EXPECT_EQ(found.flows.size(), 4U);
    EXPECT_EQ(problems.size(), 4U);
    EXPECT_EQ(problems.at("broken.py"), 6);
    EXPECT_TRUE(problems.contains("large.py"));
    EXPECT_TRUE(problems.contains("wrong.py"));
}

TEST(PythonFlowFinder, NamedFilesThatAreNotThereAreProblems) {
    const SourceFolder folder;
    folder.write("a.py", flow_called("f"));
    folder.write("../outside.py", flow_called("g"));
    const auto found = folder.find({}, {"a.py", "a.py", "b.py", "../outside.py", "a"});
    EXPECT_EQ(found.flows.size(), 1U);
    EXPECT_EQ(found.files, 1);
    EXPECT_EQ(found.problems.size(), 3U);
}

TEST(PythonFlowFinder, AMissingRootIsAnError) {
    const SourceFolder folder;
    folder.write("a.py", "");
    NoProgress progress;
    const auto missing = PythonFlowFinder({}).find({.root = folder.root() + "/none", .files = {}}, progress);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::NotFound);
    const auto file = PythonFlowFinder({}).find({.root = folder.root() + "/a.py", .files = {}}, progress);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().kind(), ErrorKind::InvalidInput);
}

class StopAtOnce final : public Progress {
 public:
    void line(std::string_view) override {}
    Result<void> pulse() override { return Fail(Error(ErrorKind::Interrupted, "told to stop")); }
};

TEST(PythonFlowFinder, ItStopsWhenTold) {
    const SourceFolder folder;
    folder.write("a.py", flow_called("f"));
    StopAtOnce progress;
    const auto found = PythonFlowFinder({}).find({.root = folder.root(), .files = {}}, progress);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::Interrupted);
}

TEST(PythonFlowFinder, ARootWithASlashAtItsEndIsTheSameRoot) {
    const SourceFolder folder;
    folder.write("a.py", flow_called("f"));
    NoProgress progress;
    const auto found = PythonFlowFinder({}).find({.root = folder.root() + "/", .files = {}}, progress);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->flows.at(0).import_path, "acme_demo.a");
}

}  // namespace
}  // namespace ringmaster::python_source
