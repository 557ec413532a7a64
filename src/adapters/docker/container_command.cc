#include "adapters/docker/container_command.h"

#include <nlohmann/json.hpp>

#include "adapters/docker/log_frames.h"
#include "adapters/support/show_command.h"

namespace ringmaster::docker {
namespace {

using Json = nlohmann::json;

Result<std::string> prepare(EngineClient& engine, const std::string& container, const ShowCommand& command) {
    const Json body = {{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", command.arguments}};
    const auto answer = engine.json({.method = "POST",
                                     .path = "/containers/" + container + "/exec",
                                     .doing = "preparing a command in the show",
                                     .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)});
    // 409: it is there, but stopped or paused.
    if (!answer && answer.error().kind() == ErrorKind::Conflict)
        return Fail(Error::not_found("{}", answer.error().message()));
    return TRY(answer).string("Id");
}

/// Until its output is over, which is when it has ended.
Result<void> follow(EngineClient& engine, const std::string& id, Duration timeout, Progress& progress) {
    Result<void> fed;
    LogFrames frames([&](std::string_view line) { progress.line(line); }, LogFrames::Entries::Plain);
    const auto answer = engine.call({.method = "POST",
                                     .path = "/exec/" + id + "/start",
                                     .doing = "running a command in the show",
                                     .body = R"({"Detach":false,"Tty":false})",
                                     .timeout = timeout,
                                     .on_body =
                                         [&](std::string_view bytes) {
                                             if (fed) fed = frames.feed(bytes);
                                         },
                                     .progress = &progress});
    frames.finish();
    if (!answer) return Fail(answer.error());
    return fed;
}

}  // namespace

Result<void> run_in_container(EngineClient& engine, const std::string& container, const ShowCommand& command,
                              Progress& progress) {
    const auto id = TRY(prepare(engine, container, command));
    const auto followed = follow(engine, id, command.timeout, progress);
    if (!followed && followed.error().kind() == ErrorKind::TimedOut)
        return Fail(Error::timed_out("the command in the show had not ended after {}",
                                     format_duration_for_people(command.timeout)));
    TRY(followed);
    const auto ended = TRY(
        engine.json({.path = "/exec/" + id + "/json", .doing = "asking how a command in the show ended"}));
    return support::check_command_end(TRY(ended.integer("ExitCode")));
}

}  // namespace ringmaster::docker
