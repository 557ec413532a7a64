#pragma once
// "owner/name" of a repository on a forge.

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster {

struct RepositoryName {
    std::string owner;
    std::string name;

    /// "owner/name", each part of letters, digits, '-', '_' and '.'. Errors: InvalidInput.
    static Result<RepositoryName> parse(std::string_view text);
    std::string text() const { return owner + "/" + name; }
    auto operator<=>(const RepositoryName&) const = default;
};

}  // namespace ringmaster
