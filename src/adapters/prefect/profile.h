#pragma once
// Where Prefect's own tools would go, and as whom: their environment variables, else the active profile that
// `prefect cloud login` and `prefect config set` write
// (https://docs.prefect.io/v3/concepts/settings-and-profiles).

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster::prefect {

using Variables = std::map<std::string, std::string>;

struct PrefectAccess {
    std::string api_url;      ///< without '/' at its end; empty: neither says one
    std::string api_key;      ///< empty = none
    std::string auth_string;  ///< empty = none
    std::string ui_url;       ///< PREFECT_UI_URL; empty = told from api_url
    std::string profile;      ///< that was active; empty = none
    /// What said the address: "PREFECT_API_URL" or "the Prefect profile cloud"; for messages.
    std::string source;
    bool operator==(const PrefectAccess&) const = default;
};

/// PREFECT_PROFILES_PATH, else profiles.toml in PREFECT_HOME, else in ~/.prefect; empty: HOME is not known.
std::string profiles_path(const Variables& environment);

/// Each setting from the environment, else from the profile: the one that PREFECT_PROFILE names, else the
/// file's active one. `profiles` is the file's text, nullopt = there is none. Errors: InvalidInput (no TOML;
/// no such profile; an address that is none of an API).
Result<PrefectAccess> find_access(const Variables& environment, std::optional<std::string_view> profiles);

}  // namespace ringmaster::prefect
