#include "local_forge/bare_repository.h"

#include <filesystem>
#include <fstream>

namespace ringmaster::local_forge {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMark = "ringmaster-refs-changed";

// git runs this for every change of a ref, by a push or by hand (githooks(5), reference-transaction): in the
// bare repository's folder, or anywhere with GIT_DIR set ("git --git-dir=... update-ref").
constexpr std::string_view kHook = R"(#!/bin/sh
# Written by ringmaster: tells the forge that refs of this repository changed.
if [ "$1" = committed ]; then : > "${GIT_DIR:-.}/ringmaster-refs-changed"; fi
)";

Result<void> write_hook(const Git& git) {
    const fs::path path = fs::path(git.path()) / "hooks" / "reference-transaction";
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream file(path, std::ios::trunc);
    file << kHook;
    file.close();
    if (file)
        fs::permissions(path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::group_read, error);
    if (!file || error) return Fail(Error::unavailable("cannot write {}", path.string()));
    return {};
}

}  // namespace

std::string repository_path(const std::string& data_folder, std::string_view owner, std::string_view name) {
    return fmt::format("{}/repositories/{}/{}.git", data_folder, owner, name);
}

Result<void> set_up_repository(const Git& git, std::string_view default_branch) {
    if (!fs::exists(fs::path(git.path()) / "HEAD")) {
        std::error_code error;
        fs::create_directories(git.path(), error);
        if (error) return Fail(Error::unavailable("cannot make {}: {}", git.path(), error.message()));
        TRY(git.read({"init", "--quiet", "--bare", "--initial-branch=" + std::string(default_branch)}));
    }
    const std::pair<const char*, const char*> settings[] = {{"http.receivepack", "true"},
                                                            {"receive.hideRefs", "refs/pull"},
                                                            {"uploadpack.allowAnySHA1InWant", "true"},
                                                            {"uploadpack.allowFilter", "true"},
                                                            {"core.logAllRefUpdates", "false"},
                                                            {"gc.auto", "0"}};
    for (const auto& [name, value] : settings) TRY(git.read({"config", name, value}));
    return write_hook(git);
}

bool take_change_mark(const Git& git) {
    std::error_code error;
    return fs::remove(fs::path(git.path()) / kMark, error);
}

}  // namespace ringmaster::local_forge
