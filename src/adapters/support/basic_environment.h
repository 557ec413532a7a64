#pragma once
// The few variables that every program expects and that give nothing away. Nothing else of ours reaches a
// build or a show: our own environment holds tokens.

#include <map>
#include <string>

namespace ringmaster::support {

/// PATH, HOME, LANG and TMPDIR as we have them; PATH always.
std::map<std::string, std::string> basic_environment();

}  // namespace ringmaster::support
