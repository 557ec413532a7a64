#include "adapters/exec/exec_router.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/exec/documents.h"

namespace ringmaster::exec {

namespace {

// A sync waits for it without a pulse, so it has to be over long before its lease is.
constexpr auto kChangeTimeout = std::chrono::minutes(1);

}  // namespace

nlohmann::json ExecRouter::request(int pull_request_number) const {
    return {{"repository", settings_.repository.text()},
            {"pull_request", pull_request_number},
            {"address", address(pull_request_number)}};
}

PluginCall ExecRouter::call(const char* operation, int pull_request_number) const {
    return {.operation = operation,
            .environment = {{"RINGMASTER_REPOSITORY", settings_.repository.text()},
                            {"RINGMASTER_PR", std::to_string(pull_request_number)},
                            {"RINGMASTER_ADDRESS", address(pull_request_number)}},
            .timeout = kChangeTimeout};
}

Result<void> ExecRouter::point(int pull_request_number, const Endpoint& to) {
    auto asked = request(pull_request_number);
    asked["endpoint"] = {{"host", to.host}, {"port", to.port}};
    auto point = call("point", pull_request_number);
    point.environment["RINGMASTER_ENDPOINT"] = to.text();
    NoProgress quiet;
    TRY(program_.ask(point, std::move(asked), quiet));
    return {};
}

Result<void> ExecRouter::withdraw(int pull_request_number) {
    NoProgress quiet;
    const auto answer =
        TRY(program_.call(call("withdraw", pull_request_number), request(pull_request_number), quiet));
    if (answer.refusal && answer.refusal->kind() != ErrorKind::NotFound) return Fail(*answer.refusal);
    return {};
}

Result<std::vector<Route>> ExecRouter::list_managed() {
    NoProgress quiet;
    const auto ok = TRY(program_.ask({.operation = "list",
                                      .environment = {{"RINGMASTER_REPOSITORY", settings_.repository.text()}},
                                      .timeout = kLookTimeout},
                                     {{"repository", settings_.repository.text()}}, quiet));
    std::vector<Route> routes;
    for (const auto& each : TRY(ok.items("routes"))) {
        auto route = TRY(read_route(each));
        const auto is_same = [&](const Route& known) {
            return known.pull_request_number == route.pull_request_number;
        };
        if (std::ranges::any_of(routes, is_same)) return Fail(each.wrong("the only one of its pull request"));
        routes.push_back(std::move(route));
    }
    std::ranges::sort(routes, {}, &Route::pull_request_number);
    return routes;
}

}  // namespace ringmaster::exec
