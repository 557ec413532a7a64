#pragma once
// The connections of a repository: labels, pull requests, issues, deployments, refs, people.

#include "graphql/schema.h"

namespace ringmaster::local_forge {

void add_repository_lists(graphql::TypeBuilder& repository);

}  // namespace ringmaster::local_forge
