#pragma once
// Whether a show answers: asked again and again until it does, ends, or its time is over.

#include "domain/show_policy.h"
#include "shows/service.h"

namespace ringmaster::shows {

/// Returns when one of the paths answered 200. Redirects are not followed: an address that sends people
/// elsewhere proves nothing. Errors: Failed (the application ended, or the time is over), the pulse's own.
Result<void> wait_until_healthy(Outside& outside, const HealthCheck& check, const ShowId& show,
                                const Endpoint& endpoint, Progress& progress);

}  // namespace ringmaster::shows
