#include "domain/commit_sha.h"

#include <gtest/gtest.h>

namespace ringmaster {
namespace {

const std::string kFull = "0123456789ABCDEF0123456789abcdef01234567";

TEST(ShortSha, IsSevenHexadecimalDigitsInLowerCase) {
    EXPECT_EQ(ShortSha::parse("ABC123F").value().text(), "abc123f");
    for (const auto* bad : {"", "abc123", "abc123f4", "abc123g", "updates", " abc123", "abc 23f", "0x12345"})
        EXPECT_EQ(ShortSha::parse(bad).error().kind(), ErrorKind::InvalidInput) << bad;
}

TEST(CommitSha, IsFortyDigitsAndBeginsWithItsShortOne) {
    const CommitSha sha = CommitSha::parse(kFull).value();
    EXPECT_EQ(sha.text(), "0123456789abcdef0123456789abcdef01234567");
    EXPECT_EQ(sha.short_sha().text(), "0123456");
    EXPECT_FALSE(CommitSha::parse(kFull.substr(1)));
    EXPECT_FALSE(CommitSha::parse(kFull + "0"));
}

TEST(ShaPrefix, MayHaveSevenToFortyDigits) {
    EXPECT_EQ(parse_sha_prefix("ABCDEF0").value(), "abcdef0");
    EXPECT_EQ(parse_sha_prefix(kFull).value().size(), 40U);
    EXPECT_FALSE(parse_sha_prefix("abcdef"));
    EXPECT_FALSE(parse_sha_prefix(kFull + "0"));
    EXPECT_FALSE(parse_sha_prefix("HEAD~12"));
}

TEST(ShaErrors, ShowTheTextHarmlesslyAndSayWhatIsNeeded) {
    const auto error = ShortSha::parse("\x1b[31mred").error();
    EXPECT_EQ(error.message(), "\"�[31mred\" is not a commit: 7 hexadecimal digits are needed");
    EXPECT_LT(parse_sha_prefix(std::string(5000, 'x')).error().message().size(), 200U);
}

}  // namespace
}  // namespace ringmaster
