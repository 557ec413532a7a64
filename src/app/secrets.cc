#include "app/secrets.h"

#include <sys/stat.h>

#include <cerrno>

#include "adapters/support/files.h"

namespace ringmaster::app {

namespace {

// A variable of a process has at most 128 KiB (MAX_ARG_STRLEN, man 2 execve); keys and certificates have few.
constexpr std::size_t kLongestSecret = std::size_t{64} << 10;
// Everybody's, and the group's to write: what is in such a file is no secret, or not ours alone to say.
constexpr mode_t kTooOpen = S_IRWXO | S_IWGRP;

Result<std::string> read_secret(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) return Fail(support::file_error("read", path, errno));
    if (!S_ISREG(found.st_mode)) return Fail(Error::invalid_input("{} is no file", path));
    if ((found.st_mode & kTooOpen) != 0)
        return Fail(Error::unauthorized("others may read or change {}: chmod 600", path));
    auto text = TRY(support::read_file(path, kLongestSecret));
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return Fail(Error::invalid_input("{} is empty", path));
    if (text.find('\0') != std::string::npos)
        return Fail(Error::invalid_input("{} holds a zero byte, which no variable can", path));
    return text;
}

}  // namespace

ShowSecrets find_secrets(const Config& config, const cli::Environment& environment) {
    ShowSecrets secrets;
    for (const auto& name : config.run.secrets) {
        if (const auto value = environment.get(name))
            secrets.values.emplace(name, *value);
        else
            secrets.missing.push_back(name);
    }
    for (const auto& [name, path] : config.run.secret_files) {
        if (auto value = read_secret(path))
            secrets.values[name] = *std::move(value);
        else
            secrets.missing.push_back(fmt::format("{} ({})", name, value.error().message()));
    }
    return secrets;
}

}  // namespace ringmaster::app
