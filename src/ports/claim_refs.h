#pragma once
// What a claim on the forge can be made of instead of label definitions (docs/architecture.md, "The lease"):
// one hidden git ref a pull request, refs/ringmaster/pr-{number}, which is only ever moved by comparing and
// swapping. It points at an object that says who holds the claim and until when; without a claim there is no
// ref. It is read with Forge::observe, as the token of number 0.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster {

class ClaimRefs {
 public:
    virtual ~ClaimRefs() = default;

    /// Makes the object that a ref can then point at; its id. By itself it changes nothing that anybody sees.
    /// Errors: those of a write.
    virtual Result<std::string> write_claim(int pull_request_number, std::string_view holder,
                                            TimePoint expires_at) = 0;

    struct Swapped {
        bool is_done = false;
        std::string why_not;  ///< the forge's words
    };
    /// Moves the ref from one object to another; nullopt: there is no ref. Not done and nothing changed if it
    /// is at anything else than `before`, or the forge refuses such refs: look again to know which.
    /// Errors: Unavailable and TimedOut leave it unknown whether it was moved; Unauthorized.
    virtual Result<Swapped> swap_claim(int pull_request_number, const std::optional<std::string>& before,
                                       const std::optional<std::string>& after) = 0;

    /// The pull requests that have such a ref, in order.
    virtual Result<std::vector<int>> claimed_pull_requests() = 0;
};

}  // namespace ringmaster
