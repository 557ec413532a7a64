#pragma once
// What issues and pull requests have in common: the fields that stand in both types.

#include "graphql/schema.h"
#include "local_forge/graphql_nodes.h"

namespace ringmaster::local_forge {

/// Adds the interfaces and fields to a type whose objects are IssueNodes.
void add_issue_fields(graphql::TypeBuilder& type);

/// GitHub's word for what the author of something is to the repository (github-facts 4.10).
Result<graphql::Value> association(GraphqlWorld& world, const Repository& repository, const User& author);

/// Whether the viewer may change what `author` wrote.
Result<bool> may_edit(GraphqlWorld& world, const Repository& repository, const User& author);

}  // namespace ringmaster::local_forge
