#pragma once
// A thin owner of SQLite connections and statements. One Database belongs to one thread at a time; several
// processes may open the same file (WAL, with a busy timeout).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ringmaster::database {

/// A prepared statement. Indices count from 1 for bind and from 0 for columns,
/// as SQLite's own do.
class Statement {
 public:
    Statement(sqlite3_stmt* statement, sqlite3* connection)
        : statement_(statement), connection_(connection) {}
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, int value) { return bind(index, static_cast<std::int64_t>(value)); }
    Statement& bind(int index, std::string_view value);
    Statement& bind(int index, const char* value) { return bind(index, std::string_view(value)); }
    Statement& bind_null(int index);

    /// Moves to the next row; false at the end. Errors: Conflict (a constraint), Busy (locked for longer than
    /// the busy timeout), Unavailable (disk full, read-only, I/O), Corrupt.
    Result<bool> step();
    /// Runs to the end, ignoring rows.
    Result<void> run();

    std::int64_t integer(int column) const;
    std::string text(int column) const;
    bool is_null(int column) const;

 private:
    sqlite3_stmt* statement_;
    sqlite3* connection_;
};

class Database {
 public:
    /// Opens or creates; ":memory:" for none on disk. Errors: Unavailable (cannot be opened; path and cause),
    /// Corrupt.
    static Result<Database> open(const std::string& path, Duration busy_timeout = std::chrono::seconds(10));
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;

    /// Several statements without parameters, separated by semicolons.
    Result<void> execute(const char* sql);
    /// Errors: Corrupt (the SQL does not fit the schema), Busy.
    Result<Statement> prepare(std::string_view sql);
    std::int64_t last_insert_id() const;
    int changes() const;

 private:
    explicit Database(sqlite3* connection) : connection_(connection) {}
    sqlite3* connection_ = nullptr;
};

/// BEGIN IMMEDIATE … COMMIT; rolled back unless committed.
class Transaction {
 public:
    static Result<Transaction> begin(Database& database);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
    Transaction& operator=(Transaction&&) = delete;
    Result<void> commit();

 private:
    explicit Transaction(Database* database) : database_(database) {}
    Database* database_;
};

}  // namespace ringmaster::database
