#include "adapters/exec/exec_runtime.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/exec/documents.h"
#include "adapters/support/show_spec.h"
#include "base/text.h"

namespace ringmaster::exec {

using nlohmann::json;

json ExecRuntime::deploy_request(const ShowSpec& spec) const {
    auto environment = settings_.environment;
    for (const auto& [name, value] : spec.environment) environment[name] = value;
    if (!spec.is_from_fork)
        for (const auto& [name, value] : settings_.secrets) environment[name] = value;
    return {{"show", show_document(spec.show)},
            {"commit", spec.commit.text()},
            {"artifact", artifact_document(spec.artifact)},
            {"command", settings_.command},
            {"environment", environment},
            {"port", settings_.port},
            {"address", settings_.address},
            {"host", settings_.host.empty() ? settings_.address : settings_.host},
            {"memory_megabytes", settings_.memory_megabytes},
            {"processes", settings_.processes},
            {"stop_grace_seconds", std::chrono::duration<double>(settings_.stop_grace).count()},
            {"requested_by", spec.requested_by},
            {"created_at", time_document(spec.created_at)},
            {"expires_at", time_document(spec.expires_at)},
            {"is_from_fork", spec.is_from_fork}};
}

Result<PluginAnswer> ExecRuntime::start(const ShowSpec& spec, Progress& progress) const {
    auto variables = show_variables(spec.show);
    variables["RINGMASTER_SHA"] = spec.commit.text();
    return program_.call(
        {.operation = "deploy", .environment = std::move(variables), .timeout = settings_.deploy_timeout},
        deploy_request(spec), progress);
}

// A program that says why it could not has put its things away itself. One that was stopped in the middle, or
// whose answer makes no sense, had no chance to: then it is asked to remove what there may be.
Result<Endpoint> ExecRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    TRY(support::check_show(spec, settings_.repository));
    const auto answer = start(spec, progress);
    if (answer && answer->refusal) return Fail(*answer->refusal);
    const auto endpoint = [&]() -> Result<Endpoint> {
        if (!answer) return Fail(answer.error());
        return read_endpoint(TRY(answer->ok->member("endpoint")));
    }();
    if (endpoint) return *endpoint;
    NoProgress quiet;
    (void)remove(spec.show, quiet);
    return Fail(endpoint.error());
}

Result<std::optional<Service>> ExecRuntime::find(const ShowId& show) {
    NoProgress quiet;
    const auto answer =
        TRY(program_.call({.operation = "find", .environment = show_variables(show), .timeout = kLookTimeout},
                          {{"show", show_document(show)}}, quiet));
    if (answer.refusal && answer.refusal->kind() == ErrorKind::NotFound) return std::nullopt;
    if (answer.refusal) return Fail(*answer.refusal);
    const auto found = TRY(read_nullable(*answer.ok, "show"));
    if (!found) return std::nullopt;
    auto service = TRY(read_service(*found));
    if (service.show != show)
        return Fail(found->wrong(fmt::format("the show {} that was asked for", show.base_name())));
    return service;
}

Result<std::vector<Service>> ExecRuntime::list_managed() {
    NoProgress quiet;
    const auto ok = TRY(program_.ask({.operation = "list",
                                      .environment = {{"RINGMASTER_REPOSITORY", settings_.repository.text()}},
                                      .timeout = kLookTimeout},
                                     {{"repository", settings_.repository.text()}}, quiet));
    std::vector<Service> services;
    for (const auto& each : TRY(ok.items("shows"))) {
        auto service = TRY(read_service(each));
        if (service.show.repository == settings_.repository) services.push_back(std::move(service));
    }
    return services;
}

Result<PullRequestServices> ExecRuntime::list_of(int pull_request_number, Others) {
    return pick_services(TRY(list_managed()), pull_request_number);
}

Result<void> ExecRuntime::remove(const ShowId& show, Progress& progress) {
    const auto answer = TRY(program_.call(
        {.operation = "remove", .environment = show_variables(show), .timeout = settings_.remove_timeout},
        {{"show", show_document(show)},
         {"stop_grace_seconds", std::chrono::duration<double>(settings_.stop_grace).count()}},
        progress));
    if (answer.refusal && answer.refusal->kind() != ErrorKind::NotFound) return Fail(*answer.refusal);
    return {};
}

Result<void> ExecRuntime::run_in(const ShowId& show, const ShowCommand& command, Progress& progress) {
    const auto hello = TRY(program_.hello(progress));
    if (std::ranges::find(hello.operations, "run") == hello.operations.end())
        return Fail(
            Error::invalid_input("the runtime {} cannot run a command in a show: \"run\" is not among its "
                                 "operations",
                                 program_.name())
                .hint("teach it to (docs/engines/exec.md), or take [shows.run] seed and teardown out"));
    TRY(program_.ask({.operation = "run",
                      .environment = show_variables(show),
                      // The program ends it in time; this is for one that does not.
                      .timeout = command.timeout + kLookTimeout},
                     {{"show", show_document(show)},
                      {"command", command.arguments},
                      {"timeout_seconds", std::chrono::duration<double>(command.timeout).count()}},
                     progress));
    return {};
}

Result<void> ExecRuntime::logs(const ShowId& show, const LogOptions& options, Progress& progress) {
    PluginCall call{
        .operation = "logs", .environment = show_variables(show), .stderr_lines = PluginCall::Stderr::IsKept};
    if (!options.follow) call.timeout = kLookTimeout;
    TRY(program_.ask(call,
                     {{"show", show_document(show)},
                      {"follow", options.follow},
                      {"tail_lines", options.tail_lines},
                      {"since", time_document(options.since)}},
                     progress));
    return {};
}

}  // namespace ringmaster::exec
