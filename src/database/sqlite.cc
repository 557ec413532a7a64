#include "database/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace ringmaster::database {
namespace {

Error error_of(sqlite3* connection, int code, std::string_view doing) {
    const std::string message =
        fmt::format("the database said \"{}\" while {}", sqlite3_errmsg(connection), doing);
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
            return Error(ErrorKind::Conflict, message);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Error(ErrorKind::Busy, message);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_ERROR:
            return Error(ErrorKind::Corrupt, message);
        case SQLITE_FULL:
            return Error(ErrorKind::Unavailable, message).hint("free some disk space, then try again");
        case SQLITE_READONLY:
            return Error(ErrorKind::Unavailable, message)
                .hint("make the database file and its folder writable");
        default:
            return Error(ErrorKind::Unavailable, message);
    }
}

}  // namespace

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), connection_(other.connection_) {}

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL, and an empty view may have one.
    sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind_null(int index) {
    sqlite3_bind_null(statement_, index);
    return *this;
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return Fail(error_of(connection_, code, sqlite3_sql(statement_)));
}

Result<void> Statement::run() {
    while (TRY(step())) {
    }
    return {};
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<Database> Database::open(const std::string& path, Duration busy_timeout) {
    sqlite3* connection = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
    Database database(connection);  // also closes what a failed open left
    if (code != SQLITE_OK)
        return Fail(Error::unavailable("cannot open the database {}: {}", path, sqlite3_errstr(code)));
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, static_cast<int>(busy_timeout.count()));
    TRY_WHILE(database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"),
              "opening {}", path);
    return database;
}

Database::~Database() {
    sqlite3_close_v2(connection_);
}

Database::Database(Database&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(connection_, other.connection_);
    return *this;
}

Result<void> Database::execute(const char* sql) {
    const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return Fail(error_of(connection_, code, "running a script"));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(connection_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) return Fail(error_of(connection_, code, sql));
    return Statement(statement, connection_);
}

std::int64_t Database::last_insert_id() const {
    return sqlite3_last_insert_rowid(connection_);
}

int Database::changes() const {
    return sqlite3_changes(connection_);
}

Result<Transaction> Transaction::begin(Database& database) {
    TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(&database);
}

Transaction::~Transaction() {
    if (database_) (void)database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
    TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace ringmaster::database
