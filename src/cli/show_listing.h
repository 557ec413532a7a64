#pragma once
// Shows as `status` and `list` print them.

#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/output.h"
#include "cli/value.h"
#include "shows/service.h"

namespace ringmaster::cli {

std::vector<std::string> listing_fields();
Value listing_value(const shows::ShowListing& listing, std::string_view engine);
/// PR, SHA, STATUS, KIND, AGE, LEFT, BY, URL.
Table listing_table(const std::vector<shows::ShowListing>& listings, TimePoint now);
/// "41 h left", "over since 2 h", "until it closes", "-".
std::string time_left(const shows::ShowListing& listing, TimePoint now);
Style style_of(ShowStatus status);

}  // namespace ringmaster::cli
