#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster::app {

/// Makes a file that only its owner can read, for secrets. Errors: Unavailable (it exists already included).
Result<void> write_private_file(const std::string& path, std::string_view text);

}  // namespace ringmaster::app
