#include "adapters/aws/ownership_tags.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ringmaster::aws {
namespace {

const RepositoryName kRepository{"acme", "shop"};

ShowSpec a_show() {
    const auto commit = *CommitSha::parse("abc1234000000000000000000000000000000000");
    ShowSpec spec{.show = {kRepository, 12, commit.short_sha()}, .commit = commit};
    spec.artifact.image = "registry.example.org/shop:pr-12-abc1234-ci";
    spec.requested_by = "dependabot[bot]";
    spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
    spec.expires_at = *parse_iso8601("2026-11-24T14:09:00Z");
    return spec;
}

TEST(OwnershipTags, WhatIsWrittenIsReadBack) {
    const auto spec = a_show();
    const auto read = read_ownership(*tags_of(spec, {}), "any-name", kRepository, Showtime::Ignore);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->show, spec.show);
    EXPECT_EQ(read->commit, spec.commit);
    EXPECT_EQ(read->created_at, spec.created_at);
    EXPECT_EQ(read->expires_at, spec.expires_at);
    EXPECT_EQ(read->image, image_tag(spec.artifact));
    auto unending = spec;
    unending.expires_at.reset();
    EXPECT_EQ(read_ownership(*tags_of(unending, {}), "", kRepository, Showtime::Ignore)->expires_at,
              std::nullopt);
}

TEST(OwnershipTags, AnotherRepositorysAndIncompleteOnesAreNotOurs) {
    const auto tags = *tags_of(a_show(), {});
    EXPECT_FALSE(read_ownership(tags, "", {"acme", "other"}, Showtime::Ignore));
    for (const auto* needed : {"ringmaster.repository", "ringmaster.pull_request", "ringmaster.sha",
                               "ringmaster.created", "ringmaster.expires"}) {
        auto incomplete = tags;
        incomplete.erase(needed);
        EXPECT_FALSE(read_ownership(incomplete, "", kRepository, Showtime::Adopt)) << needed;
    }
    EXPECT_FALSE(read_ownership({}, "pr-12-abc1234-service", kRepository, Showtime::Adopt));
}

TEST(OwnershipTags, ServicesOfSupersetShowtimeAreAdoptedOnlyWhenAsked) {
    const Tags tags{{"showtime_managed", "true"}, {"pr", "12"}, {"showtime_created", "1763820540"}};
    EXPECT_FALSE(read_ownership(tags, "pr-12-abc1234-service", kRepository, Showtime::Ignore));
    const auto read = read_ownership(tags, "pr-12-abc1234-service", kRepository, Showtime::Adopt);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->show, a_show().show);
    EXPECT_EQ(read->created_at, parse_iso8601("2025-11-22T14:09:00Z"));
    // Contract D23: a frontend's service is not a show, whatever its name looks like.
    for (const auto* name : {"pr-12-frontend-service", "pr-12-service", "pr-12-abc1234-service-service",
                             "pr-13-abc1234-service", "pr-12-abc12345-service", "other"})
        EXPECT_FALSE(read_ownership(tags, name, kRepository, Showtime::Adopt)) << name;
    auto ours_elsewhere = tags;
    ours_elsewhere["ringmaster.repository"] = "acme/other";
    EXPECT_FALSE(read_ownership(ours_elsewhere, "pr-12-abc1234-service", kRepository, Showtime::Adopt));
}

TEST(OwnershipTags, MoreTagsAreFilledIn) {
    const auto tags = tags_of(a_show(), {{"showtime_managed", "true"},
                                         {"pr", "{pr}"},
                                         {"github_user", "{requested_by}"},
                                         {"showtime_created", "{created}"},
                                         {"showtime_expires", "{expires}"},
                                         {"Cost Centre", "{repository}@{sha}"}});
    ASSERT_TRUE(tags) << tags.error().describe();
    EXPECT_EQ(tags->at("pr"), "12");
    EXPECT_EQ(tags->at("github_user"), "dependabot=5Bbot=5D");
    EXPECT_EQ(tags->at("showtime_created"), "1795356540");
    EXPECT_EQ(tags->at("showtime_expires"), "1795529340");
    EXPECT_EQ(tags->at("Cost Centre"), "acme/shop@abc1234");
}

TEST(OwnershipTags, WhatAwsWouldRefuseIsRefusedBeforehand) {
    const std::vector<Tags> wrong = {{{"a", "50% off"}},
                                     {{"a", "{who}"}},
                                     {{"a", "{pr"}},
                                     {{"", "a"}},
                                     {{"aws:a", "b"}},
                                     {{"ringmaster.sha", "b"}},
                                     {{"a[b]", "c"}},
                                     {{"a", "été"}},
                                     {{std::string(129, 'a'), "b"}},
                                     {{"a", std::string(257, 'b')}}};
    for (const auto& tags : wrong) {
        const auto checked = check_tags(tags);
        ASSERT_FALSE(checked) << tags.begin()->first;
        EXPECT_EQ(checked.error().kind(), ErrorKind::InvalidInput);
        EXPECT_EQ(checked.error().message().find('\n'), std::string::npos);
    }
    Tags many;
    for (int i = 0; i < 50; ++i) many["tag " + std::to_string(i)] = "x";
    EXPECT_FALSE(check_tags(many));
    EXPECT_TRUE(check_tags({{"a", "b c_d.e:f/g=h+i-j@k"}}));
}

RC_GTEST_PROP(OwnershipTags, AnyTextBecomesAnAllowedValue, (const std::string& text)) {
    const auto value = encode_tag_value(text);
    RC_ASSERT(value.size() <= 256U);
    for (const char c : value)
        RC_ASSERT(std::isalnum(static_cast<unsigned char>(c)) || std::string_view(" _.:/=+-@").contains(c));
    if (text.size() <= 85) RC_ASSERT(decode_tag_value(value) == text);
}

}  // namespace
}  // namespace ringmaster::aws
