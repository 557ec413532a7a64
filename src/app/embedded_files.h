#pragma once
// Files of the repository that are part of the program (cmake/embed.cmake writes the definitions): there is
// one copy of them to edit, and an installed binary needs no folder beside it.

#include <span>
#include <string_view>

namespace ringmaster::app {

struct EmbeddedFile {
    std::string_view path;  ///< relative, with '/'
    std::string_view text;
    bool is_executable = false;
};

/// examples/hello: the repository that the demo shows.
std::span<const EmbeddedFile> sample_repository();
/// examples/workflows: what `init --workflows` writes into .github/workflows.
std::span<const EmbeddedFile> workflow_files();

}  // namespace ringmaster::app
