#include "app/background.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <filesystem>

extern char** environ;

namespace ringmaster::app {

std::string own_path() {
    std::error_code unknown;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", unknown);
    return unknown ? std::string() : path.string();
}

void start_in_background(const std::string& program, std::vector<std::string> arguments,
                         std::vector<std::string> more) {
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    std::vector<char*> variables;
    for (char** inherited = environ; *inherited != nullptr; ++inherited) variables.push_back(*inherited);
    for (auto& text : more) variables.push_back(text.data());
    variables.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    if (::posix_spawn_file_actions_init(&files) != 0) return;
    if (::posix_spawnattr_init(&attributes) == 0) {
        for (const int descriptor : {0, 1, 2})
            ::posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        pid_t child = 0;
        (void)::posix_spawn(&child, program.c_str(), &files, &attributes, words.data(), variables.data());
        ::posix_spawnattr_destroy(&attributes);
    }
    ::posix_spawn_file_actions_destroy(&files);
}

}  // namespace ringmaster::app
