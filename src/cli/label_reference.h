#pragma once
#include <string>
#include <vector>

namespace ringmaster::cli {

/// One label, or one pattern of labels, explained.
struct LabelReference {
    std::string label;
    std::string kind;  ///< "you": people set it; "ringmaster": the program does
    std::string color;
    std::string meaning;
};
/// What people set, in the order of `setup-labels`, then what the program writes.
const std::vector<LabelReference>& label_reference();

}  // namespace ringmaster::cli
