#pragma once
#include <string>
#include <vector>

namespace ringmaster::app {

/// Path of the program that this process runs; empty = it cannot be told.
std::string own_path();

/// Starts the program in a session of its own, deaf and dumb, and does not wait. `arguments` are all of them,
/// the name it is called by included. It inherits what main() left of the environment, which holds no
/// secrets, and gets `more` of it ("NAME=value"). Whether it could be started is not told.
void start_in_background(const std::string& program, std::vector<std::string> arguments,
                         std::vector<std::string> more = {});

}  // namespace ringmaster::app
