#pragma once
// A router in memory: which pull request leads where, as several workers and repositories see it.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/router.h"

namespace ringmaster::testing {

/// What all of them share.
struct FakeRouterWorld {
    std::mutex mutex;
    std::map<std::pair<std::string, int>, std::optional<Endpoint>>
        routes;                         ///< by repository and pull request
    std::optional<Error> failure;       ///< of every change
    std::optional<Error> list_failure;  ///< of looking
    bool fails_afterwards = false;      ///< a change that fails has happened all the same
};

class FakeRouter final : public Router {
 public:
    explicit FakeRouter(FakeRouterWorld& world, std::string repository = "o/r")
        : world_(world), repository_(std::move(repository)) {}

    std::string_view engine() const override { return "fake"; }
    std::string address(int number) const override {
        return fmt::format("https://pr-{}.{}.example.org", number,
                           repository_.substr(repository_.find('/') + 1));
    }
    Result<void> point(int number, const Endpoint& to) override {
        if (on_point) on_point(number, to);
        return change([&] { world_.routes[{repository_, number}] = to; });
    }
    Result<void> withdraw(int number) override {
        if (on_withdraw) on_withdraw(number);
        return change([&] { world_.routes.erase({repository_, number}); });
    }
    Result<std::vector<Route>> list_managed() override {
        const std::lock_guard lock(world_.mutex);
        if (world_.list_failure) return Fail(*world_.list_failure);
        std::vector<Route> routes;
        for (const auto& [key, to] : world_.routes)
            if (key.first == repository_) routes.push_back({key.second, to});
        return routes;
    }

    std::function<void(int, const Endpoint&)> on_point;
    std::function<void(int)> on_withdraw;

 private:
    template <typename Change>
    Result<void> change(Change perform) {
        const std::lock_guard lock(world_.mutex);
        if (!world_.failure || world_.fails_afterwards) perform();
        if (world_.failure) return Fail(*world_.failure);
        return {};
    }

    FakeRouterWorld& world_;
    std::string repository_;
};

}  // namespace ringmaster::testing
