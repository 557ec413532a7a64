#pragma once
// The resolver of `timelineItems` for issues and pull requests.

#include <string_view>

#include "graphql/schema.h"

namespace ringmaster::local_forge {

/// For objects made of an IssueNode. Arguments: the page's and `itemTypes`.
graphql::Resolver timeline_items(std::string_view connection_type);

}  // namespace ringmaster::local_forge
