#include "local_forge/schema.h"

#include <gtest/gtest.h>

#include "database/sqlite.h"

namespace ringmaster::local_forge {
namespace {

std::int64_t number_of(database::Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    EXPECT_TRUE(statement && statement->step());
    return statement ? statement->integer(0) : -1;
}

TEST(Schema, ADatabaseOfTheFirstVersionGetsTheIndexOfLists) {
    auto database = database::Database::open(":memory:");
    ASSERT_TRUE(database && prepare_schema(*database));
    ASSERT_TRUE(database->execute("DROP INDEX issues_by_state; PRAGMA user_version = 1"));
    ASSERT_TRUE(prepare_schema(*database));
    EXPECT_EQ(number_of(*database, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'issues_by_state'"), 1);
    EXPECT_TRUE(prepare_schema(*database)) << "and is left alone the next time";
}

TEST(Schema, ADatabaseOfANewerVersionIsRefused) {
    auto database = database::Database::open(":memory:");
    ASSERT_TRUE(database && prepare_schema(*database));
    ASSERT_TRUE(database->execute("PRAGMA user_version = 1000"));
    const auto refused = prepare_schema(*database);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Corrupt);
}

}  // namespace
}  // namespace ringmaster::local_forge
