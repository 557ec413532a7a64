#pragma once
// Ways to be wrong on purpose, put between the production code and the world, to show that each invariant is
// really watched: sim_test demands that every one of them is caught.

#include <string_view>

#include "base/result.h"

namespace ringmaster::sim {

enum class Broken {
    Nothing,
    ClaimWithoutVerify,      ///< 1: the lease counts at once, without the second look
    NoClaim,                 ///< 1: everybody always has the lease
    SwapWithoutCompare,      ///< 1: with refs, a swap does not look at what it replaces
    NoFence,                 ///< 1: a lease that ran out goes on counting for its holder
    WantedVersionUnwatched,  ///< 1: looks show the version that was wanted first
    StopUnseen,              ///< 2: a stop or close during a build is overlooked
    StartStays,              ///< 2: what started a show stays, so that it starts again after its end
    DeleteBeforeSwitch,      ///< 3: the old service is removed when the new one is being started
    PartialAsComplete,       ///< 4: a listing that broke off is passed on as if it were all
    ForeignListed,           ///< 4: other repositories' services are taken for ours
    EventCounts,             ///< 5: every look writes the comment again, whether or not it says anything new
    EventBelieved,           ///< 5: the version that an event names is wanted, however old the event is
    LabelsBeforeRemoval,     ///< 6: the engine says "gone" before it is
    TokensStay,              ///< 6: the lease is never given up
    CommentStays,            ///< 6: the comment is written once
    SeedLeftOut,             ///< 11: a seed is said to be done without having been run
    AllLabelsReplaced,       ///< 7: a change writes all labels but a show's as they were when the work began
};
std::string_view to_string(Broken broken);
/// Errors: InvalidInput, with the names there are.
Result<Broken> parse_broken(std::string_view text);

}  // namespace ringmaster::sim
