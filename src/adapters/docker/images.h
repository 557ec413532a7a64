#pragma once
// Images on one engine: pulled when they are missing, removed when nobody wants them any more.

#include <string>

#include "adapters/docker/engine_client.h"
#include "adapters/docker/registry_login.h"
#include "base/result.h"
#include "ports/clock.h"
#include "ports/progress.h"

namespace ringmaster::docker {

class Images {
 public:
    Images(EngineClient& engine, const RegistryLogins& logins, Clock& clock)
        : engine_(&engine), logins_(&logins), clock_(&clock) {}

    Result<bool> exists(const std::string& image);
    /// Loads it from its registry; how far it is goes to `progress` now and then. Errors: NotFound,
    /// Unauthorized (the registry wants a login, or there is no such image), Unavailable, RateLimited,
    /// Failed, the pulse's own.
    Result<void> pull(const std::string& image, Progress& progress);
    /// Removes the name, and the image with its last name; one in use stays, one that is not there is
    /// success.
    Result<void> remove(const std::string& image);

 private:
    EngineClient* engine_;
    const RegistryLogins* logins_;
    Clock* clock_;
};

}  // namespace ringmaster::docker
