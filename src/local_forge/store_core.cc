#include "local_forge/store_core.h"

namespace ringmaster::local_forge {

// Inner transactions are savepoints: an inner part that fails takes back its own writes, whatever the outer
// one does next (a GraphQL request goes on after a refused mutation).
Result<StoreTransaction> StoreTransaction::begin(StoreCore& core) {
    std::unique_lock lock(core.mutex);
    TRY(core.database.execute(core.transaction_depth == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT inner_part"));
    ++core.transaction_depth;
    return StoreTransaction(&core, std::move(lock));
}

StoreTransaction::~StoreTransaction() {
    if (!core_) return;
    --core_->transaction_depth;
    // Nothing to do about a failure here: SQLite has then rolled back by itself.
    if (core_->transaction_depth == 0)
        (void)core_->database.execute("ROLLBACK");
    else
        (void)core_->database.execute("ROLLBACK TO inner_part; RELEASE inner_part");
}

Result<void> StoreTransaction::commit() {
    TRY(core_->database.execute(core_->transaction_depth == 1 ? "COMMIT" : "RELEASE inner_part"));
    --core_->transaction_depth;
    core_ = nullptr;
    lock_.unlock();
    return {};
}

}  // namespace ringmaster::local_forge
