#pragma once
#include <string>
#include <vector>

namespace ringmaster::app {

/// Starts the program in a session of its own, deaf and dumb, and does not wait. `arguments` are all of them,
/// the name it is called by included. Whether it could be started is not told.
void start_in_background(const std::string& program, std::vector<std::string> arguments);

}  // namespace ringmaster::app
