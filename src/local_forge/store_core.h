#pragma once
// What every part of the store shares: the one database connection and the lock around it, the clock,
// randomness, and the place where events for webhooks are handed on. Only the parts of the store include
// this.

#include <functional>
#include <map>
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
              std::function<std::string(std::size_t)> entropy);

    database::Database database;
    std::recursive_mutex mutex;
    int transaction_depth = 0;
    std::function<TimePoint()> now;
    std::function<std::string(std::size_t)> random_hex;
    std::function<Result<void>(const Event&)>
        on_event;  ///< called inside the transaction that caused the event

    Result<void> emit(const Event& event);
};

/// Holds the store's lock and one SQLite transaction; an inner one joins the outer. Rolled back unless
/// committed.
class [[nodiscard]] StoreTransaction {
 public:
    static Result<StoreTransaction> begin(StoreCore& core);
    ~StoreTransaction();
    StoreTransaction(StoreTransaction&& other) noexcept;
    StoreTransaction& operator=(StoreTransaction&&) = delete;
    Result<void> commit();

 private:
    StoreTransaction(StoreCore* core, std::unique_lock<std::recursive_mutex> lock)
        : core_(core), lock_(std::move(lock)) {}
    StoreCore* core_;
    std::unique_lock<std::recursive_mutex> lock_;
};

}  // namespace ringmaster::local_forge
