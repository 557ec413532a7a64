#pragma once
// One file from its bytes to its flows. Pure but for what it follows into other files.

#include <string>
#include <string_view>

#include "adapters/python_source/answer_cache.h"
#include "adapters/python_source/module_library.h"
#include "adapters/python_source/syntax.h"

namespace ringmaster::python_source {

/// Whether a file may hold flows at all; nearly free, and most files of a project do not.
bool may_have_flows(std::string_view bytes);

/// Flows and problems of a file with these bytes. `imports` may be null: then no name is followed into other
/// files.
FileAnswer read_source(Parser& parser, std::string_view bytes, const std::string& source_folder,
                       Imports* imports);

}  // namespace ringmaster::python_source
