#pragma once
// Listings are turned page by page, and others go on meanwhile: a count that does not match what came is
// looked at again, and only then an error.

#include "base/result.h"

namespace ringmaster::github {

// A sweep that deletes 200 definitions is at it for some ten requests, as long as a few listings take.
constexpr int kMostListingLooks = 4;

/// `list` until it finds everything at rest. Errors: those of the last look.
template <typename List>
auto list_until_at_rest(List list) {
    auto listed = list();
    for (int looks = 1; looks < kMostListingLooks && !listed && listed.error().kind() == ErrorKind::Corrupt;
         ++looks)
        listed = list();
    return listed;
}

}  // namespace ringmaster::github
