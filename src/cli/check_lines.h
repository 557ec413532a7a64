#pragma once
#include <string>
#include <utility>
#include <vector>

#include "cli/environment.h"
#include "shows/service.h"

namespace ringmaster::cli {

/// The lines of `sync --check-only`, in order, as key and value without any newline (contract §3.2: workflows
/// capture stdout and grep; not a byte more, whatever the terminal, the width or the labels).
/// `typed_sha`: what --sha named; empty = none.
std::vector<std::pair<std::string, std::string>> check_lines(const shows::CheckResult& check,
                                                             const Environment& environment,
                                                             const std::string& typed_sha);

}  // namespace ringmaster::cli
