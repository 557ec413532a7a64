#pragma once
// A file of the repository that is part of the program: there is one copy of it to edit, and an installed
// binary needs no folder beside it. cmake/embed.cmake writes the functions that give them.

#include <string_view>

namespace ringmaster {

struct EmbeddedFile {
    std::string_view path;  ///< relative, with '/'
    std::string_view text;
    bool is_executable = false;
};

}  // namespace ringmaster
