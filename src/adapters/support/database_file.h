#pragma once
// Opening a database file of ours, whichever version of the program wrote it last. Claims, history and others
// may share one file: each part counts its own versions.

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "database/sqlite.h"
#include "ports/clock.h"
#include "ports/progress.h"

namespace ringmaster::support {

/// Opens or creates the file with its folder, and brings `part` up to date: `steps` are scripts, the n-th of
/// which leads from version n-1 to n; never change one that was released. Errors: Unavailable (cannot be
/// opened or written), Corrupt (not a database), InvalidInput (a newer program wrote it).
Result<database::Database> open_part(const std::string& path, std::string_view part,
                                     std::span<const char* const> steps, Clock& clock);

/// Begins a transaction that writes, waiting while another process writes. Errors: Unavailable (the file
/// stayed locked, or cannot be written), the pulse's own.
Result<database::Transaction> begin_patiently(database::Database& database, const std::string& path,
                                              Clock& clock, Progress& progress);

}  // namespace ringmaster::support
