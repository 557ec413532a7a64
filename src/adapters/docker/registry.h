#pragma once
// Asks a registry whether it has an image, without pulling it (the OCI distribution API,
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md).

#include <string>
#include <string_view>

#include "adapters/docker/registry_login.h"
#include "base/result.h"
#include "ports/http_client.h"
#include "ports/progress.h"

namespace ringmaster::docker {

/// "ghcr.io/acme/shop:1" taken apart.
struct ImageReference {
    std::string registry;    ///< "ghcr.io", "docker.io"
    std::string repository;  ///< "acme/shop", "library/nginx"
    std::string version;     ///< a tag, "latest" if none is written, or "sha256:…"

    /// Where its registry answers: "https://registry-1.docker.io"; plain HTTP on this machine alone.
    std::string base_url() const;
    bool operator==(const ImageReference&) const = default;
};
ImageReference parse_image(std::string_view text);

/// What a registry wants to see, from its WWW-Authenticate header.
struct Challenge {
    std::string scheme;  ///< "bearer", "basic"
    std::string realm, service, scope;
};
Challenge parse_challenge(std::string_view header);

class Registry {
 public:
    Registry(HttpClient& http, const RegistryLogins& logins) : http_(&http), logins_(&logins) {}

    /// Errors: Unauthorized (a login is missing or not good enough), RateLimited, Unavailable, TimedOut,
    /// Corrupt, the pulse's own.
    Result<bool> has(const std::string& image, Progress& progress);

 private:
    Result<HttpResponse> ask(const ImageReference& image, const std::string& authorization,
                             Progress& progress);
    Result<std::string> authorize(const Challenge& challenge, const ImageReference& image,
                                  Progress& progress);
    Result<std::string> fetch_token(const Challenge& challenge, const RegistryLogin& login,
                                    Progress& progress);

    HttpClient* http_;
    const RegistryLogins* logins_;
};

}  // namespace ringmaster::docker
