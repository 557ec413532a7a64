#include "adapters/support/certificate_authorities.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaster::support {
namespace {

constexpr const char* kThere = "/proc/self/status";
constexpr const char* kThereToo = "/proc/self/stat";
constexpr const char* kMissing = "/proc/self/no-such-file.pem";

TEST(CertificateAuthorities, LibcurlsOwnFileIsUsedWhenItIsThereOrWhenItNeedsNone) {
    constexpr std::array kKnown = {kThereToo};
    EXPECT_EQ(ca_file_instead_of(kThere, kKnown), "");
    EXPECT_EQ(ca_file_instead_of("", kKnown), "");
}

TEST(CertificateAuthorities, TheFirstKnownFileThatExistsStandsInForLibcurlsMissingOne) {
    constexpr std::array kKnown = {kMissing, kThere, kThereToo};
    EXPECT_EQ(ca_file_instead_of(kMissing, kKnown), kThere);
}

TEST(CertificateAuthorities, WithoutAnyFileItIsLeftToLibcurlToSaySo) {
    constexpr std::array kKnown = {kMissing};
    EXPECT_EQ(ca_file_instead_of(kMissing, kKnown), "");
}

}  // namespace
}  // namespace ringmaster::support
