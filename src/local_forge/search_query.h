#pragma once
// GitHub's search language for issues and pull requests, the part that clients use: `repo:`, `is:`, `type:`,
// `state:`, `label:`, `author:`, `head:`, `base:`, `draft:`, quoted values, and free words.

#include <string>
#include <string_view>

#include "local_forge/issues.h"

namespace ringmaster::local_forge {

struct SearchTerms {
    std::string repository;  ///< "owner/name" of `repo:`; empty: all
    IssueQuery issues;       ///< state All unless the query says
};

/// Total: an unknown qualifier is taken as a word, as GitHub does.
SearchTerms parse_search_terms(std::string_view text);

}  // namespace ringmaster::local_forge
