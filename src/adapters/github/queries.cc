#include "adapters/github/queries.h"

#include <fmt/format.h>

#include "adapters/github/lease_token.h"
#include "adapters/support/json_reader.h"

namespace ringmaster::github {

using support::json_quote;

namespace {

// What every picture of a pull request shows; read by parse_pull_request.
#define PULL_REQUEST_FIELDS                                                                    \
    "id number state isDraft title url headRefOid headRefName isCrossRepository author{login}" \
    " headRepository{nameWithOwner} headRef{target{oid ...on Commit{messageHeadline}}}"
#define PAGE "totalCount pageInfo{hasNextPage endCursor}"
#define LABELS "labels(first:100){" PAGE " nodes{id name}}"
#define COMMENT_NODES "nodes{id body isMinimized viewerDidAuthor author{__typename login}}"
#define IN_REPOSITORY "repository(owner:$owner,name:$name)"

}  // namespace

std::string observe_query(int number) {
    std::string tokens;
    for (int k = 1; k <= kMostClaimTokens; ++k)
        tokens +=
            fmt::format(" t{}:label(name:\"{}\"){{id name description}}", k, token_label_name(number, k));
    return "query($owner:String!,$name:String!,$number:Int!,$environment:String!){viewer{login}"
           " " IN_REPOSITORY
           "{id viewerPermission"
           " deployments(environments:[$environment],last:10){nodes{id commitOid state}}" +
           tokens +
           fmt::format(" claim:ref(qualifiedName:\"{}\"){{target{{oid ...on Commit{{message}}}}}}",
                       claim_ref_name(number)) +
           " pullRequest(number:$number){" PULL_REQUEST_FIELDS
           " body"
           " commits(last:1){nodes{commit{oid messageHeadline}}} " LABELS " comments(first:50){" COMMENT_NODES
           "} timelineItems(last:50,itemTypes:[LABELED_EVENT]){nodes{...on LabeledEvent{actor{login} "
           "label{name}}}}"
           "}}}";
}

constexpr std::string_view kRepositoryIdQuery = "query($owner:String!,$name:String!){" IN_REPOSITORY "{id}}";

constexpr std::string_view kLabelPageQuery =
    "query($owner:String!,$name:String!,$number:Int!,$after:String){" IN_REPOSITORY
    "{pullRequest(number:$number){labels(first:100,after:$after){" PAGE " nodes{id name}}}}}";

constexpr std::string_view kCommentPageQuery =
    "query($owner:String!,$name:String!,$number:Int!,$after:String){viewer{login} " IN_REPOSITORY
    "{pullRequest(number:$number){comments(first:100,after:$after){" PAGE " " COMMENT_NODES "}}}}";

constexpr std::string_view kCommitPageQuery =
    "query($owner:String!,$name:String!,$number:Int!,$after:String){" IN_REPOSITORY
    "{pullRequest(number:$number){headRefOid headRef{target{oid}} commits(first:100,after:$after){" PAGE
    " nodes{commit{oid}}}}}}";

constexpr std::string_view kOpenPullRequestsQuery =
    "query($owner:String!,$name:String!,$after:String){" IN_REPOSITORY
    "{pullRequests(states:OPEN,first:100,after:$after,orderBy:{field:CREATED_AT,direction:ASC}){" PAGE
    " nodes{" PULL_REQUEST_FIELDS " " LABELS "}}}}";

constexpr std::string_view kDefinitionsQuery =
    "query($owner:String!,$name:String!,$after:String){" IN_REPOSITORY
    "{labels(first:100,after:$after,orderBy:{field:CREATED_AT,direction:ASC}){" PAGE
    " nodes{id name color description issues(first:1){totalCount} pullRequests(first:20){" PAGE
    " nodes{number}}}}}}";

constexpr std::string_view kAttachedQuery =
    "query($id:ID!,$after:String){node(id:$id){...on Label{pullRequests(first:100,after:$after){" PAGE
    " nodes{number}}}}}";

std::string summaries_query(const std::vector<int>& numbers) {
    std::string fields;
    for (const int number : numbers)
        fields +=
            fmt::format(" p{0}:pullRequest(number:{0})", number) + "{" PULL_REQUEST_FIELDS " " LABELS "}";
    return "query($owner:String!,$name:String!){" IN_REPOSITORY "{" + fields + "}}";
}

namespace {

/// "$n0:String!,$n1:String!"
std::string parameters(std::string_view prefix, std::string_view type, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += fmt::format("{}${}{}:{}", i == 0 ? "" : ",", prefix, i, type);
    return text;
}

}  // namespace

std::string definitions_by_name_query(std::size_t count) {
    std::string fields;
    for (std::size_t i = 0; i < count; ++i)
        fields += fmt::format(" n{0}:label(name:$n{0}){{id name color description}}", i);
    return "query($owner:String!,$name:String!," + parameters("n", "String!", count) +
           "){" IN_REPOSITORY "{id" + fields + "}}";
}

std::string attachment_query(std::size_t count) {
    std::string fields;
    for (std::size_t i = 0; i < count; ++i)
        fields += fmt::format(
            " l{0}:node(id:$l{0}){{id ...on Label{{name issues(first:1){{totalCount}}"
            " pullRequests(first:1){{totalCount}}}}}}",
            i);
    return "query(" + parameters("l", "ID!", count) + "){" + fields + "}";
}

std::string repository_variables(const RepositoryName& repository, const std::string& more) {
    return fmt::format("{{\"owner\":{},\"name\":{}{}}}", json_quote(repository.owner),
                       json_quote(repository.name), more);
}

std::string after_variable(const std::string& cursor) {
    return ",\"after\":" + (cursor.empty() ? "null" : json_quote(cursor));
}

std::string environment_name(int number) {
    return fmt::format("show/pr-{}", number);
}

}  // namespace ringmaster::github
