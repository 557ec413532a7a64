#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_claims.h"
#include "adapters/sqlite/sqlite_history.h"
#include "adapters/support/database_file.h"
#include "testing/claims_race.h"
#include "testing/contracts/claims_contract.h"
#include "testing/contracts/history_contract.h"
#include "testing/fake_entropy.h"
#include "testing/small_disk.h"
#include "testing/temporary_folder.h"

namespace ringmaster::testing {
namespace {

using namespace std::chrono_literals;
using sqlite::SqliteClaims;
using sqlite::SqliteHistory;

class SqliteClaimsHarness {
 public:
    SqliteClaimsHarness() {
        forge_.open(12, "aaaaaaa");
        forge_.open(13, "bbbbbbb");
    }
    Claims& claims() { return *one_; }
    Claims& other_claims() { return *two_; }
    FakeForge& forge() { return forge_; }
    FakeClock& clock() { return clock_; }
    Duration lease() { return 5min; }
    Duration margin() { return 60s; }

 private:
    std::unique_ptr<SqliteClaims> open() {
        return SqliteClaims::open({folder_.path("claims.db"), "acme/shop", lease()}, forge_, clock_, entropy_)
            .value();
    }
    TemporaryFolder folder_;
    FakeClock clock_;
    FakeEntropy entropy_;
    FakeForge forge_{clock_};
    std::unique_ptr<SqliteClaims> one_ = open();
    std::unique_ptr<SqliteClaims> two_ = open();
};

class SqliteHistoryHarness {
 public:
    History& history() { return *one_; }
    History& reopened() { return *(two_ = open()); }

 private:
    std::unique_ptr<SqliteHistory> open() {
        return SqliteHistory::open(folder_.path("new/folder/history.db"), "acme/shop", clock_).value();
    }
    TemporaryFolder folder_;
    FakeClock clock_;
    std::unique_ptr<SqliteHistory> one_ = open();
    std::unique_ptr<SqliteHistory> two_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ClaimsContract, SqliteClaimsHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, HistoryContract, SqliteHistoryHarness);

// The real clock, since virtual time does not pass between processes.
class RealClock final : public Clock {
 public:
    TimePoint now() override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    Duration monotonic() override {
        return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
    }
    Result<void> sleep(Duration length, Progress& progress) override {
        const auto end = monotonic() + length;
        do TRY(progress.pulse());
        while (monotonic() < end && ::usleep(500) == 0);
        return {};
    }
};

class SqliteRacer final : public Racer {
 public:
    SqliteRacer(const std::string& path, Duration lease) : entropy_(static_cast<std::uint64_t>(::getpid())) {
        forge_.open(12, "aaaaaaa");
        auto opened = SqliteClaims::open({path, "acme/shop", lease}, forge_, clock_, entropy_);
        if (!opened) std::fprintf(stderr, "%s\n", opened.error().describe().c_str());
        claims_ = std::move(opened).value();
    }
    Claims& claims() override { return *claims_; }
    Forge& forge() override { return forge_; }
    Clock& clock() override { return clock_; }

 private:
    RealClock clock_;
    FakeEntropy entropy_;
    FakeForge forge_{clock_};
    std::unique_ptr<SqliteClaims> claims_;
};

TEST(SqliteClaimsRace, EightProcessesAreNeverInsideTogether) {
    const TemporaryFolder folder;
    const RaceRules rules{.processes = 8, .entries_each = 40};
    const auto result = race_for_claims(
        rules, folder.path(), [&] { return std::make_unique<SqliteRacer>(folder.path("claims.db"), 10s); });
    EXPECT_TRUE(result.errors.empty()) << result.errors.front();
    EXPECT_EQ(result.meetings, 0);
    EXPECT_EQ(result.counted, result.entries);
    EXPECT_GE(result.entries, 320);
    EXPECT_GT(result.refusals, 0) << "nobody ever met resistance, so nothing was proved";
}

TEST(SqliteClaimsRace, AProcessThatDiesInsideDelaysTheOthersButLetsNobodyInEarly) {
    const TemporaryFolder folder;
    const RaceRules rules{.processes = 4, .entries_each = 10, .entries_between_deaths = 20};
    const auto result = race_for_claims(
        rules, folder.path(), [&] { return std::make_unique<SqliteRacer>(folder.path("claims.db"), 1s); });
    EXPECT_TRUE(result.errors.empty()) << result.errors.front();
    EXPECT_EQ(result.meetings, 0);
    EXPECT_EQ(result.counted, result.entries);
    EXPECT_GE(result.deaths, 2);
}

TEST(SqliteClaims, RepositoriesShareAFileAndNotTheirClaims) {
    const TemporaryFolder folder;
    FakeClock clock;
    FakeEntropy entropy;
    FakeForge forge(clock);
    forge.open(12, "aaaaaaa");
    NoProgress quiet;
    const auto one =
        SqliteClaims::open({folder.path("claims.db"), "acme/shop", 5min}, forge, clock, entropy).value();
    const auto two =
        SqliteClaims::open({folder.path("claims.db"), "acme/other", 5min}, forge, clock, entropy).value();
    EXPECT_TRUE(one->acquire(*forge.observe(12), quiet));
    EXPECT_TRUE(two->acquire(*forge.observe(12), quiet));
}

TEST(SqliteClaims, AFileThatIsLockedForTooLongIsUnavailableNotBusy) {
    const TemporaryFolder folder;
    FakeClock clock;
    FakeEntropy entropy;
    FakeForge forge(clock);
    forge.open(12, "aaaaaaa");
    RecordingProgress progress;
    const auto claims =
        SqliteClaims::open({folder.path("claims.db"), "acme/shop", 5min}, forge, clock, entropy).value();
    auto other = database::Database::open(folder.path("claims.db")).value();
    // Real waiting is 200 ms an attempt; virtual time makes the attempts few.
    progress.on_pulse([&](int) { clock.advance(6s); });
    const auto writing = database::Transaction::begin(other).value();
    const auto claimed = claims->acquire(*forge.observe(12), progress);
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(claimed.error().describe().find(folder.path("claims.db")), std::string::npos);
}

TEST(SqliteClaims, AnExtensionThatCannotBeWrittenMeansLost) {
    const TemporaryFolder folder;
    FakeClock clock;
    FakeEntropy entropy;
    FakeForge forge(clock);
    forge.open(12, "aaaaaaa");
    NoProgress quiet;
    const auto claims =
        SqliteClaims::open({folder.path("claims.db"), "acme/shop", 5min}, forge, clock, entropy).value();
    auto claim = claims->acquire(*forge.observe(12), quiet).value().claim;
    auto other = database::Database::open(folder.path("claims.db")).value();
    ASSERT_TRUE(other.execute("DROP TABLE claim"));
    const auto before = claim.valid_until;
    const auto extended = claims->extend(claim);
    ASSERT_FALSE(extended);
    EXPECT_EQ(extended.error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(claim.valid_until, before);
}

TEST(SqliteHistory, ForgetsTheOldestWhenItIsFull) {
    const TemporaryFolder folder;
    FakeClock clock;
    const auto history = SqliteHistory::open(folder.path("history.db"), "", clock, 3).value();
    for (const char* detail : {"1", "2", "3", "4", "5"}) ASSERT_TRUE(history->record({.detail = detail}));
    const auto events = history->recent(0, 100);
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 3u);
    EXPECT_EQ(events->back().detail, "3");
}

TEST(SqliteHistory, TellsOfItsOwnRepositoryOnly) {
    const TemporaryFolder folder;
    FakeClock clock;
    const auto ours = SqliteHistory::open(folder.path("history.db"), "acme/shop", clock).value();
    ASSERT_TRUE(ours->record({.repository = "acme/other", .pull_request_number = 12}));
    EXPECT_TRUE(ours->recent(12, 10)->empty());
}

TEST(SqliteSchema, AFileOfANewerProgramIsRefusedAndLeftAlone) {
    const TemporaryFolder folder;
    FakeClock clock;
    constexpr const char* kTwoSteps[] = {"CREATE TABLE a (x)", "CREATE TABLE b (x)"};
    ASSERT_TRUE(support::open_part(folder.path("a.db"), "part", kTwoSteps, clock));
    const auto opened = support::open_part(folder.path("a.db"), "part", std::span(kTwoSteps).first(1), clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind(), ErrorKind::InvalidInput);
    EXPECT_NE(opened.error().describe().find("newer"), std::string::npos);
    EXPECT_TRUE(support::open_part(folder.path("a.db"), "part", kTwoSteps, clock));
}

TEST(SqliteSchema, AnOlderFileIsBroughtUpToDateAndKeepsItsRows) {
    const TemporaryFolder folder;
    FakeClock clock;
    constexpr const char* kSteps[] = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"};
    {
        auto old = support::open_part(folder.path("a.db"), "part", std::span(kSteps).first(1), clock).value();
        ASSERT_TRUE(old.execute("INSERT INTO a VALUES (7)"));
    }
    auto now = support::open_part(folder.path("a.db"), "part", kSteps, clock).value();
    auto row = now.prepare("SELECT x, y FROM a").value();
    ASSERT_TRUE(row.step().value());
    EXPECT_EQ(row.integer(0), 7);
}

TEST(SqliteSchema, AStepThatFailsChangesNothing) {
    const TemporaryFolder folder;
    FakeClock clock;
    constexpr const char* kBroken[] = {"CREATE TABLE a (x); NONSENSE"};
    EXPECT_FALSE(support::open_part(folder.path("a.db"), "part", kBroken, clock));
    constexpr const char* kRight[] = {"CREATE TABLE a (x)"};
    EXPECT_TRUE(support::open_part(folder.path("a.db"), "part", kRight, clock));
}

TEST(SqliteSchema, AFileThatIsNoDatabaseIsCorruptAndNamed) {
    const TemporaryFolder folder;
    FakeClock clock;
    const auto path = folder.write("rubbish.db", std::string(5000, 'x'));
    const auto opened = SqliteHistory::open(path, "", clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind(), ErrorKind::Corrupt);
    EXPECT_NE(opened.error().describe().find(path), std::string::npos);
}

TEST(SqliteHistory, AFullDiskIsSaidAndLosesNothingThatWasThere) {
    SmallDisk disk;
    if (!disk.is_there()) GTEST_SKIP() << "this user may not mount a disk";
    FakeClock clock;
    const auto history = SqliteHistory::open(disk.path("history.db"), "", clock).value();
    ASSERT_TRUE(history->record({.detail = "before"}));
    disk.fill();
    Result<void> recorded;
    // The file has some room of its own yet.
    for (int i = 0; i < 100 && recorded; ++i) recorded = history->record({.detail = std::string(4000, 'x')});
    ASSERT_FALSE(recorded);
    EXPECT_EQ(recorded.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(recorded.error().hint().find("disk space"), std::string::npos) << recorded.error().describe();
    const auto events = history->recent(0, 1000);
    ASSERT_TRUE(events) << events.error().describe();
    EXPECT_EQ(events->back().detail, "before");
    std::filesystem::remove(disk.path("filling"));
    EXPECT_TRUE(history->record({.detail = "after"}));
}

TEST(SqliteHistory, AFullDiskIsSaidWhenAFileIsToBeMade) {
    SmallDisk disk;
    if (!disk.is_there()) GTEST_SKIP() << "this user may not mount a disk";
    disk.fill();
    FakeClock clock;
    const auto history = SqliteHistory::open(disk.path("history.db"), "", clock);
    ASSERT_FALSE(history);
    EXPECT_EQ(history.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(history.error().hint().find("disk space"), std::string::npos) << history.error().describe();
}

TEST(SqliteSchema, AFolderThatCannotBeMadeIsUnavailableAndNamed) {
    const TemporaryFolder folder;
    FakeClock clock;
    const auto path = folder.write("in-the-way", "") + "/history.db";
    const auto opened = SqliteHistory::open(path, "", clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(opened.error().describe().find(path), std::string::npos);
}

}  // namespace
}  // namespace ringmaster::testing
