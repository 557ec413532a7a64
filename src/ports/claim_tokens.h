#pragma once
// The numbered tokens that the lease is made of on a forge (docs/architecture.md, "The lease"): label
// definitions "🎪 🔑 {pull request}.{k}" that are created and deleted, never rewritten.

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster {

struct ClaimToken {
    int number = 0;        ///< k, from 1; 0: the claim's ref (ports/claim_refs.h)
    std::string id;        ///< the forge's opaque id of this very token
    std::string holder;    ///< random, hexadecimal
    TimePoint expires_at;  ///< by its creator's clock
    bool operator==(const ClaimToken&) const = default;
};

/// The highest number that is ever looked up or created (github-facts 10.4).
inline constexpr int kMostClaimTokens = 40;

/// Creating and deleting tokens. They are read with Forge::observe, always by exact name.
class ClaimTokens {
 public:
    virtual ~ClaimTokens() = default;
    struct Created {
        std::string id;
        TimePoint server_time;
    };
    /// Creates token `number` of the pull request if there is none. nullopt: the name is taken.
    /// Errors: Unavailable and TimedOut leave it unknown whether it was created; Unauthorized.
    virtual Result<std::optional<Created>> create(int pull_request_number, int number,
                                                  std::string_view holder, TimePoint expires_at) = 0;
    /// Deletes by id; one that is gone is success.
    virtual Result<void> remove(std::span<const std::string> ids) = 0;
};

}  // namespace ringmaster
