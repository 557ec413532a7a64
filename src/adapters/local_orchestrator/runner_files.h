#pragma once
// The files of runner/, which are part of the program (cmake/embed.cmake).

#include <span>

#include "base/embedded_file.h"

namespace ringmaster::local_orchestrator {

std::span<const EmbeddedFile> runner_files();

}  // namespace ringmaster::local_orchestrator
