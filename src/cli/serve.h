#pragma once
// The two commands that run servers hand what was typed to the functions that app/ provides.

#include <optional>
#include <string>

namespace ringmaster::cli {

struct ServeOptions {
    bool is_local = false;              ///< on the local forge instead of GitHub
    std::optional<std::string> listen;  ///< "host:port"; default: [server] listen
    std::optional<std::string> data;    ///< folder of the local forge
};

struct DemoOptions {
    bool keep = false;  ///< leave everything running
    bool fast = false;  ///< as CI runs it: no pauses for the reader
    std::optional<std::string> directory;
    std::optional<int> port;
};

}  // namespace ringmaster::cli
