#include "adapters/support/basic_environment.h"

#include <cstdlib>

namespace ringmaster::support {

std::map<std::string, std::string> basic_environment() {
    std::map<std::string, std::string> environment{{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    for (const char* name : {"PATH", "HOME", "LANG", "TMPDIR"})
        if (const char* value = std::getenv(name)) environment[name] = value;
    return environment;
}

}  // namespace ringmaster::support
