#include "adapters/exec/exec_builder.h"

#include <nlohmann/json.hpp>

#include "adapters/exec/documents.h"

namespace ringmaster::exec {

namespace {

// Deleting a large tree on a slow disk, or an image in a registry.
constexpr auto kRemoveTimeout = std::chrono::minutes(5);

}  // namespace

std::map<std::string, std::string> ExecBuilder::variables_of(const ShowId& show) const {
    auto variables = show_variables(show);
    variables["RINGMASTER_SOURCE"] = settings_.source;
    return variables;
}

Result<PluginAnswer> ExecBuilder::start(const BuildSpec& spec, Progress& progress) const {
    auto variables = variables_of(spec.show);
    variables["RINGMASTER_SHA"] = spec.commit.text();
    variables["RINGMASTER_REMOTE"] = settings_.remote;
    return program_.call({.operation = "build", .environment = std::move(variables), .timeout = spec.timeout},
                         {{"show", show_document(spec.show)},
                          {"commit", spec.commit.text()},
                          {"branch", spec.branch},
                          {"is_from_fork", spec.is_from_fork},
                          {"source", settings_.source},
                          {"remote", settings_.remote},
                          {"command", settings_.command},
                          {"environment", settings_.environment},
                          {"timeout_seconds", std::chrono::duration<double>(spec.timeout).count()}},
                         progress);
}

// As with the runtime: who was stopped in the middle gets a chance to put its things away.
Result<Artifact> ExecBuilder::build(const BuildSpec& spec, Progress& progress) {
    const auto answer = start(spec, progress);
    if (answer && answer->refusal) return Fail(*answer->refusal);
    const auto artifact = [&]() -> Result<Artifact> {
        if (!answer) return Fail(answer.error());
        return read_artifact(TRY(answer->ok->member("artifact")));
    }();
    if (artifact) return *artifact;
    (void)remove(spec.show);
    return Fail(artifact.error());
}

Result<void> ExecBuilder::remove(const ShowId& show) {
    NoProgress quiet;
    const auto answer = TRY(
        program_.call({.operation = "remove", .environment = variables_of(show), .timeout = kRemoveTimeout},
                      {{"show", show_document(show)}, {"source", settings_.source}}, quiet));
    if (answer.refusal && answer.refusal->kind() != ErrorKind::NotFound) return Fail(*answer.refusal);
    return {};
}

}  // namespace ringmaster::exec
