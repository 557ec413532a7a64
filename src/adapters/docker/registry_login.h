#pragma once
// The logins that `docker login` left: in ~/.docker/config.json, or with the credential helper that it names
// (https://docs.docker.com/reference/cli/docker/login/#credential-stores).

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/subprocess.h"

namespace ringmaster::docker {

struct RegistryLogin {
    std::string registry;  ///< as the file names it: "ghcr.io", "https://index.docker.io/v1/"
    std::string user;
    std::string password;
    std::string identity_token;  ///< instead of both
};

/// The host part of a reference ("ghcr.io/acme/shop:1" → "ghcr.io"); "docker.io" where none is written.
std::string registry_of(std::string_view image);

class RegistryLogins {
 public:
    /// `folder`: DOCKER_CONFIG, else ~/.docker; empty = there are none. `environment`: for helpers.
    RegistryLogins(std::string folder, std::map<std::string, std::string> environment, Subprocess& subprocess)
        : folder_(std::move(folder)), environment_(std::move(environment)), subprocess_(&subprocess) {}

    /// nullopt: nobody logged in there. Errors: Corrupt (the file), Failed and NotFound (its helper).
    Result<std::optional<RegistryLogin>> find(std::string_view registry) const;
    /// The header with which the engine pulls on our behalf; empty without a login. Errors: as find.
    Result<std::string> engine_header(std::string_view image) const;

 private:
    Result<std::optional<RegistryLogin>> ask_helper(const std::string& helper, const std::string& name) const;

    std::string folder_;
    std::map<std::string, std::string> environment_;
    Subprocess* subprocess_;
};

}  // namespace ringmaster::docker
