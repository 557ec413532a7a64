#pragma once
// How a lease is written on the forge, as a label definition or as a ref to a commit, and read again. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ports/claim_tokens.h"

namespace ringmaster::github {

/// "🎪 🔑 12.3"
std::string token_label_name(int pull_request_number, int token_number);
/// "ringmaster lease {holder} until 2026-11-22T14:09:00.250Z": ASCII and at most 100 characters, as
/// descriptions must be (github-facts 1.4). Errors: InvalidInput (a holder that is not up to 48 hexadecimal
/// digits).
Result<std::string> token_description(std::string_view holder, TimePoint expires_at);
/// What all names of claims' refs begin with. Neither branches nor tags: nobody's clone has them, no list of
/// branches shows them.
inline constexpr std::string_view kClaimRefPrefix = "refs/ringmaster/pr-";
/// "refs/ringmaster/pr-12"
std::string claim_ref_name(int pull_request_number);
std::optional<int> number_of_claim_ref(std::string_view name);

/// Reads a token back from its text. `place` says where it stood. Errors: Corrupt, when somebody else wrote
/// or changed it: it must not be taken for an expired one.
Result<ClaimToken> parse_token(int token_number, std::string id, std::string_view place,
                               std::string_view description);

}  // namespace ringmaster::github
