#include "adapters/local_orchestrator/run_process.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/local_orchestrator/json_texts.h"
#include "adapters/support/basic_environment.h"
#include "base/text.h"

namespace ringmaster::local_orchestrator {
namespace {

bool stays_below(std::string_view path) {
    return !path.starts_with('/') &&
           std::ranges::none_of(split(path, '/'), [](std::string_view part) { return part == ".."; });
}

Result<std::vector<std::string>> arguments_of(const DeploymentSpec& spec, const RunPlace& place) {
    const std::string_view entrypoint = spec.entrypoint;
    if (entrypoint.starts_with(kProgramPrefix)) {
        const auto line = trim(entrypoint.substr(kProgramPrefix.size()));
        if (line.empty())
            return Fail(Error::invalid_input("the entrypoint of {} names no program", spec.name));
        return std::vector<std::string>{"/bin/sh", "-c", std::string(line)};
    }
    const auto colon = entrypoint.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == entrypoint.size() ||
        !stays_below(entrypoint.substr(0, colon)))
        return Fail(Error::invalid_input("the entrypoint \"{}\" of {} cannot be run",
                                         sanitize_for_terminal(entrypoint), spec.name)
                        .hint("it is \"file.py:object\" or \"program:\" and a line for a shell"));
    return std::vector<std::string>{place.python, place.runner, std::string(entrypoint.substr(0, colon)),
                                    std::string(entrypoint.substr(colon + 1))};
}

// "dry-run" is RINGMASTER_PARAM_DRY_RUN.
std::string variable_of(std::string_view parameter) {
    std::string name = "RINGMASTER_PARAM_" + to_upper_ascii(parameter);
    std::ranges::replace_if(
        name, [](char c) { return !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); }, '_');
    return name;
}

std::string plain_text(const std::string& value) {
    const auto parsed = nlohmann::json::parse(value, nullptr, /*allow_exceptions=*/false);
    return parsed.is_string() ? parsed.get<std::string>() : value;
}

void put_interpreter_first(std::map<std::string, std::string>& environment, const std::string& python) {
    const auto slash = python.rfind('/');
    if (slash == std::string::npos || slash == 0) return;
    auto& path = environment["PATH"];
    path = python.substr(0, slash) + (path.empty() ? "" : ":" + path);
}

}  // namespace

Result<ProcessSpec> process_of(const RunRow& run, const RunPlace& place) {
    if (!stays_below(run.spec.path))
        return Fail(Error::invalid_input("the path of {} leads out of its repository", run.spec.name));
    ProcessSpec process;
    process.arguments = TRY(arguments_of(run.spec, place));
    process.directory = run.spec.path.empty() ? place.code : place.code + "/" + run.spec.path;
    auto& environment = process.environment;
    environment = support::basic_environment();
    put_interpreter_first(environment, place.python);
    environment["PYTHONUNBUFFERED"] = "1";  // its lines are to be seen while it runs
    for (const auto& [name, value] : run.spec.environment) environment[name] = value;
    for (const auto& [name, value] : run.parameters) environment[variable_of(name)] = plain_text(value);
    environment["RINGMASTER_PARAMETERS"] = TRY(json_object(run.parameters));
    environment["RINGMASTER_REASON"] = place.reason;
    environment["RINGMASTER_RUN"] = run.run.id;
    environment["RINGMASTER_DEPLOYMENT"] = run.spec.name;
    environment["RINGMASTER_VERSION"] = run.spec.version;
    environment["RINGMASTER_COMMIT"] = place.commit.text();
    return process;
}

}  // namespace ringmaster::local_orchestrator
