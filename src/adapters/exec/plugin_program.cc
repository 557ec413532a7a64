#include "adapters/exec/plugin_program.h"

#include <nlohmann/json.hpp>

#include "adapters/exec/plugin_output.h"
#include "adapters/support/basic_environment.h"
#include "base/text.h"

namespace ringmaster::exec {

namespace {

constexpr auto kHelloTimeout = std::chrono::seconds(10);  // an interpreter starts and prints one line

}  // namespace

std::string PluginProgram::name() const {
    return sanitize_for_terminal(join(settings_.command, " "));
}

ProcessSpec PluginProgram::process_of(const PluginCall& call, const std::string& input) const {
    ProcessSpec process;
    process.arguments = settings_.command;
    process.arguments.push_back(call.operation);
    process.directory = settings_.folder;
    process.environment = support::basic_environment();
    for (const auto* more : {&settings_.environment, &call.environment})
        for (const auto& [key, value] : *more) process.environment[key] = value;
    process.input = input;
    process.timeout = call.timeout;
    process.max_output_bytes = 0;
    return process;
}

Result<PluginAnswer> PluginProgram::call(const PluginCall& call, nlohmann::json request,
                                         Progress& progress) const {
    if (settings_.command.empty())
        return Fail(Error::invalid_input("the engine \"exec\" has no program to run")
                        .hint("set [shows.exec] builder, runtime or router"));
    request["protocol"] = kProtocol;
    request["operation"] = call.operation;
    auto process =
        process_of(call, request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    PluginOutput output(fmt::format("{} {}", name(), call.operation), call, progress);
    process.on_output = [&](std::string_view bytes) { output.read(bytes); };
    const auto ended = TRY(subprocess_->run(process, output));
    return output.answer(ended.exit_code);
}

Result<support::JsonReader> PluginProgram::ask(const PluginCall& what, nlohmann::json request,
                                               Progress& progress) const {
    auto answer = TRY(call(what, std::move(request), progress));
    if (answer.refusal) return Fail(*answer.refusal);
    return *std::move(answer.ok);
}

Result<PluginHello> PluginProgram::hello(Progress& progress) const {
    const auto ok =
        TRY(ask({.operation = "hello", .timeout = kHelloTimeout}, nlohmann::json::object(), progress));
    PluginHello hello;
    const auto protocol = TRY(ok.integer("protocol"));
    if (protocol != kProtocol)
        return Fail(Error::corrupt("{} speaks protocol {}, and this program {}", name(), protocol, kProtocol)
                        .hint("use a version of it that speaks protocol 1 (docs/engines/exec.md)"));
    hello.protocol = static_cast<int>(protocol);
    hello.name = sanitize_for_terminal(TRY(ok.string("name")));
    for (const auto& operation : TRY(ok.items("operations")))
        hello.operations.push_back(sanitize_for_terminal(TRY(operation.as_string())));
    return hello;
}

Result<std::string> PluginProgram::describe() const {
    NoProgress quiet;
    const auto said = TRY(hello(quiet));
    return fmt::format("{} ({}), protocol {}, offers {}", name(), said.name, said.protocol,
                       join(said.operations, ", "));
}

}  // namespace ringmaster::exec
