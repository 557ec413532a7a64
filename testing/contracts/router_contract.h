#pragma once
// What every Router does. A suite's parameter is a harness, a type with a default constructor and
//
//     Router& router();           and  Router& another_worker();   on the same router and repository
//     Router& another_repository();                                on the same router
//     Endpoint backend(const std::string& body);    a web server that answers every request 200 with that
//     body std::optional<std::string> visit(const std::string& url);    what a visitor gets; nullopt: no page
//     of a
//                                                                  backend
//     void go_down();             from here on the router does not answer us
//
// Everything still there is the harness's destructor's to remove.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ports/router.h"

namespace ringmaster::testing {

template <typename Harness>
class RouterContract : public ::testing::Test {
 protected:
    Router& router() { return harness_.router(); }
    std::optional<std::string> visit(int pull_request_number) {
        return harness_.visit(router().address(pull_request_number) + "/");
    }
    void point(int pull_request_number, const Endpoint& to) {
        const auto pointed = router().point(pull_request_number, to);
        ASSERT_TRUE(pointed) << pointed.error().describe();
    }
    std::vector<Route> routes() {
        const auto listed = harness_.another_worker().list_managed();
        EXPECT_TRUE(listed) << listed.error().describe();
        return listed.value_or(std::vector<Route>{});
    }

    Harness harness_;
};
TYPED_TEST_SUITE_P(RouterContract);

TYPED_TEST_P(RouterContract, AnAddressIsTheSameBeforeWhileAndAfterItLeadsAnywhere) {
    const auto before = this->router().address(12);
    EXPECT_FALSE(before.empty());
    EXPECT_NE(before, this->router().address(13));
    this->point(12, this->harness_.backend("one"));
    EXPECT_EQ(this->router().address(12), before);
    EXPECT_EQ(this->harness_.another_worker().address(12), before);
    ASSERT_TRUE(this->router().withdraw(12));
    EXPECT_EQ(this->router().address(12), before);
}

TYPED_TEST_P(RouterContract, NothingIsListedAndNothingAnswersBeforeTheFirstRoute) {
    EXPECT_EQ(this->routes(), std::vector<Route>{});
    EXPECT_EQ(this->visit(12), std::nullopt);
}

TYPED_TEST_P(RouterContract, VisitorsGoWhereItPointsAsSoonAsPointReturns) {
    this->point(12, this->harness_.backend("one"));
    EXPECT_EQ(this->visit(12), "one");
    this->point(12, this->harness_.backend("two"));
    EXPECT_EQ(this->visit(12), "two");
}

TYPED_TEST_P(RouterContract, PointingTwiceIsPointingOnce) {
    const auto backend = this->harness_.backend("one");
    this->point(12, backend);
    const auto again = this->harness_.another_worker().point(12, backend);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(this->routes(), (std::vector<Route>{{12, backend}}));
    EXPECT_EQ(this->visit(12), "one");
}

TYPED_TEST_P(RouterContract, RoutesOfDifferentPullRequestsAreListedByNumberAndDoNotTouchEachOther) {
    const auto one = this->harness_.backend("one"), two = this->harness_.backend("two");
    this->point(112, two);
    this->point(12, one);
    EXPECT_EQ(this->routes(), (std::vector<Route>{{12, one}, {112, two}}));
    this->point(12, two);
    ASSERT_TRUE(this->router().withdraw(112));
    EXPECT_EQ(this->routes(), (std::vector<Route>{{12, two}}));
    EXPECT_EQ(this->visit(12), "two");
    EXPECT_EQ(this->visit(112), std::nullopt);
}

TYPED_TEST_P(RouterContract, WithdrawingMayBeRepeatedAndWhatNeverWasIsWithdrawn) {
    EXPECT_TRUE(this->router().withdraw(12));
    this->point(12, this->harness_.backend("one"));
    EXPECT_TRUE(this->router().withdraw(12));
    EXPECT_TRUE(this->router().withdraw(12));
    EXPECT_EQ(this->routes(), std::vector<Route>{});
    EXPECT_EQ(this->visit(12), std::nullopt);
}

TYPED_TEST_P(RouterContract, AnotherRepositorysRoutesAreNeitherSeenNorTouched) {
    const auto theirs = this->harness_.backend("theirs");
    auto& other = this->harness_.another_repository();
    ASSERT_TRUE(other.point(12, theirs));
    EXPECT_EQ(this->routes(), std::vector<Route>{});
    this->point(12, this->harness_.backend("ours"));
    ASSERT_TRUE(this->router().withdraw(12));
    const auto listed = other.list_managed();
    ASSERT_TRUE(listed);
    EXPECT_EQ(*listed, (std::vector<Route>{{12, theirs}}));
    EXPECT_EQ(this->harness_.visit(other.address(12) + "/"), "theirs");
}

TYPED_TEST_P(RouterContract, ManyWorkersPointAtOnceAndNoneIsLost) {
    const auto backend = this->harness_.backend("one");
    constexpr int kEach = 5;
    std::vector<Result<void>> failures;
    std::thread other([&] {
        for (int i = 0; i < kEach; ++i)
            if (auto done = this->harness_.another_worker().point(100 + i, backend); !done)
                failures.push_back(std::move(done));
    });
    for (int i = 0; i < kEach; ++i) this->point(200 + i, backend);
    other.join();
    for (const auto& failure : failures) ADD_FAILURE() << failure.error().describe();
    EXPECT_EQ(this->routes().size(), 2u * kEach);
}

TYPED_TEST_P(RouterContract, ARouterThatIsDownIsAnErrorOfItsKindAndNeverAnEmptyList) {
    this->point(12, this->harness_.backend("one"));
    this->harness_.go_down();
    const auto pointed = this->router().point(12, Endpoint{"127.0.0.1", 9});
    ASSERT_FALSE(pointed);
    EXPECT_EQ(pointed.error().kind(), ErrorKind::Unavailable);
    const auto withdrawn = this->router().withdraw(12);
    ASSERT_FALSE(withdrawn);
    EXPECT_EQ(withdrawn.error().kind(), ErrorKind::Unavailable);
    EXPECT_FALSE(this->router().list_managed());
}

REGISTER_TYPED_TEST_SUITE_P(RouterContract, AnAddressIsTheSameBeforeWhileAndAfterItLeadsAnywhere,
                            NothingIsListedAndNothingAnswersBeforeTheFirstRoute,
                            VisitorsGoWhereItPointsAsSoonAsPointReturns, PointingTwiceIsPointingOnce,
                            RoutesOfDifferentPullRequestsAreListedByNumberAndDoNotTouchEachOther,
                            WithdrawingMayBeRepeatedAndWhatNeverWasIsWithdrawn,
                            AnotherRepositorysRoutesAreNeitherSeenNorTouched,
                            ManyWorkersPointAtOnceAndNoneIsLost,
                            ARouterThatIsDownIsAnErrorOfItsKindAndNeverAnEmptyList);

}  // namespace ringmaster::testing
