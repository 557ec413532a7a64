#pragma once
// For tests: a folder of sources that lasts as long as the test, and what is found in it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "adapters/python_source/python_flow_finder.h"

namespace ringmaster::python_source {

class SourceFolder {
 public:
    /// The root's last name is that of the package: import paths begin with it.
    explicit SourceFolder(const std::string& name = "acme_demo") {
        std::string pattern = (std::filesystem::temp_directory_path() / "ringmaster-flows-XXXXXX").string();
        base_ = ::mkdtemp(pattern.data());
        root_ = base_ / name;
        std::filesystem::create_directories(root_);
    }
    ~SourceFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(base_, ignored);
    }
    SourceFolder(const SourceFolder&) = delete;
    SourceFolder& operator=(const SourceFolder&) = delete;
    SourceFolder(SourceFolder&&) = delete;
    SourceFolder& operator=(SourceFolder&&) = delete;

    const std::filesystem::path& base() const { return base_; }
    const std::filesystem::path& root() const { return root_; }

    void write(const std::string& relative, std::string_view text) const {
        std::filesystem::create_directories((root_ / relative).parent_path());
        std::ofstream(root_ / relative, std::ios::binary) << text;
    }

    FoundFlows find(PythonFinderSettings settings = {}, std::vector<std::string> files = {}) const {
        NoProgress progress;
        auto found = PythonFlowFinder(std::move(settings))
                         .find({.root = root_.string(), .files = std::move(files)}, progress);
        EXPECT_TRUE(found.has_value());
        return found ? std::move(*found) : FoundFlows();
    }

 private:
    std::filesystem::path base_;
    std::filesystem::path root_;
};

}  // namespace ringmaster::python_source
