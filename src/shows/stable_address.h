#pragma once
// The pull request's stable address during a run: what is known of it, where it should lead, and what people
// are told. Without a router all of this does nothing. Internal to shows/.

#include <optional>
#include <string>

#include "shows/run.h"

namespace ringmaster::shows {

/// Adds what the router says to what was seen; without an answer nothing is known, and nothing follows from
/// it.
void ask_router(const Outside& outside, Observation& seen);

/// Empty = it has none.
std::string stable_url(const Outside& outside, int pull_request_number);

/// Tells readers of the comment where to go: to the stable address, if there is one, else to the show's own.
void show_address(const Run& run, CommentFacts& facts, const std::optional<Endpoint>& endpoint);

/// Has the stable address lead there. Errors: the fence's, those of Router::point.
Result<void> point_route(Run& run, const Endpoint& endpoint);
/// After an error of point_route: whether visitors may be led there all the same.
bool may_lead_to(const Run& run, const Endpoint& endpoint, const Error& error);
/// Errors: the fence's, those of Router::withdraw.
Result<void> withdraw_route(Run& run);

/// Upkeep's part, before anything is retired: nothing may go that visitors could still be led to.
Result<void> settle_route(Run& run, const Decision& decision);

}  // namespace ringmaster::shows
