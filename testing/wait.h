#pragma once
// Waiting for a condition in the real world, with a bound; and questions about files and processes to wait
// for.

#include <poll.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace ringmaster::testing {

class Stopwatch {
 public:
    std::chrono::steady_clock::duration elapsed() const { return std::chrono::steady_clock::now() - start_; }

 private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Whether `condition` came true in time. The bound is generous: it is only reached when something is broken.
template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
    const Stopwatch watch;
    while (!condition()) {
        if (watch.elapsed() > timeout) return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

inline bool file_exists(const std::string& path) {
    return std::filesystem::exists(path);
}

/// Whether a process runs; one that has ended and was not collected yet does not.
inline bool process_lives(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    if (!std::getline(file, stat)) return false;
    const auto name_end = stat.rfind(") ");
    return name_end != std::string::npos && stat[name_end + 2] != 'Z' && stat[name_end + 2] != 'X';
}

}  // namespace ringmaster::testing
