#pragma once
// The files that AWS's own tools keep: ~/.aws/credentials ("[name]") and ~/.aws/config ("[profile name]").
// https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-files.html

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/aws/credentials.h"
#include "base/result.h"

namespace ringmaster::aws {

/// Settings of one profile, by name; keys of the credentials file win over the same ones of the config file.
using Profile = std::map<std::string, std::string, std::less<>>;

struct ProfileFiles {
    std::map<std::string, Profile, std::less<>> profiles;
    std::string credentials_path;  ///< "" if it is not known where they would be
    std::string config_path;
    bool found_any = false;  ///< at least one of them is there

    /// nullptr: there is no such profile.
    const Profile* find(std::string_view name) const;
};

enum class ProfileSyntax { Credentials, Config };
/// Adds what a file's text says; keys that are there already stay. Errors: InvalidInput, "PATH:LINE: …".
Result<void> add_profiles(std::string_view text, ProfileSyntax syntax, const std::string& path,
                          ProfileFiles& files);

/// Reads both files from where AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE or HOME say. Files that are not
/// there are empty. Errors: InvalidInput, Unavailable (may not be read).
Result<ProfileFiles> read_profile_files(const Variables& environment);

/// AWS_PROFILE, else AWS_DEFAULT_PROFILE, else "default".
std::string profile_name(const Variables& environment);

}  // namespace ringmaster::aws
