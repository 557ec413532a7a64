#pragma once
#include <string>

#include "shows/decide.h"

namespace ringmaster::cli {

/// Why it was decided so: half a sentence that reads after a colon.
std::string_view explain(shows::Reason reason);
/// What a person can do about it; empty where nothing needs to be done.
std::string next_after(const shows::Decision& decision, const shows::Authorization& authorization);

}  // namespace ringmaster::cli
