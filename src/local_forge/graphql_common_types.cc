// Scalars, enums and interfaces that more than one subject uses.

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "local_forge/graphql_schema.h"

namespace ringmaster::local_forge {
namespace {

// A full SHA-1, or 40 zeros (github-facts 8.5).
bool is_object_id(std::string_view text) {
    return text.size() == 40 && is_lower_hex(to_lower_ascii(text));
}
bool is_ref_name(std::string_view text) {
    return text.starts_with("refs/");
}

void add_scalars(graphql::Schema& schema) {
    for (const char* name : {"URI", "HTML", "BigInt", "GitSSHRemote", "Base64String", "X509Certificate"})
        schema.scalar(name);
    for (const char* name : {"DateTime", "GitTimestamp", "PreciseDateTime"})
        schema.scalar(name, [](std::string_view text) { return parse_iso8601(text).has_value(); });
    schema.scalar("GitObjectID", is_object_id);
    schema.scalar("GitRefname", is_ref_name);
}

void add_enums(graphql::Schema& schema) {
    schema.enumeration("OrderDirection", {"ASC", "DESC"});
    schema.enumeration("CommentAuthorAssociation",
                       {"COLLABORATOR", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN",
                        "MEMBER", "NONE", "OWNER"});
    schema.enumeration("IssueState", {"CLOSED", "OPEN"});
    schema.enumeration("IssueStateReason", {"COMPLETED", "DUPLICATE", "NOT_PLANNED", "REOPENED"});
    schema.enumeration("IssueClosedStateReason", {"COMPLETED", "DUPLICATE", "NOT_PLANNED"});
    schema.enumeration("LockReason", {"OFF_TOPIC", "RESOLVED", "SPAM", "TOO_HEATED"});
    schema.enumeration("SubscriptionState", {"IGNORED", "SUBSCRIBED", "UNSUBSCRIBED"});
    schema.enumeration("ReactionContent", {"CONFUSED", "EYES", "HEART", "HOORAY", "LAUGH", "ROCKET",
                                           "THUMBS_DOWN", "THUMBS_UP"});
    schema.enumeration("RepositoryPermission", {"ADMIN", "MAINTAIN", "READ", "TRIAGE", "WRITE"});
    schema.enumeration("ReportedContentClassifiers",
                       {"ABUSE", "DUPLICATE", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"});
    schema.enumeration("IssueOrderField", {"COMMENTS", "CREATED_AT", "UPDATED_AT"});
    schema.input("IssueOrder", {"direction: OrderDirection!", "field: IssueOrderField!"});
}

void add_interfaces(graphql::Schema& schema) {
    schema.interface("Node").field("id: ID!");
    schema.interface("UniformResourceLocatable").field("resourcePath: URI!").field("url: URI!");
    schema.interface("Actor")
        .field("avatarUrl(size: Int): URI!")
        .field("login: String!")
        .field("resourcePath: URI!")
        .field("url: URI!");
    schema.interface("RepositoryOwner")
        .field("avatarUrl(size: Int): URI!")
        .field("id: ID!")
        .field("login: String!")
        .field("resourcePath: URI!")
        .field("url: URI!")
        .field("repository(name: String!, followRenames: Boolean = true): Repository")
        .field(
            "repositories(first: Int, last: Int, after: String, before: String, isFork: Boolean, privacy: "
            "RepositoryPrivacy, orderBy: RepositoryOrder, ownerAffiliations: [RepositoryAffiliation], "
            "affiliations: "
            "[RepositoryAffiliation]): RepositoryConnection!");
    schema.interface("Comment")
        .field("author: Actor")
        .field("authorAssociation: CommentAuthorAssociation!")
        .field("body: String!")
        .field("bodyText: String!")
        .field("createdAt: DateTime!")
        .field("id: ID!")
        .field("updatedAt: DateTime!")
        .field("viewerDidAuthor: Boolean!");
    schema.interface("Labelable")
        .field(
            "labels(first: Int, last: Int, after: String, before: String, orderBy: LabelOrder = {field: "
            "CREATED_AT, direction: ASC}): LabelConnection")
        .field("viewerCanLabel: Boolean!");
    schema.interface("Lockable").field("activeLockReason: LockReason").field("locked: Boolean!");
    schema.interface("Closable").field("closed: Boolean!").field("closedAt: DateTime");
    schema.interface("Assignable")
        .field("assignees(first: Int, last: Int, after: String, before: String): UserConnection!");
    schema.interface("Minimizable")
        .field("isMinimized: Boolean!")
        .field("minimizedReason: String")
        .field("viewerCanMinimize: Boolean!");
    schema.interface("GitObject")
        .field("abbreviatedOid: String!")
        .field("commitResourcePath: URI!")
        .field("commitUrl: URI!")
        .field("id: ID!")
        .field("oid: GitObjectID!")
        .field("repository: Repository!");
}

}  // namespace

void add_common_types(graphql::Schema& schema) {
    add_scalars(schema);
    add_enums(schema);
    add_interfaces(schema);
}

}  // namespace ringmaster::local_forge
