#include <optional>
#include <thread>

#include "adapters/exec/exec_router.h"
#include "adapters/exec/plugin_suite.h"
#include "adapters/exec/suite_parts.h"
#include "adapters/exec/suite_stage.h"
#include "base/text.h"

namespace ringmaster::exec {

namespace {

/// Nobody's name (RFC 2606, 2), for whoever has configured none that keeps repositories apart.
constexpr auto kMadeUpAddress = "https://{repo}-{pr}.ringmaster.invalid";
// Each begins like another one: a program that looks for the beginning of a name finds too much.
constexpr int kFirst = 1, kSecond = 11, kThird = 111;

/// Nobody's address (RFC 5737, 3).
Endpoint nowhere(std::uint16_t port) {
    return {"192.0.2.1", port};
}

std::string text_of(const std::vector<Route>& routes) {
    std::vector<std::string> texts;
    for (const auto& route : routes)
        texts.push_back(fmt::format("{} at {}", route.pull_request_number,
                                    route.to ? route.to->text() : "nowhere that it understands"));
    return texts.empty() ? "none" : join(texts, ", ");
}

class RouterSuite {
 public:
    RouterSuite(const SuiteSettings& settings, SuitePorts ports)
        : ports_(ports),
          stage_(ports.subprocess, ports.entropy),
          program_(settings.program, ports.subprocess),
          router_(settings_of(settings.address, stage_.repository()), program_),
          other_(settings_of(settings.address, other_repository()), program_) {}
    ~RouterSuite() { (void)withdraw_all(); }
    RouterSuite(const RouterSuite&) = delete;
    RouterSuite& operator=(const RouterSuite&) = delete;

    bool has_first() const { return has_first_; }

    Result<std::string> hello() {
        return check_hello(program_, {"hello", "point", "withdraw", "list"}, ports_.progress);
    }

    Result<std::string> unknown_route() {
        TRY_WHILE(router_.withdraw(kFirst), "withdrawing a route that was never there");
        TRY(expect(router_, {}));
        return "not listed, withdrawn without complaint";
    }

    Result<std::string> point() {
        TRY(router_.point(kFirst, nowhere(4001)));
        has_first_ = true;
        return router_.address(kFirst);
    }

    Result<std::string> list() {
        TRY(expect(router_, {{kFirst, nowhere(4001)}}));
        return text_of({{kFirst, nowhere(4001)}});
    }

    Result<std::string> point_elsewhere() {
        TRY(router_.point(kFirst, nowhere(4002)));
        TRY(expect(router_, {{kFirst, nowhere(4002)}}));
        return text_of({{kFirst, nowhere(4002)}});
    }

    Result<std::string> point_again() {
        TRY(router_.point(kFirst, nowhere(4002)));
        TRY(expect(router_, {{kFirst, nowhere(4002)}}));
        return "as it was";
    }

    Result<std::string> two_at_once() {
        Result<void> second, third;
        std::thread other([&] { third = router_.point(kThird, nowhere(4004)); });
        second = router_.point(kSecond, nowhere(4003));
        other.join();
        TRY(std::move(second));
        TRY(std::move(third));
        TRY(expect(router_, all_three()));
        return text_of(all_three());
    }

    Result<std::string> another_repository() {
        TRY(other_.point(kFirst, nowhere(4005)));
        TRY(expect(router_, all_three()));
        TRY(expect(other_, {{kFirst, nowhere(4005)}}));
        return "routes of " + other_repository().text() + " are its own";
    }

    Result<std::string> withdraw() {
        TRY(router_.withdraw(kFirst));
        return "gone";
    }

    Result<std::string> others_stay() {
        TRY(expect(router_, {{kSecond, nowhere(4003)}, {kThird, nowhere(4004)}}));
        TRY(expect(other_, {{kFirst, nowhere(4005)}}));
        return "still there";
    }

    Result<std::string> nothing_left() {
        TRY(withdraw_all());
        TRY(expect(router_, {}));
        TRY(expect(other_, {}));
        return "the list is empty";
    }

 private:
    /// Its name begins like ours, too.
    RepositoryName other_repository() const {
        return {stage_.repository().owner, stage_.repository().name + "-2"};
    }

    ExecRouterSettings settings_of(const std::string& address, const RepositoryName& repository) const {
        const auto configured = support::RouteAddress::parse(address, repository);
        const auto ours = support::RouteAddress::parse(address, stage_.repository());
        const auto others = support::RouteAddress::parse(address, other_repository());
        if (configured && ours && others && ours->url(kFirst) != others->url(kFirst))
            return {repository, *configured};
        return {repository, *support::RouteAddress::parse(kMadeUpAddress, repository)};
    }

    static std::vector<Route> all_three() {
        return {{kFirst, nowhere(4002)}, {kSecond, nowhere(4003)}, {kThird, nowhere(4004)}};
    }

    Result<void> expect(ExecRouter& router, const std::vector<Route>& wanted) {
        TRY(ports_.progress.pulse());
        const auto listed = TRY(router.list_managed());
        if (listed == wanted) return {};
        return wrong("list gave {} where it should be {}", text_of(listed), text_of(wanted));
    }

    Result<void> withdraw_all() {
        for (const int number : {kFirst, kSecond, kThird}) TRY(router_.withdraw(number));
        return other_.withdraw(kFirst);
    }

    SuitePorts ports_;
    SuiteStage stage_;
    PluginProgram program_;
    ExecRouter router_;
    ExecRouter other_;
    bool has_first_ = false;
};

}  // namespace

std::vector<SuiteCheck> router_suite(const SuiteSettings& settings, SuitePorts ports) {
    SuiteChecks<RouterSuite> checks(std::make_shared<RouterSuite>(settings, ports));
    checks.add("hello", &RouterSuite::hello, Needs::Nothing);
    checks.add("unknown route", &RouterSuite::unknown_route, Needs::Nothing);
    checks.add("point", &RouterSuite::point, Needs::Nothing);
    checks.add("list", &RouterSuite::list);
    checks.add("point elsewhere", &RouterSuite::point_elsewhere);
    checks.add("point twice", &RouterSuite::point_again);
    checks.add("two at once", &RouterSuite::two_at_once);
    checks.add("another repository", &RouterSuite::another_repository);
    checks.add("withdraw", &RouterSuite::withdraw);
    checks.add("withdraw twice", &RouterSuite::withdraw);
    checks.add("others stay", &RouterSuite::others_stay);
    checks.add("nothing left", &RouterSuite::nothing_left, Needs::Nothing);
    return checks.take();
}

}  // namespace ringmaster::exec
