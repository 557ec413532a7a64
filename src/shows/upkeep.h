#pragma once
// What to put right when nothing is to be created or ended: labels that contradict each other, shows that
// claim to be what they are not because their worker or their service died, versions that were replaced and
// not removed, comments and records that could not be written when it was their time. Pure, a part of
// decide(). Internal to shows/.

#include "ports/forge.h"
#include "shows/decide.h"

namespace ringmaster::shows {

/// Adds to a decision to do nothing.
void add_upkeep(const Observation& seen, const Request& request, const ShowPolicy& policy, TimePoint now,
                Decision& decision);
/// To do nothing but put a comment and deployment records right that do not fit the labels.
Decision find_wrong_extras(const PullRequestView& view, const ShowPolicy& policy);
/// Whether a comment in that state says that there is a show, or that there will be one soon.
bool claims_a_show(std::string_view comment_state);

}  // namespace ringmaster::shows
