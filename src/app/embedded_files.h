#pragma once
// The files that are part of the program (base/embedded_file.h), for commands to write where people want
// them.

#include <span>

#include "base/embedded_file.h"

namespace ringmaster::app {

/// examples/hello: the repository that the demo shows.
std::span<const EmbeddedFile> sample_repository();
/// examples/workflows: what `init --workflows` writes into .github/workflows.
std::span<const EmbeddedFile> workflow_files();

}  // namespace ringmaster::app
