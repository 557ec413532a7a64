#pragma once
// What AWS recognises us by. Where they come from: credential_chain.h; what they are used for: sigv4.h.

#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace ringmaster::aws {

struct Credentials {
    std::string access_key_id;
    std::string secret_access_key;
    std::string session_token;            ///< empty: keys of a user, which need none
    std::optional<TimePoint> expires_at;  ///< nullopt: not known to expire
    bool operator==(const Credentials&) const = default;
};

/// The environment variables of the program, handed in.
using Variables = std::map<std::string, std::string, std::less<>>;

/// "" for what is not set.
inline std::string value_of(const Variables& variables, std::string_view name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
}

}  // namespace ringmaster::aws
