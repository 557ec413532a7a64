#include "domain/repository_name.h"

#include <gtest/gtest.h>

namespace ringmaster {
namespace {

TEST(RepositoryName, IsOwnerAndName) {
    const auto name = RepositoryName::parse("apache/superset.js_2-x").value();
    EXPECT_EQ(name, (RepositoryName{"apache", "superset.js_2-x"}));
    EXPECT_EQ(name.text(), "apache/superset.js_2-x");
}

// The name becomes part of paths and URLs, so nothing in it may step out of its place.
TEST(RepositoryName, RefusesWhatWouldBreakOutOfAPathOrURL) {
    for (const auto* bad : {"", "/", "a", "a/", "/b", "a/b/c", "../b", "a/..", "./b", "a/.", "a b/c", "a/b?c",
                            "a/b#c", "a/%2e", "https://github.com/a/b", "a\\b/c", "a/b\n"})
        EXPECT_EQ(RepositoryName::parse(bad).error().kind(), ErrorKind::InvalidInput) << bad;
    EXPECT_FALSE(RepositoryName::parse("a/" + std::string(101, 'b')));
}

}  // namespace
}  // namespace ringmaster
