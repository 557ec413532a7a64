#include "adapters/sqlite/sqlite_claims.h"

#include <algorithm>

#include "adapters/support/database_file.h"

namespace ringmaster::sqlite {
namespace {

constexpr const char* kSteps[] = {
    R"sql(CREATE TABLE claim (
        repository TEXT NOT NULL,
        pull_request INTEGER NOT NULL,
        holder TEXT NOT NULL,
        expires_at_ms INTEGER NOT NULL,
        PRIMARY KEY (repository, pull_request)
    ) WITHOUT ROWID)sql",
};

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

}  // namespace

Result<std::unique_ptr<SqliteClaims>> SqliteClaims::open(SqliteClaimsSettings settings, Forge& forge,
                                                         Clock& clock, Entropy& entropy) {
    auto database = TRY(support::open_part(settings.path, "claims", kSteps, clock));
    return std::unique_ptr<SqliteClaims>(
        new SqliteClaims(std::move(settings), std::move(database), forge, clock, entropy));
}

Result<Claimed> SqliteClaims::acquire(const PullRequestView& seen, Progress& progress) {
    const auto claim = TRY(take(seen.pull_request.number, progress));
    auto view = forge_.observe(claim.pull_request_number);
    if (!view) {
        (void)release(claim);  // if this fails it expires
        return Fail(view.error());
    }
    return Claimed{claim, *std::move(view)};
}

Result<Claim> SqliteClaims::take(int pull_request_number, Progress& progress) {
    const std::lock_guard lock(mutex_);
    auto transaction = TRY(support::begin_patiently(database_, settings_.path, clock_, progress));
    TRY(check_free(pull_request_number));
    const auto holder = entropy_.hex(16);
    const auto expires_at = clock_.now() + settings_.lease;
    auto statement =
        TRY(database_.prepare("INSERT OR REPLACE INTO claim (repository, pull_request, holder, "
                              "expires_at_ms) VALUES (?, ?, ?, ?)"));
    statement.bind(1, settings_.repository).bind(2, pull_request_number).bind(3, holder);
    TRY(statement.bind(4, milliseconds(expires_at)).run());
    TRY(transaction.commit());
    return Claim{pull_request_number, holder, expires_at - settings_.margin(), {}};
}

Result<void> SqliteClaims::check_free(int pull_request_number) {
    auto statement =
        TRY(database_.prepare("SELECT expires_at_ms FROM claim WHERE repository = ? AND pull_request = ?"));
    statement.bind(1, settings_.repository).bind(2, pull_request_number);
    if (!TRY(statement.step())) return {};
    const auto until = TimePoint(Duration(statement.integer(0))) + settings_.margin();
    const auto now = clock_.now();
    if (now >= until) return {};
    return Fail(Error::busy("another worker has #{}", pull_request_number)
                    .hint(fmt::format("it is free at {} at the latest", format_iso8601(until)))
                    .retry_after(until - now));
}

Result<void> SqliteClaims::extend(Claim& claim) {
    const auto now = clock_.now();
    const auto expires_at = now + settings_.lease;
    const auto prolonged = now < claim.valid_until ? prolong(claim, expires_at) : Result<bool>(false);
    if (!prolonged)
        return Fail(Error::conflict("the claim on #{} could not be prolonged, so it counts as lost: {}",
                                    claim.pull_request_number, prolonged.error().describe())
                        .hint(prolonged.error().hint()));
    if (!*prolonged) return Fail(Error::conflict("the claim on #{} was lost", claim.pull_request_number));
    claim.valid_until = expires_at - settings_.margin();
    return {};
}

// False: the row is gone, or another's.
Result<bool> SqliteClaims::prolong(const Claim& claim, TimePoint expires_at) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, settings_.path, clock_, quiet));
    if (clock_.now() >= claim.valid_until) return false;  // waiting for the file took too long
    auto statement = TRY(database_.prepare(
        "UPDATE claim SET expires_at_ms = ? WHERE repository = ? AND pull_request = ? AND holder = ?"));
    statement.bind(1, milliseconds(expires_at)).bind(2, settings_.repository);
    TRY(statement.bind(3, claim.pull_request_number).bind(4, claim.holder).run());
    const bool is_ours = database_.changes() == 1;
    TRY(transaction.commit());
    return is_ours;
}

Result<void> SqliteClaims::release(const Claim& claim) {
    if (clock_.now() >= claim.valid_until) return {};
    return release_holder(claim.pull_request_number, claim.holder);
}

Result<void> SqliteClaims::release_holder(int pull_request_number, std::string_view holder) {
    const std::lock_guard lock(mutex_);
    NoProgress quiet;
    auto transaction = TRY(support::begin_patiently(database_, settings_.path, clock_, quiet));
    auto statement =
        TRY(database_.prepare("DELETE FROM claim WHERE repository = ? AND pull_request = ? AND holder = ?"));
    statement.bind(1, settings_.repository).bind(2, pull_request_number).bind(3, holder);
    TRY(statement.run());
    return transaction.commit();
}

}  // namespace ringmaster::sqlite
