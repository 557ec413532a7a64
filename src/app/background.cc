#include "app/background.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace ringmaster::app {

void start_in_background(const std::string& program, std::vector<std::string> arguments) {
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    if (::posix_spawn_file_actions_init(&files) != 0) return;
    if (::posix_spawnattr_init(&attributes) == 0) {
        for (const int descriptor : {0, 1, 2})
            ::posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_RDWR, 0);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        pid_t child = 0;
        (void)::posix_spawn(&child, program.c_str(), &files, &attributes, words.data(), environ);
        ::posix_spawnattr_destroy(&attributes);
    }
    ::posix_spawn_file_actions_destroy(&files);
}

}  // namespace ringmaster::app
