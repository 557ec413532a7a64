// The cache through the finder: it never changes an answer.
#include "adapters/python_source/answer_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/python_source/source_folder_fixture.h"
#include "testing/wait.h"

namespace ringmaster::python_source {
namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class AnswerCacheTest : public ::testing::Test {
 protected:
    AnswerCacheTest() {
        folder_.write("config.py", "NAME = 'one'\n");
        folder_.write("a.py",
                      "from config import NAME\nfrom prefect import flow\n@flow(name=NAME)\n"
                      "def f(x: int = 1, *, y=None):\n    'Docs.'\n");
        folder_.write("broken.py", "from prefect import flow\n@flow(name=get())\ndef g(): pass\nx = = 1\n");
        settle();
    }
    /// Files that changed just now are not kept: until what was written is older than that.
    void settle() const {
        const auto start = written("first");
        EXPECT_TRUE(
            testing::eventually([&] { return written("later") - start > std::chrono::milliseconds(50); }));
    }
    std::filesystem::file_time_type written(const std::string& name) const {
        folder_.write("../" + name, "");
        return std::filesystem::last_write_time(folder_.beside(name));
    }
    FoundFlows find() const { return folder_.find({.cache_file = path_}); }

    SourceFolder folder_;
    std::string path_ = folder_.beside("cache/flows");
};

TEST_F(AnswerCacheTest, WhatIsReadIsWhatWasWritten) {
    FileAnswer answer;
    answer.stamp = {.size = 1, .modified_ns = 2, .changed_ns = 3};
    answer.flows = folder_.find().flows;
    ASSERT_EQ(answer.flows.size(), 2U);
    answer.problems = {{.source_relative = "", .line_number = 4, .message = "five"}};
    answer.dependencies = {
        {.lookup = {.base = "etl", .dotted = "a.b", .found = "etl/a.py"}, .stamp = {.size = 6}}};
    AnswerCache::save(path_, "/root", {{"a.py", &answer}});
    const auto cache = AnswerCache::load(path_, "/root");
    const FileAnswer* read = cache.find("a.py", answer.stamp);
    ASSERT_NE(read, nullptr);
    ASSERT_EQ(read->flows.size(), 2U);
    EXPECT_EQ(read->flows[0].parameters, answer.flows[0].parameters);
    EXPECT_EQ(read->flows[0].description, "Docs.");
    EXPECT_EQ(read->flows[1].name_expression, "get()");
    EXPECT_FALSE(read->flows[1].is_static);
    EXPECT_EQ(read->problems, answer.problems);
    EXPECT_EQ(read->dependencies.at(0).lookup, answer.dependencies[0].lookup);
    EXPECT_EQ(read->dependencies.at(0).stamp, answer.dependencies[0].stamp);
    EXPECT_EQ(cache.find("a.py", {.size = 2}), nullptr);
    EXPECT_EQ(cache.find("b.py", answer.stamp), nullptr);
    EXPECT_EQ(AnswerCache::load(path_, "/other").size(), 0U);
}

TEST_F(AnswerCacheTest, ADamagedCacheIsNone) {
    FileAnswer answer;
    answer.stamp = {.size = 1, .modified_ns = 2, .changed_ns = 3};
    answer.flows = folder_.find().flows;
    AnswerCache::save(path_, "/root", {{"a.py", &answer}});
    const std::string good = contents(path_);
    ASSERT_EQ(AnswerCache::load(path_, "/root").size(), 1U);
    for (std::size_t at = 0; at < good.size(); at += 7) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] + 1);
        std::ofstream(path_, std::ios::binary) << bad;
        EXPECT_EQ(AnswerCache::load(path_, "/root").size(), 0U) << at;
        std::ofstream(path_, std::ios::binary) << good.substr(0, at);
        EXPECT_EQ(AnswerCache::load(path_, "/root").size(), 0U) << at;
    }
}

TEST_F(AnswerCacheTest, AnAnswerIsTheSameWithAndWithoutACache) {
    const auto without = folder_.find();
    EXPECT_EQ(find().flows, without.flows);
    EXPECT_EQ(AnswerCache::load(path_, folder_.root()).size(), 3U);
    const auto again = find();
    EXPECT_EQ(again.flows, without.flows);
    EXPECT_EQ(again.problems, without.problems);
}

/// Nobody looks at a file that did not change, so what its entry says is what is found.
TEST_F(AnswerCacheTest, WhatDidNotChangeIsNotReadAgain) {
    (void)find();
    const SourceFile file = source_file_at(folder_.root(), "a.py").value();
    FileAnswer answer;
    answer.stamp = file.stamp;
    AnswerCache::save(path_, folder_.root(), {{"a.py", &answer}});
    EXPECT_EQ(find().flows.size(), 1U);
}

TEST_F(AnswerCacheTest, AChangeOfWhatAFileImportsIsSeen) {
    EXPECT_EQ(find().flows.at(0).original_name, "one");
    folder_.write("config.py", "NAME = 'two'\n");
    settle();
    EXPECT_EQ(find().flows.at(0).original_name, "two");
    std::filesystem::remove(folder_.root() + "/config.py");
    EXPECT_FALSE(find().flows.at(0).is_static);
    folder_.write("acme_demo/__init__.py", "");
    folder_.write("config/__init__.py", "NAME = 'three'\n");
    EXPECT_EQ(find().flows.at(0).original_name, "three");
}

TEST_F(AnswerCacheTest, AFileThatMayChangeAgainWithinTheSameTickIsNotKept) {
    const auto path = folder_.root() + "/a.py";
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::hours(1));
    (void)find();
    EXPECT_EQ(AnswerCache::load(path_, folder_.root()).size(), 2U);
}

TEST_F(AnswerCacheTest, ACacheThatCannotBeWrittenIsNoError) {
    folder_.write("../cache", "a file where a folder should be");
    EXPECT_EQ(find().flows.size(), 2U);
}

}  // namespace
}  // namespace ringmaster::python_source
