#pragma once
// Stable addresses by a program of the user's own: it tells whatever stands in front of the shows where a
// pull request's address leads. What it must keep to is what ports/router.h asks of every router; `ringmaster
// check-plugin router` tries it.

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/exec/plugin_program.h"
#include "adapters/support/route_address.h"
#include "domain/repository_name.h"
#include "ports/router.h"

namespace ringmaster::exec {

struct ExecRouterSettings {
    RepositoryName repository;
    support::RouteAddress address;
};

/// Used from several threads at once.
class ExecRouter final : public Router {
 public:
    ExecRouter(ExecRouterSettings settings, PluginProgram program)
        : settings_(std::move(settings)), program_(std::move(program)) {}

    std::string_view engine() const override { return "exec"; }
    std::string address(int pull_request_number) const override {
        return settings_.address.url(pull_request_number);
    }
    Result<void> point(int pull_request_number, const Endpoint& to) override;
    Result<void> withdraw(int pull_request_number) override;
    Result<std::vector<Route>> list_managed() override;

    /// For `doctor`: what the program says of itself, in one line. Errors: what keeps it from being used.
    Result<std::string> describe() const { return program_.describe(); }

 private:
    nlohmann::json request(int pull_request_number) const;
    PluginCall call(const char* operation, int pull_request_number) const;

    ExecRouterSettings settings_;
    PluginProgram program_;
};

}  // namespace ringmaster::exec
