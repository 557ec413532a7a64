#include "adapters/sqlite/sqlite_deploy_records.h"

#include <fcntl.h>
#include <unistd.h>

#include "adapters/support/database_file.h"
#include "adapters/support/files.h"

namespace ringmaster::sqlite {
namespace {

constexpr const char* kSteps[] = {
    R"sql(CREATE TABLE deploy_record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        operation TEXT NOT NULL,
        project TEXT NOT NULL,
        flow TEXT NOT NULL,
        environment TEXT NOT NULL,
        source_environment TEXT NOT NULL,
        deployment TEXT NOT NULL,
        deployment_id TEXT NOT NULL,
        version TEXT NOT NULL,
        commit_hash TEXT NOT NULL,
        plan_digest TEXT NOT NULL,
        reason TEXT NOT NULL,
        spec TEXT NOT NULL,
        previous TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX deploy_record_of_deployment ON deploy_record (project, deployment);
    CREATE TABLE plan_approval (
        plan_digest TEXT NOT NULL,
        approver TEXT NOT NULL,
        time_ms INTEGER NOT NULL,
        comment TEXT NOT NULL,
        PRIMARY KEY (plan_digest, approver)
    ))sql",
};

constexpr std::string_view kColumns =
    "id, time_ms, actor, operation, project, flow, environment, source_environment, deployment, "
    "deployment_id, "
    "version, commit_hash, plan_digest, reason, spec, previous, outcome, detail";

std::int64_t milliseconds(TimePoint time) {
    return static_cast<std::int64_t>(time.time_since_epoch().count());
}

DeployOutcome outcome_of(std::string_view word) {
    for (const auto outcome : {DeployOutcome::Done, DeployOutcome::Failed, DeployOutcome::Undone})
        if (to_string(outcome) == word) return outcome;
    return DeployOutcome::Begun;
}

DeployRecord read_record(const database::Statement& row) {
    return {.id = row.integer(0),
            .time = TimePoint(Duration(row.integer(1))),
            .actor = row.text(2),
            .operation = row.text(3),
            .project = row.text(4),
            .flow = row.text(5),
            .environment = row.text(6),
            .source_environment = row.text(7),
            .deployment = row.text(8),
            .deployment_id = row.text(9),
            .version = row.text(10),
            .commit = row.text(11),
            .plan_digest = row.text(12),
            .reason = row.text(13),
            .spec = row.text(14),
            .previous = row.text(15),
            .outcome = outcome_of(row.text(16)),
            .detail = row.text(17)};
}

/// SQLite makes its files as the umask says; this one is made before it does.
void make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_CLOEXEC | O_RDWR, 0600);
    if (file >= 0) ::close(file);
}

}  // namespace

Result<std::unique_ptr<SqliteDeployRecords>> SqliteDeployRecords::open(std::string path, Clock& clock) {
    if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0)
        TRY(support::create_folders(path.substr(0, slash)));
    make_private(path);
    auto database = TRY(support::open_part(path, "deploy_records", kSteps, clock));
    return std::unique_ptr<SqliteDeployRecords>(
        new SqliteDeployRecords(std::move(path), std::move(database), clock));
}

Result<std::int64_t> SqliteDeployRecords::begin(const DeployRecord& record) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, path_, clock_, quiet));
    auto insert =
        TRY(database_.prepare("INSERT INTO deploy_record (time_ms, actor, operation, project, flow, "
                              "environment, source_environment, "
                              "deployment, deployment_id, version, commit_hash, plan_digest, reason, spec, "
                              "previous, outcome, detail) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert.bind(1, milliseconds(record.time)).bind(2, record.actor).bind(3, record.operation);
    insert.bind(4, record.project).bind(5, record.flow).bind(6, record.environment);
    insert.bind(7, record.source_environment).bind(8, record.deployment).bind(9, record.deployment_id);
    insert.bind(10, record.version).bind(11, record.commit).bind(12, record.plan_digest);
    insert.bind(13, record.reason).bind(14, record.spec).bind(15, record.previous);
    TRY(insert.bind(16, to_string(record.outcome)).bind(17, record.detail).run());
    const auto id = database_.last_insert_id();
    TRY(transaction.commit());
    return id;
}

Result<void> SqliteDeployRecords::finish(std::int64_t id, DeployOutcome outcome,
                                         const std::string& deployment_id, const std::string& detail) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, path_, clock_, quiet));
    auto update = TRY(database_.prepare(
        "UPDATE deploy_record SET outcome = ?, deployment_id = ?, detail = ? WHERE id = ?"));
    TRY(update.bind(1, to_string(outcome)).bind(2, deployment_id).bind(3, detail).bind(4, id).run());
    return transaction.commit();
}

Result<std::vector<DeployRecord>> SqliteDeployRecords::recent(const DeployRecordQuery& query) {
    const std::lock_guard lock(mutex_);
    auto select = TRY(database_.prepare(
        fmt::format("SELECT {} FROM deploy_record WHERE project = ?1 AND (?2 = '' OR flow = ?2) AND "
                    "(?3 = '' OR environment = ?3) ORDER BY id DESC LIMIT ?4",
                    kColumns)));
    select.bind(1, query.project).bind(2, query.flow).bind(3, query.environment).bind(4, query.limit);
    std::vector<DeployRecord> records;
    while (TRY(select.step())) records.push_back(read_record(select));
    return records;
}

Result<std::map<std::string, DeployRecord>> SqliteDeployRecords::newest(const std::string& project) {
    const std::lock_guard lock(mutex_);
    auto select = TRY(database_.prepare(
        fmt::format("SELECT {} FROM deploy_record WHERE id IN (SELECT max(id) FROM deploy_record WHERE "
                    "project = ?1 AND outcome IN ('done', 'begun') GROUP BY deployment)",
                    kColumns)));
    select.bind(1, project);
    std::map<std::string, DeployRecord> records;
    while (TRY(select.step())) {
        auto record = read_record(select);
        const auto name = record.deployment;
        records.insert_or_assign(name, std::move(record));
    }
    return records;
}

Result<void> SqliteDeployRecords::approve(const Approval& approval) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, path_, clock_, quiet));
    auto insert = TRY(database_.prepare(
        "INSERT OR IGNORE INTO plan_approval (plan_digest, approver, time_ms, comment) VALUES (?, ?, ?, ?)"));
    insert.bind(1, approval.plan_digest).bind(2, approval.approver).bind(3, milliseconds(approval.time));
    TRY(insert.bind(4, approval.comment).run());
    return transaction.commit();
}

Result<std::vector<Approval>> SqliteDeployRecords::approvals(const std::string& plan_digest) {
    const std::lock_guard lock(mutex_);
    auto select =
        TRY(database_.prepare("SELECT approver, time_ms, comment FROM plan_approval WHERE plan_digest = ? "
                              "ORDER BY time_ms, approver"));
    select.bind(1, plan_digest);
    std::vector<Approval> approvals;
    while (TRY(select.step()))
        approvals.push_back(
            {plan_digest, select.text(0), TimePoint(Duration(select.integer(1))), select.text(2)});
    return approvals;
}

}  // namespace ringmaster::sqlite
