#pragma once
#include <compare>
#include <string>

namespace ringmaster {

/// A label as a repository defines it; pull requests carry its name.
struct LabelDefinition {
    std::string name;
    std::string color;  ///< six hexadecimal digits, no '#'
    std::string description;
    auto operator<=>(const LabelDefinition&) const = default;
};

}  // namespace ringmaster
