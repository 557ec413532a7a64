#include "adapters/docker/container.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::docker {
namespace {

using support::JsonReader;

// After this many restarts in a row an application is given up on. The engine counts them from 0 again when
// one has lasted ten seconds, and waits twice as long before each further one (moby, restartmanager.go).
constexpr int kCrashLoop = 3;
constexpr int kKilled = 137;  // 128 + SIGKILL
constexpr auto kLastingRun = std::chrono::seconds(10);
// A container's output on the engine's disk: enough to see what happened, bounded whatever it writes.
constexpr auto kMostLogBytes = "10m";
constexpr auto kMostLogFiles = "2";

/// "0001-01-01T00:00:00Z" stands for "never".
std::optional<TimePoint> instant(const std::string& text) {
    return text.starts_with("0001-") ? std::nullopt : parse_iso8601(text);
}

Result<std::optional<std::uint16_t>> published_port(const JsonReader& host_config, std::uint16_t port) {
    const auto bindings = TRY(host_config.find("PortBindings"));
    if (!bindings) return std::nullopt;
    const auto key = fmt::format("{}/tcp", port);
    if (!TRY(bindings->find(key))) return std::nullopt;
    for (const auto& binding : TRY(bindings->items(key))) {
        const auto number = parse_integer(TRY(binding.optional_string("HostPort")));
        if (number && *number > 0 && *number <= 65535) return static_cast<std::uint16_t>(*number);
    }
    return std::nullopt;
}

Result<std::string> address_in(const JsonReader& answer, const std::string& network) {
    const auto settings = TRY(answer.find("NetworkSettings"));
    const auto networks = settings ? TRY(settings->find("Networks")) : std::nullopt;
    if (!networks) return "";
    const auto wanted = network.empty() ? std::string("bridge") : network;
    const auto found = TRY(networks->find(wanted));
    return found ? TRY(found->optional_string("IPAddress")) : std::string();
}

Result<void> read_state(const JsonReader& state, Container& container) {
    container.status = TRY(state.string("Status"));
    container.exit_code = static_cast<int>(TRY(state.integer("ExitCode")));
    container.was_out_of_memory = TRY(state.boolean("OOMKilled"));
    container.error = TRY(state.optional_string("Error"));
    container.started_at = instant(TRY(state.optional_string("StartedAt")));
    container.finished_at = instant(TRY(state.optional_string("FinishedAt")));
    return {};
}

std::string describe_end(const Container& container) {
    if (!container.error.empty()) return container.error;
    if (container.was_out_of_memory)
        return fmt::format("it needed more memory than its {} MB; raise [shows.run] memory_mb",
                           container.memory_bytes >> 20);
    // The kernel's word that it was for memory comes apart from the end, and sometimes too late.
    if (container.exit_code == kKilled && container.memory_bytes > 0)
        return fmt::format(
            "exit {}: it was killed, perhaps because it needed more memory than its {} MB ([shows.run] "
            "memory_mb)",
            kKilled, container.memory_bytes >> 20);
    auto text = fmt::format("exit {}", container.exit_code);
    if (container.started_at && container.finished_at && *container.finished_at >= *container.started_at)
        text += " after " + format_duration_for_people(*container.finished_at - *container.started_at);
    return text;
}

nlohmann::json port_bindings(const AppSettings& settings, const Placement& placement) {
    auto bindings = nlohmann::json::object();
    if (placement.address.empty()) return bindings;
    const nlohmann::json binding = {{"HostIp", placement.address},
                                    {"HostPort", std::to_string(placement.published)}};
    bindings[fmt::format("{}/tcp", settings.port)] = nlohmann::json::array({binding});
    return bindings;
}

nlohmann::json restart_policy(Restart restart) {
    switch (restart) {
        case Restart::No:
            return {{"Name", "no"}};
        case Restart::OnFailure:
            return {{"Name", "on-failure"}};
        case Restart::Always:
            return {{"Name", "unless-stopped"}};
    }
    return {};
}

}  // namespace

Result<Container> read_container(const JsonReader& answer, const RepositoryName& repository,
                                 std::uint16_t port, const std::string& network) {
    Container container;
    container.id = TRY(answer.string("Id"));
    const auto name = TRY(answer.string("Name"));
    container.name = name.starts_with("/") ? name.substr(1) : name;
    if (const auto labels = TRY(TRY(answer.member("Config")).find("Labels")))
        container.owner = read_ownership(*labels, repository);
    TRY(read_state(TRY(answer.member("State")), container));
    container.restarts = static_cast<int>(TRY(answer.integer("RestartCount")));
    const auto host_config = TRY(answer.member("HostConfig"));
    container.memory_bytes = static_cast<std::uint64_t>(TRY(host_config.integer("Memory")));
    container.published_port = TRY(published_port(host_config, port));
    container.network_address = TRY(address_in(answer, network));
    return container;
}

Condition condition_of(const Container& container, TimePoint now) {
    const auto& status = container.status;
    if (status == "created") return {ServiceState::Starting, container.error};
    if (status == "removing") return {ServiceState::Removing, "its removal has begun"};
    if (status == "paused") return {ServiceState::Running, "it is paused"};
    if (status == "exited" || status == "dead") return {ServiceState::Exited, describe_end(container)};
    const bool is_up = status == "running";
    const bool has_lasted = is_up && container.started_at && now - *container.started_at >= kLastingRun;
    if (container.restarts >= kCrashLoop && !has_lasted)
        return {ServiceState::Exited, fmt::format("it ended {} times; the last time: {}", container.restarts,
                                                  describe_end(container))};
    if (is_up) return {ServiceState::Running, ""};
    return {ServiceState::Starting,
            fmt::format("it ended and is started again: {}", describe_end(container))};
}

std::string creation_body(const AppSettings& settings, const ShowSpec& spec, const Placement& placement,
                          const std::map<std::string, std::string>& labels) {
    nlohmann::json body = {
        {"Image", spec.artifact.image}, {"Env", environment_of(settings, spec)}, {"Labels", labels}};
    body["ExposedPorts"][fmt::format("{}/tcp", settings.port)] = nlohmann::json::object();
    if (!settings.command.empty()) body["Cmd"] = settings.command;
    auto& host = body["HostConfig"];
    host = {{"PortBindings", port_bindings(settings, placement)},
            {"RestartPolicy", restart_policy(settings.restart)},
            {"Memory", settings.memory_bytes},
            {"NanoCpus", settings.nano_cpus}};
    // What a pull request brings gains nothing by a setuid program.
    host["SecurityOpt"] = nlohmann::json::array({"no-new-privileges"});
    host["LogConfig"]["Type"] = "json-file";
    host["LogConfig"]["Config"] = {{"max-size", kMostLogBytes}, {"max-file", kMostLogFiles}};
    if (settings.pids > 0) host["PidsLimit"] = settings.pids;
    if (!placement.network.empty()) host["NetworkMode"] = placement.network;
    return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace ringmaster::docker
