#pragma once
// GitHub's rules about labels that need no database (github-facts §1).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"

namespace ringmaster::local_forge {

constexpr std::size_t kMaxLabelsOfAnIssue = 100;  // row 1.9

/// What is wrong with a definition's parts; empty: nothing. An absent part is not looked at.
std::vector<FieldError> check_label(const std::optional<std::string>& name,
                                    const std::optional<std::string>& color,
                                    const std::optional<std::string>& description);
/// At most 50 code points, more than native emoji, not blank (1.1, 1.2, 1.3).
bool is_valid_label_name(std::string_view name);

}  // namespace ringmaster::local_forge
