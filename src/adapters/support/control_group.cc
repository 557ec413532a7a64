#include "adapters/support/control_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <vector>

#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

constexpr std::string_view kPrefix = "ringmaster-";
constexpr std::size_t kLongestFile = 1 << 20;  // of /proc's about mounts: one line a container
// One that was just made is empty until its first process has entered it.
constexpr auto kMadeByTheDead = std::chrono::hours(1);
// The kernel forgets a killed process a moment after it was collected.
constexpr int kRemovals = 20;
constexpr useconds_t kBetweenRemovals = 5000;

/// Where the controller of process counts is mounted: its own hierarchy (version 1), or the one for all.
std::vector<std::pair<std::string, bool>> mounts() {
    std::vector<std::pair<std::string, bool>> found;
    const auto text = read_file("/proc/self/mounts", kLongestFile);
    for (const auto line : split(text.value_or(""), '\n')) {
        const auto words = split(line, ' ');
        if (words.size() < 4) continue;
        const auto options = split(words[3], ',');
        const bool counts = std::ranges::find(options, "pids") != options.end();
        if (words[2] == "cgroup" && counts) found.emplace_back(words[1], false);
        if (words[2] == "cgroup2") found.emplace_back(words[1], true);
    }
    return found;
}

/// The group that we are in, below the mount: "0::/user.slice" (version 2), "8:pids:/".
std::string own_path(bool is_unified) {
    const auto text = read_file("/proc/self/cgroup", kLongestFile);
    for (const auto line : split(text.value_or(""), '\n')) {
        const auto words = split(line, ':');
        if (words.size() < 3) continue;
        const auto controllers = split(words[1], ',');
        const bool counts = std::ranges::find(controllers, "pids") != controllers.end();
        if (is_unified ? words[1].empty() : counts) return std::string(words[2]);
    }
    return "";
}

/// Ours, and the one above it: where ours holds processes, version 2 lets it have no controllers below.
std::vector<std::string> parents() {
    std::vector<std::string> found;
    for (const auto& [mount, is_unified] : mounts()) {
        const auto own = own_path(is_unified);
        if (own.empty()) continue;
        found.push_back(mount + (own == "/" ? "" : own));
        if (own != "/") found.push_back(mount + own.substr(0, own.rfind('/')));
    }
    return found;
}

bool write_to(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    return ::close(file) == 0 && is_written;
}

void remove_what_the_dead_left(const std::string& parent) {
    std::error_code unknown;
    const auto now = std::filesystem::file_time_type::clock::now();
    for (const auto& entry : std::filesystem::directory_iterator(parent, unknown)) {
        const bool is_ours = entry.path().filename().string().starts_with(kPrefix);
        std::error_code gone;
        if (is_ours && now - entry.last_write_time(gone) > kMadeByTheDead && !gone)
            ::rmdir(entry.path().c_str());  // fails while a process is in it
    }
}

}  // namespace

std::optional<std::string> make_control_group(const std::string& name, std::uint64_t most) {
    for (const auto& parent : parents()) {
        // Whoever moves a process has to be allowed to in the group above both places.
        if (::access((parent + "/cgroup.procs").c_str(), W_OK) != 0) continue;
        remove_what_the_dead_left(parent);
        auto folder = fmt::format("{}/{}{}", parent, kPrefix, name);
        if (::mkdir(folder.c_str(), 0755) != 0) continue;
        if (write_to(folder + "/pids.max", std::to_string(most))) return folder;
        ::rmdir(folder.c_str());
    }
    return std::nullopt;
}

void remove_control_group(const std::string& folder) noexcept {
    if (folder.empty()) return;
    for (int i = 0; i < kRemovals && ::rmdir(folder.c_str()) != 0 && errno == EBUSY; ++i)
        ::usleep(kBetweenRemovals);
}

bool enter_control_group(const char* procs_file) noexcept {
    const int file = ::open(procs_file, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_in = ::write(file, "0", 1) == 1;  // 0: whoever writes
    ::close(file);
    return is_in;
}

}  // namespace ringmaster::support
