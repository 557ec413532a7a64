#include "adapters/support/base64.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::support {
namespace {

TEST(Base64, HasTheVectorsOfTheRfc) {  // RFC 4648, section 10
    EXPECT_EQ(base64_encode(""), "");
    EXPECT_EQ(base64_encode("f"), "Zg==");
    EXPECT_EQ(base64_encode("fo"), "Zm8=");
    EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64_encode("\xfb\xff", Base64::Url), "-_8=");
}

TEST(Base64, RefusesWhatIsNone) {
    EXPECT_FALSE(base64_decode("Zg!="));
    EXPECT_FALSE(base64_decode("Z"));
}

RC_GTEST_PROP(Base64, ReadsWhatItWrites, (const std::string& bytes)) {
    RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
    RC_ASSERT(base64_decode(base64_encode(bytes, Base64::Url)) == bytes);
}

}  // namespace
}  // namespace ringmaster::support
