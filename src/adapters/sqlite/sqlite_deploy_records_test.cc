#include "adapters/sqlite/sqlite_deploy_records.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "testing/contracts/deploy_records_contract.h"
#include "testing/fake_clock.h"
#include "testing/fake_flows.h"
#include "testing/temporary_folder.h"

namespace ringmaster::testing {
namespace {

using sqlite::SqliteDeployRecords;

class SqliteDeployRecordsHarness {
 public:
    DeployRecords& records() { return *one_; }
    DeployRecords& reopened() { return *(two_ = open()); }
    std::string path() const { return folder_.path("new/folder/deployments.db"); }

 private:
    std::unique_ptr<SqliteDeployRecords> open() { return SqliteDeployRecords::open(path(), clock_).value(); }
    TemporaryFolder folder_;
    FakeClock clock_;
    std::unique_ptr<SqliteDeployRecords> one_ = open();
    std::unique_ptr<SqliteDeployRecords> two_;
};

class FakeDeployRecordsHarness {
 public:
    DeployRecords& records() { return records_; }
    DeployRecords& reopened() { return records_; }

 private:
    FakeDeployRecords records_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DeployRecordsContract, SqliteDeployRecordsHarness);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, DeployRecordsContract, FakeDeployRecordsHarness);

TEST(SqliteDeployRecords, NobodyElseMayReadTheVariablesInThem) {
    const SqliteDeployRecordsHarness harness;
    struct stat facts{};
    ASSERT_EQ(::stat(harness.path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace ringmaster::testing
