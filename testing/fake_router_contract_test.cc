// The fake keeps the router's contract, so that what is tested on it holds on the real one.

#include "testing/contracts/router_contract.h"
#include "testing/fake_router.h"

namespace ringmaster::testing {
namespace {

class FakeHarness {
 public:
    Router& router() { return first_; }
    Router& another_worker() { return second_; }
    Router& another_repository() { return other_; }
    Endpoint backend(const std::string& body) {
        const Endpoint at{fmt::format("10.0.0.{}", bodies_.size() + 1), 8080};
        bodies_[at] = body;
        return at;
    }
    std::optional<std::string> visit(const std::string& url) {
        for (auto* router : {&first_, &other_})
            for (const auto& route : router->list_managed().value_or(std::vector<Route>{}))
                if (url == router->address(route.pull_request_number) + "/" && route.to)
                    return bodies_.at(*route.to);
        return std::nullopt;
    }
    void go_down() { world_.failure = world_.list_failure = Error::unavailable("the router is down"); }

 private:
    FakeRouterWorld world_;
    FakeRouter first_{world_}, second_{world_}, other_{world_, "o/other"};
    std::map<Endpoint, std::string> bodies_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RouterContract, FakeHarness);

}  // namespace
}  // namespace ringmaster::testing
