#pragma once
// What the local forge keeps, as plain values: one struct a row of the database. `id` is unique within its
// table and never used again; `number` counts within a repository. Times are the store's clock's. Absent text
// is empty unless GitHub tells "null" and "" apart, then it is optional.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace ringmaster::local_forge {

using Id = std::int64_t;

enum class UserType { User, Bot, Organization };

struct User {
    Id id = 0;
    std::string login;  ///< unique without regard to ASCII case; a bot's ends in "[bot]"
    std::string name;
    std::string email;
    UserType type = UserType::User;
};

/// What a person may do in a repository; in order. The REST field `permission` folds maintain into write and
/// triage into read (github-facts 4.11).
enum class Role { None, Read, Triage, Write, Maintain, Admin };

/// "admin", "maintain", … as `role_name` has it.
std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view name);

/// What a fine-grained token or GITHUB_TOKEN is granted apart from its owner's role
/// (github-facts 1.22, 1.23).
enum class Right { Contents, Issues, PullRequests, Deployments, Administration, Webhooks };

struct Token {
    Id id = 0;
    Id user_id = 0;
    std::vector<std::string> scopes;  ///< what X-OAuth-Scopes says; empty for an integration's token
    std::optional<std::vector<Right>> writable;  ///< nothing = whatever the owner may do
};

/// Who is asking. Without a user: an anonymous reader of public repositories.
struct Viewer {
    std::optional<User> user;
    Token token;
};

struct Repository {
    Id id = 0;
    User owner;
    std::string name;
    std::string description;
    std::string default_branch;
    bool is_private = false;
    bool opens_pull_requests = true;  ///< a push of a branch that is not the default one opens a pull request
    std::optional<Id> parent_id;      ///< a fork's origin
    TimePoint created_at;
    TimePoint updated_at;
    TimePoint pushed_at;
    std::string full_name() const { return owner.login + "/" + name; }
};

struct Label {
    Id id = 0;
    Id repository_id = 0;
    std::string name;
    std::string color;  ///< six lower-case hexadecimal digits
    std::optional<std::string> description;
    TimePoint created_at;
    TimePoint updated_at;
};

enum class IssueState { Open, Closed };

/// An issue, or the part of a pull request that is one: they share numbers, labels and comments.
struct Issue {
    Id id = 0;
    Id repository_id = 0;
    std::int64_t number = 0;
    bool is_pull_request = false;
    std::string title;
    std::optional<std::string> body;
    IssueState state = IssueState::Open;
    bool locked = false;
    User author;
    std::int64_t comment_count = 0;
    TimePoint created_at;
    TimePoint updated_at;
    std::optional<TimePoint> closed_at;
};

struct PullRequest {
    Issue issue;
    std::string head_ref;                  ///< branch name, without refs/heads/
    std::string head_sha;                  ///< frozen while closed (github-facts 4.13)
    std::optional<Id> head_repository_id;  ///< absent once a fork is gone (4.1)
    std::string head_owner_login;          ///< kept, so that "owner:branch" can still be said
    std::string base_ref;
    std::string base_sha;  ///< tip of the base branch when the head last moved
    bool is_draft = false;
    std::optional<bool> is_mergeable;  ///< absent: not computed yet
    std::optional<TimePoint> merged_at;
    std::optional<User> merged_by;
    std::optional<std::string> merge_commit_sha;  ///< of the merge, or of the test merge while open
    std::int64_t commit_count = 0;
    std::int64_t additions = 0;
    std::int64_t deletions = 0;
    std::int64_t changed_files = 0;
    bool is_cross_repository() const { return head_repository_id != issue.repository_id; }
};

struct Comment {
    Id id = 0;
    Id issue_id = 0;
    std::int64_t issue_number = 0;
    Id repository_id = 0;
    User author;
    std::string body;
    std::optional<std::string> minimized_reason;  ///< "outdated", "spam", …
    TimePoint created_at;
    TimePoint updated_at;
};

/// One entry of an issue's history. The label's name is what it was then (github-facts 1.19).
struct TimelineEvent {
    Id id = 0;
    Id issue_id = 0;
    std::string event;  ///< labeled, unlabeled, closed, reopened, merged, renamed, head_ref_force_pushed, …
    User actor;
    std::string label_name;
    std::string label_color;
    std::string commit_id;
    TimePoint created_at;
};

struct Deployment {
    Id id = 0;
    Id repository_id = 0;
    std::string sha;
    std::string ref;  ///< as the client named it: a branch, a tag or a sha
    std::string task;
    std::string environment;
    std::string original_environment;
    std::optional<std::string> description;
    std::string payload;  ///< JSON text
    bool is_transient = false;
    bool is_production = false;
    User creator;
    TimePoint created_at;
    TimePoint updated_at;
};

/// error, failure, inactive, in_progress, queued, pending, success (github-facts 6.2): kept as GitHub's word.
struct DeploymentStatus {
    Id id = 0;
    Id deployment_id = 0;
    std::string state;
    std::string description;
    std::string environment;
    std::string environment_url;
    std::string log_url;
    User creator;
    TimePoint created_at;
    TimePoint updated_at;
};

struct Environment {
    Id id = 0;
    Id repository_id = 0;
    std::string name;
    TimePoint created_at;
    TimePoint updated_at;
};

/// A ref of the bare repository on disk as last seen: "refs/heads/main", "refs/tags/v1",
/// "refs/ringmaster/pr-12". refs/pull/… are not listed: the forge writes them itself.
struct Ref {
    std::string name;
    std::string sha;
};

struct Signature {
    std::string name;
    std::string email;
    TimePoint time;
};

struct Commit {
    std::string sha;
    std::string tree;
    std::vector<std::string> parents;
    Signature author;
    Signature committer;
    std::string message;
    /// The first line.
    std::string subject() const { return message.substr(0, message.find('\n')); }
};

struct Hook {
    Id id = 0;
    Id repository_id = 0;
    std::string url;
    std::string secret;
    std::string content_type;         ///< "json" or "form"
    std::vector<std::string> events;  ///< "*" = all
    bool is_active = true;
    TimePoint created_at;
    TimePoint updated_at;
};

struct Delivery {
    Id id = 0;
    Id hook_id = 0;
    std::string guid;  ///< X-GitHub-Delivery; a redelivery has the same (github-facts 2.10)
    std::string event;
    std::string action;
    std::string payload;
    bool is_redelivery = false;
    std::optional<TimePoint> delivered_at;  ///< absent: still waiting
    std::int64_t duration_ms = 0;
    int status_code = 0;           ///< 0: no answer
    std::string status;            ///< "OK", or what went wrong
    std::string request_headers;   ///< JSON object
    std::string response_headers;  ///< JSON object
    std::string response_body;
    TimePoint created_at;
};

}  // namespace ringmaster::local_forge
