#pragma once
// For tests: a folder of sources that lasts as long as the test, and what is found in it.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/python_source/python_flow_finder.h"
#include "testing/temporary_folder.h"

namespace ringmaster::python_source {

/// The root is named acme_demo, which is the package that import paths begin with.
class SourceFolder {
 public:
    SourceFolder() { std::filesystem::create_directories(root()); }

    std::string root() const { return folder_.path("acme_demo"); }
    /// Beside the root.
    std::string beside(std::string_view name) const { return folder_.path(name); }
    void write(std::string_view relative, std::string_view text) const {
        folder_.write("acme_demo/" + std::string(relative), text);
    }

    FoundFlows find(PythonFinderSettings settings = {}, std::vector<std::string> files = {}) const {
        NoProgress progress;
        auto found =
            PythonFlowFinder(std::move(settings)).find({.root = root(), .files = std::move(files)}, progress);
        EXPECT_TRUE(found.has_value());
        return found ? std::move(*found) : FoundFlows();
    }
    /// "etl/daily.py:name", with "?" where only running tells.
    std::vector<std::string> names(PythonFinderSettings settings = {}) const {
        std::vector<std::string> result;
        for (const auto& flow : find(std::move(settings)).flows)
            result.push_back(flow.source_relative + ":" + flow.original_name + (flow.is_static ? "" : "?"));
        return result;
    }

 private:
    testing::TemporaryFolder folder_;
};

}  // namespace ringmaster::python_source
