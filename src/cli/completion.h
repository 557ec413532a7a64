#pragma once
#include <string>
#include <string_view>

namespace ringmaster::cli {

/// The script that a shell loads: "bash", "zsh" or "fish". It asks `PROGRAM __complete` for candidates, so
/// that it never needs to change. Empty for any other shell.
std::string completion_script(std::string_view shell, std::string_view program);

}  // namespace ringmaster::cli
