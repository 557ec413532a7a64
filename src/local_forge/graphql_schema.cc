#include "local_forge/graphql_schema.h"

#include <memory>

namespace ringmaster::local_forge {
namespace {

std::unique_ptr<const graphql::Schema> build() {
    auto schema = std::make_unique<graphql::Schema>();
    add_common_types(*schema);
    add_account_types(*schema);
    add_absent_types(*schema);
    add_git_types(*schema);
    add_label_types(*schema);
    add_comment_types(*schema);
    add_timeline_types(*schema);
    add_issue_types(*schema);
    add_pull_request_types(*schema);
    add_deployment_types(*schema);
    add_repository_types(*schema);
    add_query_type(*schema);
    graphql::TypeBuilder mutation = schema->object("Mutation");
    add_label_mutations(*schema, mutation);
    add_comment_mutations(*schema, mutation);
    add_issue_mutations(*schema, mutation);
    add_pull_request_mutations(*schema, mutation);
    add_deployment_mutations(*schema, mutation);
    add_ref_mutations(*schema, mutation);
    schema->finish("Query", "Mutation");
    return schema;
}

}  // namespace

const graphql::Schema& github_schema() {
    static const std::unique_ptr<const graphql::Schema> schema = build();
    return *schema;
}

}  // namespace ringmaster::local_forge
