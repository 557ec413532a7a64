#include "adapters/support/database_file.h"

#include <filesystem>

namespace ringmaster::support {
namespace {

// SQLite's own waiting does not pulse, so it gets little of it.
constexpr auto kBusyTimeout = std::chrono::milliseconds(200);
constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kLookAgain = std::chrono::milliseconds(20);

// What `attempt` gives, tried again while the file is locked. An ErrorKind::Busy would say that somebody
// holds a claim, which a locked file does not.
template <typename Attempt>
auto while_locked(const std::string& path, Clock& clock, Progress& progress, Attempt attempt)
    -> decltype(attempt()) {
    const auto start = clock.monotonic();
    for (;;) {
        auto result = attempt();
        if (result || result.error().kind() != ErrorKind::Busy) return result;
        if (clock.monotonic() - start >= kPatience)
            return Fail(Error::unavailable("the database {} has been locked by another process for {}", path,
                                           format_duration_for_people(kPatience)));
        TRY(clock.sleep(kLookAgain, progress));
    }
}

Result<int> version_of(database::Database& database, std::string_view part) {
    auto statement = TRY(database.prepare("SELECT version FROM schema_version WHERE part = ?"));
    statement.bind(1, part);
    return TRY(statement.step()) ? static_cast<int>(statement.integer(0)) : 0;
}

Result<void> bring_up_to_date(database::Database& database, const std::string& path, std::string_view part,
                              std::span<const char* const> steps) {
    const auto newest = static_cast<int>(steps.size());
    const int version = TRY(version_of(database, part));
    if (version > newest)
        return Fail(
            Error::invalid_input("{} was written by a newer ringmaster ({} version {}, this one knows {})",
                                 path, part, version, newest)
                .hint("use that version, or another database file"));
    for (int done = version; done < newest; ++done)
        TRY_WHILE(database.execute(steps[static_cast<std::size_t>(done)]), "changing {} to version {}", part,
                  done + 1);
    if (version == newest) return {};
    auto statement =
        TRY(database.prepare("INSERT OR REPLACE INTO schema_version (part, version) VALUES (?, ?)"));
    return statement.bind(1, part).bind(2, newest).run();
}

}  // namespace

Result<database::Database> open_part(const std::string& path, std::string_view part,
                                     std::span<const char* const> steps, Clock& clock) {
    NoProgress quiet;
    std::error_code ignored;  // opening says it better
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    auto database =
        TRY(while_locked(path, clock, quiet, [&] { return database::Database::open(path, kBusyTimeout); }));
    auto transaction = TRY(begin_patiently(database, path, clock, quiet));
    TRY_WHILE(
        database.execute("CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER "
                         "NOT NULL)"),
        "opening {}", path);
    TRY(bring_up_to_date(database, path, part, steps));
    TRY_WHILE(transaction.commit(), "opening {}", path);
    return database;
}

Result<database::Transaction> begin_patiently(database::Database& database, const std::string& path,
                                              Clock& clock, Progress& progress) {
    return TRY_WHILE(
        while_locked(path, clock, progress, [&] { return database::Transaction::begin(database); }),
        "writing to {}", path);
}

}  // namespace ringmaster::support
