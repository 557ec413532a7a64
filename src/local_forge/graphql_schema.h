#pragma once
// GitHub's GraphQL schema, the part of it that real clients use, on top of the store. Types, fields and
// nullability follow GitHub's published schema (npm @octokit/graphql-schema 15.26.1); where the forge has no
// such thing (reviews, projects, milestones, checks) the field is there and empty. Each function adds the
// types of one subject and stands in the file of that name.

#include "graphql/schema.h"

namespace ringmaster::local_forge {

/// Built on first use; the same one for every request.
const graphql::Schema& github_schema();

void add_common_types(graphql::Schema& schema);                         // graphql_common_types.cc
void add_account_types(graphql::Schema& schema);                        // graphql_accounts.cc
void add_absent_types(graphql::Schema& schema);                         // graphql_absent.cc
void add_git_types(graphql::Schema& schema);                            // graphql_git.cc
void add_label_types(graphql::Schema& schema);                          // graphql_labels.cc
void add_comment_types(graphql::Schema& schema);                        // graphql_comments.cc
void add_timeline_types(graphql::Schema& schema);                       // graphql_timeline.cc
void add_issue_types(graphql::Schema& schema);                          // graphql_issues.cc
void add_pull_request_types(graphql::Schema& schema);                   // graphql_pulls.cc
void add_deployment_types(graphql::Schema& schema);                     // graphql_deployments.cc
void add_repository_types(graphql::Schema& schema);                     // graphql_repository.cc
void add_query_type(graphql::Schema& schema);                           // graphql_query.cc
void add_search(graphql::Schema& schema, graphql::TypeBuilder& query);  // graphql_search.cc

void add_label_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);
void add_comment_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);
void add_issue_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);
void add_pull_request_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);
void add_deployment_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);
void add_ref_mutations(graphql::Schema& schema, graphql::TypeBuilder& mutation);

}  // namespace ringmaster::local_forge
