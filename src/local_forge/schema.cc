#include "local_forge/schema.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::int64_t kVersion = 2;

// AUTOINCREMENT: an id that was used once names nothing else later, so a node id of a deleted label stays
// dead. Times are milliseconds since 1970.
constexpr const char* kTables = R"sql(
CREATE TABLE users(
    id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL,
    email TEXT NOT NULL, type INTEGER NOT NULL);
CREATE TABLE tokens(
    id INTEGER PRIMARY KEY AUTOINCREMENT, secret_hash TEXT NOT NULL UNIQUE, user_id INTEGER NOT NULL REFERENCES users(id),
    scopes TEXT NOT NULL, writable TEXT);
CREATE TABLE repositories(
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL REFERENCES users(id),
    name TEXT NOT NULL COLLATE NOCASE, description TEXT NOT NULL, default_branch TEXT NOT NULL, is_private INTEGER NOT NULL,
    opens_pull_requests INTEGER NOT NULL, parent_id INTEGER, last_number INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, pushed_at INTEGER NOT NULL, UNIQUE(owner_id, name));
CREATE TABLE roles(
    repository_id INTEGER NOT NULL REFERENCES repositories(id), user_id INTEGER NOT NULL REFERENCES users(id),
    role INTEGER NOT NULL, PRIMARY KEY(repository_id, user_id)) WITHOUT ROWID;
CREATE TABLE labels(
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository_id INTEGER NOT NULL REFERENCES repositories(id),
    name TEXT NOT NULL COLLATE NOCASE, color TEXT NOT NULL, description TEXT, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, UNIQUE(repository_id, name));
CREATE TABLE issues(
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository_id INTEGER NOT NULL REFERENCES repositories(id),
    number INTEGER NOT NULL, is_pull_request INTEGER NOT NULL, title TEXT NOT NULL, body TEXT, state INTEGER NOT NULL,
    locked INTEGER NOT NULL DEFAULT 0, author_id INTEGER NOT NULL REFERENCES users(id),
    comment_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, closed_at INTEGER,
    UNIQUE(repository_id, number));
CREATE INDEX issues_by_update ON issues(repository_id, updated_at, number);
CREATE TABLE pull_requests(
    issue_id INTEGER PRIMARY KEY REFERENCES issues(id), head_ref TEXT NOT NULL, head_sha TEXT NOT NULL,
    head_repository_id INTEGER, head_owner_login TEXT NOT NULL, base_ref TEXT NOT NULL, base_sha TEXT NOT NULL,
    is_draft INTEGER NOT NULL, is_mergeable INTEGER, merged_at INTEGER, merged_by INTEGER, merge_commit_sha TEXT,
    commit_count INTEGER NOT NULL DEFAULT 0, additions INTEGER NOT NULL DEFAULT 0, deletions INTEGER NOT NULL DEFAULT 0,
    changed_files INTEGER NOT NULL DEFAULT 0);
CREATE INDEX pull_requests_by_head ON pull_requests(head_repository_id, head_ref);
CREATE INDEX pull_requests_by_base ON pull_requests(base_ref);
CREATE INDEX pull_requests_by_sha ON pull_requests(head_sha);
CREATE TABLE issue_labels(
    id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id INTEGER NOT NULL REFERENCES issues(id),
    label_id INTEGER NOT NULL REFERENCES labels(id) ON DELETE CASCADE, UNIQUE(issue_id, label_id));
CREATE INDEX issue_labels_by_label ON issue_labels(label_id);
CREATE TABLE timeline(
    id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id INTEGER NOT NULL REFERENCES issues(id), event TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES users(id), label_name TEXT NOT NULL, label_color TEXT NOT NULL,
    commit_id TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX timeline_by_issue ON timeline(issue_id, id);
CREATE TABLE comments(
    id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id INTEGER NOT NULL REFERENCES issues(id),
    author_id INTEGER NOT NULL REFERENCES users(id), body TEXT NOT NULL, minimized_reason TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX comments_by_issue ON comments(issue_id, id);
CREATE TABLE deployments(
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository_id INTEGER NOT NULL REFERENCES repositories(id), sha TEXT NOT NULL,
    ref TEXT NOT NULL, task TEXT NOT NULL, environment TEXT NOT NULL, original_environment TEXT NOT NULL,
    description TEXT, payload TEXT NOT NULL, is_transient INTEGER NOT NULL, is_production INTEGER NOT NULL,
    creator_id INTEGER NOT NULL REFERENCES users(id), created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX deployments_by_sha ON deployments(repository_id, sha);
CREATE TABLE deployment_statuses(
    id INTEGER PRIMARY KEY AUTOINCREMENT, deployment_id INTEGER NOT NULL REFERENCES deployments(id) ON DELETE CASCADE,
    state TEXT NOT NULL, description TEXT NOT NULL, environment TEXT NOT NULL, environment_url TEXT NOT NULL,
    log_url TEXT NOT NULL, creator_id INTEGER NOT NULL REFERENCES users(id), created_at INTEGER NOT NULL);
CREATE INDEX deployment_statuses_by_deployment ON deployment_statuses(deployment_id, id);
CREATE TABLE environments(
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository_id INTEGER NOT NULL REFERENCES repositories(id),
    name TEXT NOT NULL COLLATE NOCASE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE(repository_id, name));
CREATE TABLE hooks(
    id INTEGER PRIMARY KEY AUTOINCREMENT, repository_id INTEGER NOT NULL REFERENCES repositories(id), url TEXT NOT NULL,
    secret TEXT NOT NULL, content_type TEXT NOT NULL, events TEXT NOT NULL, is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE deliveries(
    id INTEGER PRIMARY KEY AUTOINCREMENT, hook_id INTEGER NOT NULL REFERENCES hooks(id) ON DELETE CASCADE,
    guid TEXT NOT NULL, event TEXT NOT NULL, action TEXT NOT NULL, payload TEXT NOT NULL, is_redelivery INTEGER NOT NULL,
    delivered_at INTEGER, duration_ms INTEGER NOT NULL DEFAULT 0, status_code INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT '', request_headers TEXT NOT NULL DEFAULT '{}',
    response_headers TEXT NOT NULL DEFAULT '{}', response_body TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL);
CREATE INDEX deliveries_by_hook ON deliveries(hook_id, id);
CREATE INDEX deliveries_waiting ON deliveries(id) WHERE delivered_at IS NULL;
CREATE TABLE refs(
    repository_id INTEGER NOT NULL REFERENCES repositories(id), name TEXT NOT NULL, sha TEXT NOT NULL,
    PRIMARY KEY(repository_id, name)) WITHOUT ROWID;
CREATE TABLE commits(
    repository_id INTEGER NOT NULL REFERENCES repositories(id), sha TEXT NOT NULL, tree TEXT NOT NULL,
    parents TEXT NOT NULL, author_name TEXT NOT NULL, author_email TEXT NOT NULL, authored_at INTEGER NOT NULL,
    committer_name TEXT NOT NULL, committer_email TEXT NOT NULL, committed_at INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY(repository_id, sha)) WITHOUT ROWID;
)sql";

// Version 2: a list of open pull requests, and how many there are, without reading the rows of all.
constexpr const char* kIndexOfLists = R"sql(
CREATE INDEX issues_by_state ON issues(repository_id, is_pull_request, state, number);
PRAGMA user_version = 2;
)sql";

Result<std::int64_t> version_of(database::Database& database) {
    auto statement = TRY(database.prepare("PRAGMA user_version"));
    TRY(statement.step());
    return statement.integer(0);
}

}  // namespace

Result<void> prepare_schema(database::Database& database) {
    auto transaction = TRY(database::Transaction::begin(database));
    const std::int64_t version = TRY(version_of(database));
    if (version > kVersion)
        return Fail(Error(ErrorKind::Corrupt,
                          fmt::format("the forge's database has version {}, this program knows {}", version,
                                      kVersion))
                        .hint("use the newer ringmaster that made it, or another data folder"));
    if (version == 0) TRY_WHILE(database.execute(kTables), "making the forge's tables");
    if (version < 2) TRY_WHILE(database.execute(kIndexOfLists), "adding an index to the forge's tables");
    return transaction.commit();
}

}  // namespace ringmaster::local_forge
