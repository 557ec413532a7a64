#pragma once
// A folder of the test's own, gone after it.

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/assert.h"

namespace ringmaster::testing {

class TemporaryFolder {
 public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "ringmaster-test-XXXXXX").string();
        RM_ASSERT(::mkdtemp(pattern.data()) != nullptr, "a test can make a temporary folder");
        path_ = std::filesystem::canonical(pattern).string();
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /// Absolute, without links.
    const std::string& path() const { return path_; }
    std::string path(std::string_view inside) const { return path_ + "/" + std::string(inside); }
    /// Writes a file, with its folders; returns its path.
    std::string write(std::string_view inside, std::string_view contents, unsigned mode = 0644) const {
        const auto file = path(inside);
        std::filesystem::create_directories(std::filesystem::path(file).parent_path());
        std::ofstream(file, std::ios::binary) << contents;
        ::chmod(file.c_str(), mode);
        return file;
    }
    /// Empty where there is no such file.
    std::string read(std::string_view inside) const {
        std::ifstream file(path(inside), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

 private:
    std::string path_;
};

}  // namespace ringmaster::testing
