#pragma once
// The commands of a project's own around the life of a show: the seed, run once in each that was started,
// after it answers and before visitors are sent there; and the teardown, run in it before it is removed.
//
// Nothing writes down that a show was seeded, because nothing would be right after a crash between the two:
// a show that visitors are sent to has been, and one that was started by a run that did not get there is
// started afresh by the next (create.cc). So the seed never runs twice in one show, and never on top of a
// half-finished one.

#include <optional>
#include <string>

#include "domain/show_policy.h"
#include "ports/runtime.h"

namespace ringmaster::shows {

/// Runs the teardown if there is one and the show runs. It never keeps a show from being removed: what went
/// wrong is returned as a sentence. A show that is removed twice, because the first try was cut off, may see
/// it twice. Errors: the pulse's own, which are about the work that the removal is part of.
Result<std::optional<std::string>> tear_down(Runtime& runtime, const ShowPolicy& policy, const ShowId& show,
                                             Progress& progress);

}  // namespace ringmaster::shows
