#pragma once
// The server that the suite has started, found as the program finds one: by Prefect's own variables.

#include <cstdlib>
#include <string>

#include "adapters/prefect/prefect_settings.h"
#include "adapters/prefect/profile.h"

namespace ringmaster::testing {

inline std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

inline prefect::PrefectSettings test_server() {
    prefect::Variables variables;
    for (const char* name : {"PREFECT_API_URL", "PREFECT_API_AUTH_STRING"}) variables[name] = variable(name);
    const auto access = prefect::find_access(variables, std::nullopt).value();
    return {.api_url = access.api_url, .auth_string = access.auth_string, .version = "check"};
}

}  // namespace ringmaster::testing
