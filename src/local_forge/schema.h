#pragma once
// The database's tables. Its version is in PRAGMA user_version; a newer one than ours is refused.

#include "database/sqlite.h"

namespace ringmaster::local_forge {

/// Makes what is missing. Errors: Corrupt (made by a newer version), Busy, Unavailable.
Result<void> prepare_schema(database::Database& database);

}  // namespace ringmaster::local_forge
