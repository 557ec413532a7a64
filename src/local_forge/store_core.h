#pragma once
// What every part of the store shares: the one database connection and the lock around it, the clock,
// randomness, and the place where events for webhooks are handed on. Only the parts of the store include
// this.

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "database/sqlite.h"
#include "local_forge/event.h"
#include "local_forge/model.h"

namespace ringmaster::local_forge {

class StoreCore {
 public:
    StoreCore(database::Database connection, std::function<TimePoint()> clock,
              std::function<std::string(std::size_t)> entropy)
        : database(std::move(connection)), now(std::move(clock)), random_hex(std::move(entropy)) {}

    database::Database database;
    std::recursive_mutex mutex;
    int transaction_depth = 0;
    std::function<TimePoint()> now;
    std::function<std::string(std::size_t)> random_hex;
    /// Called inside the transaction that caused the event.
    std::function<Result<void>(const Event&)> on_event;

    Result<void> emit(const Event& event) { return on_event ? on_event(event) : Result<void>(); }

    /// A statement with its parameters bound, in order. The lock must be held while it is used.
    template <typename... Values>
    Result<database::Statement> query(std::string_view sql, const Values&... values) {
        auto statement = TRY(database.prepare(sql));
        int index = 0;
        (bind(statement, ++index, values), ...);
        return statement;
    }
    template <typename... Values>
    Result<void> run(std::string_view sql, const Values&... values) {
        auto statement = TRY(query(sql, values...));
        return statement.run();
    }
    /// The id of the new row.
    template <typename... Values>
    Result<Id> insert(std::string_view sql, const Values&... values) {
        TRY(run(sql, values...));
        return database.last_insert_id();
    }
    /// The first column of the first row; 0 without one.
    template <typename... Values>
    Result<std::int64_t> number(std::string_view sql, const Values&... values) {
        auto statement = TRY(query(sql, values...));
        const bool found = TRY(statement.step());
        return found ? statement.integer(0) : 0;
    }

    static void bind(database::Statement& statement, int index, std::string_view value) {
        statement.bind(index, value);
    }
    static void bind(database::Statement& statement, int index, std::int64_t value) {
        statement.bind(index, value);
    }
    static void bind(database::Statement& statement, int index, bool value) {
        statement.bind(index, value ? 1 : 0);
    }
    static void bind(database::Statement& statement, int index, int value) { statement.bind(index, value); }
    static void bind(database::Statement& statement, int index, TimePoint value) {
        statement.bind(index, static_cast<std::int64_t>(value.time_since_epoch().count()));
    }
    template <typename E>
        requires std::is_enum_v<E>
    static void bind(database::Statement& statement, int index, E value) {
        statement.bind(index, static_cast<std::int64_t>(value));
    }
    template <typename T>
    static void bind(database::Statement& statement, int index, const std::optional<T>& value) {
        if (value)
            bind(statement, index, *value);
        else
            statement.bind_null(index);
    }
};

inline TimePoint time_at(const database::Statement& row, int column) {
    return TimePoint(Duration(row.integer(column)));
}
inline std::optional<TimePoint> optional_time_at(const database::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}
inline std::optional<std::string> optional_text_at(const database::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}
inline std::optional<Id> optional_id_at(const database::Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.integer(column));
}

/// Holds the store's lock and one SQLite transaction; an inner one joins the outer. Rolled back unless
/// committed.
class [[nodiscard]] StoreTransaction {
 public:
    static Result<StoreTransaction> begin(StoreCore& core);
    ~StoreTransaction();
    StoreTransaction(StoreTransaction&& other) noexcept
        : core_(std::exchange(other.core_, nullptr)), lock_(std::move(other.lock_)) {}
    StoreTransaction& operator=(StoreTransaction&&) = delete;
    Result<void> commit();

 private:
    StoreTransaction(StoreCore* core, std::unique_lock<std::recursive_mutex> lock)
        : core_(core), lock_(std::move(lock)) {}
    StoreCore* core_;
    std::unique_lock<std::recursive_mutex> lock_;
};

}  // namespace ringmaster::local_forge
