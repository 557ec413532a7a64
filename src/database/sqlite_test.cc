#include "database/sqlite.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

namespace ringmaster::database {
namespace {

using namespace std::chrono_literals;

class DatabaseFile : public testing::Test {
 protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "rm-sqlite-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path() const { return (folder_ / "test.db").string(); }

    std::filesystem::path folder_;
};

Database in_memory() {
    auto database = Database::open(":memory:").value();
    EXPECT_TRUE(database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"));
    return database;
}

std::int64_t count(Database& database) {
    auto statement = database.prepare("SELECT count(*) FROM t").value();
    EXPECT_TRUE(statement.step().value());
    return statement.integer(0);
}

TEST(Database, KeepsAnyText) {
    auto database = in_memory();
    for (const std::string& text :
         {std::string("🎪"), std::string(), std::string("a\0b", 3), std::string("'; DROP TABLE t")}) {
        auto insert = database.prepare("INSERT INTO t (name) VALUES (?)").value();
        ASSERT_TRUE(insert.bind(1, text).run());
        auto select = database.prepare("SELECT name FROM t WHERE id = ?").value();
        ASSERT_TRUE(select.bind(1, database.last_insert_id()).step().value());
        EXPECT_EQ(select.text(0), text);
        EXPECT_FALSE(select.is_null(0));
        EXPECT_FALSE(select.step().value());
    }
}

TEST(Database, TellsNullFromEmpty) {
    auto database = in_memory();
    ASSERT_TRUE(database.prepare("INSERT INTO t (name) VALUES (?)").value().bind_null(1).run());
    auto select = database.prepare("SELECT name FROM t").value();
    ASSERT_TRUE(select.step().value());
    EXPECT_TRUE(select.is_null(0));
    EXPECT_EQ(select.text(0), "");
}

TEST(Database, CallsABrokenConstraintAConflict) {
    auto database = in_memory();
    ASSERT_TRUE(database.execute("INSERT INTO t (name) VALUES ('a')"));
    const auto again = database.execute("INSERT INTO t (name) VALUES ('a')");
    EXPECT_EQ(again.error().kind(), ErrorKind::Conflict);
    EXPECT_EQ(database.prepare("INSERT INTO t (name) VALUES ('a')").value().run().error().kind(),
              ErrorKind::Conflict);
    EXPECT_EQ(count(database), 1);
}

TEST(Database, CallsAMissingTableCorrupt) {
    auto database = in_memory();
    EXPECT_EQ(database.prepare("SELECT * FROM gone").error().kind(), ErrorKind::Corrupt);
}

TEST(Database, CountsWhatAStatementChanged) {
    auto database = in_memory();
    ASSERT_TRUE(database.execute("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')"));
    ASSERT_TRUE(database.execute("DELETE FROM t WHERE name <> 'b'"));
    EXPECT_EQ(database.changes(), 2);
}

TEST(Database, SaysThatAFullDiskIsFull) {
    auto database = in_memory();
    ASSERT_TRUE(database.execute("PRAGMA max_page_count = 4"));
    const auto result = database.execute("INSERT INTO t (name) VALUES (hex(zeroblob(100000)))");
    EXPECT_EQ(result.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(result.error().hint().find("free some disk space"), std::string::npos);
    EXPECT_EQ(count(database), 0);
}

TEST(Database, SaysThatItMayNotWrite) {
    auto database = in_memory();
    ASSERT_TRUE(database.execute("PRAGMA query_only = 1"));
    const auto result = database.execute("INSERT INTO t (name) VALUES ('a')");
    EXPECT_EQ(result.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(result.error().hint().find("writable"), std::string::npos);
}

TEST(Transaction, IsRolledBackUnlessCommitted) {
    auto database = in_memory();
    {
        auto transaction = Transaction::begin(database).value();
        ASSERT_TRUE(database.execute("INSERT INTO t (name) VALUES ('lost')"));
    }
    EXPECT_EQ(count(database), 0);
    {
        auto transaction = Transaction::begin(database).value();
        ASSERT_TRUE(database.execute("INSERT INTO t (name) VALUES ('kept')"));
        ASSERT_TRUE(transaction.commit());
    }
    EXPECT_EQ(count(database), 1);
}

TEST_F(DatabaseFile, OutlivesItsConnection) {
    {
        auto database = Database::open(path()).value();
        ASSERT_TRUE(database.execute("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (7)"));
    }
    auto database = Database::open(path()).value();
    EXPECT_EQ(count(database), 1);
}

TEST_F(DatabaseFile, SaysWhichFileCannotBeOpened) {
    const auto result = Database::open((folder_ / "no" / "such" / "folder.db").string());
    EXPECT_EQ(result.error().kind(), ErrorKind::Unavailable);
    EXPECT_NE(result.error().message().find("folder.db"), std::string::npos);
}

TEST_F(DatabaseFile, CallsAFileThatIsNoDatabaseCorrupt) {
    std::ofstream(path()) << std::string(4096, 'x');
    const auto result = Database::open(path());
    EXPECT_EQ(result.error().kind(), ErrorKind::Corrupt);
    EXPECT_NE(result.error().describe().find(path()), std::string::npos);
}

TEST_F(DatabaseFile, CallsALockBusy) {
    auto holder = Database::open(path()).value();
    auto other = Database::open(path(), 1ms).value();
    auto transaction = Transaction::begin(holder).value();
    EXPECT_EQ(Transaction::begin(other).error().kind(), ErrorKind::Busy);
}

// Several processes start at once on a file that is not there yet; switching a new file to WAL is where they
// meet.
TEST_F(DatabaseFile, IsOpenedAndFilledByManyAtOnce) {
    constexpr int kWriters = 8;
    constexpr int kRows = 20;
    std::vector<std::thread> writers;
    std::vector<std::string> problems(kWriters);
    for (int writer = 0; writer < kWriters; ++writer) {
        writers.emplace_back([&, writer] {
            const auto work = [&]() -> Result<void> {
                auto database = TRY(Database::open(path()));
                TRY(database.execute("CREATE TABLE IF NOT EXISTS t (writer INTEGER, row INTEGER)"));
                for (int row = 0; row < kRows; ++row) {
                    auto insert = TRY(database.prepare("INSERT INTO t VALUES (?, ?)"));
                    TRY(insert.bind(1, writer).bind(2, row).run());
                }
                return {};
            };
            const auto done = work();
            if (!done) problems[static_cast<std::size_t>(writer)] = done.error().describe();
        });
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(problems, std::vector<std::string>(kWriters));
    auto database = Database::open(path()).value();
    EXPECT_EQ(count(database), kWriters * kRows);
}

}  // namespace
}  // namespace ringmaster::database
