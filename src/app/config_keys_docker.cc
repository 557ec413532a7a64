#include "app/config_keys_docker.h"

#include <cmath>
#include <cstdlib>

#include "adapters/support/image_pattern.h"
#include "app/config_setters.h"

namespace ringmaster::app {
namespace {

using std::int64_t;

Result<void> set_image(Config& config, const ConfigValue& value) {
    if (!text_of(value).empty()) TRY(support::ImagePattern::parse(text_of(value)));
    config.image.name = text_of(value);
    return {};
}

Result<void> set_image_wait(Config& config, const ConfigValue& value) {
    config.image.wait = TRY(parse_duration(text_of(value)));
    return {};
}

template <auto member>
Result<void> set_recipe_text(Config& config, const ConfigValue& value) {
    config.image.recipe.*member = text_of(value);
    return {};
}
template <auto member>
Result<void> set_recipe_list(Config& config, const ConfigValue& value) {
    config.image.recipe.*member = std::get<TextList>(value);
    return {};
}
template <auto member>
Result<void> set_recipe_map(Config& config, const ConfigValue& value) {
    for (const auto& [name, unused] : std::get<TextMap>(value))
        if (name.empty() || name.find('=') != std::string::npos)
            return Fail(
                Error::invalid_input("holds \"{}\", which cannot be a name", sanitize_for_terminal(name)));
    config.image.recipe.*member = std::get<TextMap>(value);
    return {};
}

Result<void> set_output(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.image.recipe.output = word == "push"   ? docker::Output::Push
                                 : word == "both" ? docker::Output::Both
                                                  : docker::Output::Load;
    return {};
}

Result<void> set_tool(Config& config, const ConfigValue& value) {
    config.image.recipe.tool =
        text_of(value) == "docker" ? docker::BuildTool::Docker : docker::BuildTool::Buildx;
    return {};
}

Result<void> set_image_labels(Config& config, const ConfigValue& value) {
    config.image.recipe.labels =
        text_of(value) == "none" ? docker::ImageLabels::None : docker::ImageLabels::Oci;
    return {};
}

Result<void> set_reach(Config& config, const ConfigValue& value) {
    config.docker.reach = text_of(value) == "network" ? docker::Reach::Network : docker::Reach::Port;
    return {};
}

Result<void> set_pull(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.docker.pull = word == "always"  ? docker::Pull::Always
                         : word == "never" ? docker::Pull::Never
                                           : docker::Pull::Missing;
    return {};
}

Result<void> set_restart(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.docker.restart = word == "no"           ? docker::Restart::No
                            : word == "on-failure" ? docker::Restart::OnFailure
                                                   : docker::Restart::Always;
    return {};
}

/// "0.5" → 500,000,000; the engine counts in billionths.
Result<void> set_cpus(Config& config, const ConfigValue& value) {
    config.docker.nano_cpus = 0;
    const auto& text = text_of(value);
    if (text.empty()) return {};
    const bool is_plain = text.find_first_not_of("0123456789.") == std::string::npos;
    const double cpus = is_plain ? std::strtod(text.c_str(), nullptr) : 0;
    if (cpus < 0.01 || cpus > 1024)
        return Fail(Error::invalid_input("must be a number of processors such as \"0.5\", but is \"{}\"",
                                         sanitize_for_terminal(text)));
    config.docker.nano_cpus = std::llround(cpus * 1e9);
    return {};
}

Result<void> set_pids(Config& config, const ConfigValue& value) {
    const auto pids = std::get<int64_t>(value);
    if (pids < 0 || pids > 4'194'304)  // the kernel's own limit (man 5 proc, pid_max)
        return Fail(Error::invalid_input("must be from 0 to 4194304, but is {}", pids));
    config.docker.pids = static_cast<int>(pids);
    return {};
}

Result<void> set_endpoint_mode(Config& config, const ConfigValue& value) {
    config.swarm.endpoint_mode =
        text_of(value) == "dnsrr" ? docker::EndpointMode::RoundRobin : docker::EndpointMode::VirtualAddress;
    return {};
}

Result<void> set_port_mode(Config& config, const ConfigValue& value) {
    const auto& word = text_of(value);
    config.swarm.port_mode = word == "host"   ? docker::PortMode::Host
                             : word == "none" ? docker::PortMode::None
                                              : docker::PortMode::Ingress;
    return {};
}

}  // namespace

void add_image_keys(std::vector<KeySpec>& keys) {
    using docker::BuildRecipe;
    keys.push_back(
        {"shows.build.image", KeyType::Text, "",
         "Name of the image that a version becomes (engine docker) or already is (engine none). {pr}, {sha} "
         "(seven digits), {full_sha} and {branch} stand for the version's; a name without them and without a "
         "tag gets :pr-{pr}-{sha}-ci. Default for docker: the repository's name.",
         set_image});
    keys.push_back(
        {"shows.build.image_wait", KeyType::Duration, "15m",
         "Engine none: how long the image may take to appear in its registry. 0s: it is not looked for.",
         set_image_wait});
    keys.push_back(
        {"shows.build.tool",
         KeyType::Choice,
         "buildx",
         "Engine docker: what builds. buildx: `docker buildx build`; docker: `docker build`, where the "
         "plugin is missing.",
         set_tool,
         {"buildx", "docker"}});
    keys.push_back(
        {"shows.build.output",
         KeyType::Choice,
         "load",
         "Engine docker: where the image goes: to the engine of this machine, to its registry, or to both.",
         set_output,
         {"load", "push", "both"}});
    keys.push_back({"shows.build.file", KeyType::Text, "",
                    "Dockerfile, below the checkout. Default: Dockerfile.",
                    set_recipe_text<&BuildRecipe::file>});
    keys.push_back({"shows.build.context", KeyType::Text, ".", "Folder that is built, below the checkout.",
                    set_recipe_text<&BuildRecipe::context>});
    keys.push_back({"shows.build.target", KeyType::Text, "", "Stage of the Dockerfile. Default: the last.",
                    set_recipe_text<&BuildRecipe::target>});
    keys.push_back({"shows.build.args", KeyType::Map, TextMap{},
                    "Build arguments (--build-arg). They stay in the image's history: not for secrets.",
                    set_recipe_map<&BuildRecipe::arguments>});
    keys.push_back({"shows.build.platforms", KeyType::List, TextList{},
                    "Platforms such as linux/amd64. Default: the engine's own.",
                    set_recipe_list<&BuildRecipe::platforms>});
    keys.push_back({"shows.build.cache_from", KeyType::List, TextList{},
                    "Caches to read, as --cache-from takes them: type=registry,ref=acme/cache:shows.",
                    set_recipe_list<&BuildRecipe::cache_from>});
    keys.push_back(
        {"shows.build.cache_to", KeyType::List, TextList{},
         "Caches to write, as --cache-to takes them. Written in CI only (CI or GITHUB_ACTIONS is set).",
         set_recipe_list<&BuildRecipe::cache_to>});
    keys.push_back(
        {"shows.build.secrets", KeyType::Map, TextMap{},
         "Secrets that single steps of the build may mount (RUN --mount=type=secret,id=…): id to env:NAME or "
         "file:PATH. In no layer of the image; not given to builds of forks.",
         set_recipe_map<&BuildRecipe::secrets>});
    keys.push_back(
        {"shows.build.image_labels",
         KeyType::Choice,
         "oci",
         "Labels on the image that say which commit it is of, of what repository, and when it was built.",
         set_image_labels,
         {"oci", "none"}});
}

void add_docker_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"shows.docker.host", KeyType::Text, "",
         "Address of the Docker engine, or of a manager of the swarm: unix:///PATH or tcp://HOST:PORT. "
         "Default: DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH), else the usual socket.",
         set_text_of<&Config::docker, &DockerConfig::host>});
    keys.push_back(
        {"shows.docker.reach",
         KeyType::Choice,
         "port",
         "How visitors get to a show: by a port on [shows.run] address, or at the container's own address in "
         "its network.",
         set_reach,
         {"port", "network"}});
    keys.push_back({"shows.docker.network", KeyType::Text, "",
                    "Network that shows are attached to. Default: the engine's own.",
                    set_text_of<&Config::docker, &DockerConfig::network>});
    keys.push_back({"shows.docker.pull",
                    KeyType::Choice,
                    "missing",
                    "When the image is pulled: if the engine has it not, before each start, or never.",
                    set_pull,
                    {"missing", "always", "never"}});
    keys.push_back(
        {"shows.docker.restart",
         KeyType::Choice,
         "always",
         "Whether the engine starts an app that ended again: always (after a restart of the machine, too), "
         "when it failed, or not. One that ended three times in a row counts as ended. For swarm, too.",
         set_restart,
         {"always", "on-failure", "no"}});
    keys.push_back({"shows.docker.cpus", KeyType::Text, "",
                    "Processors that a show may use: \"0.5\", \"2\". Default: no bound. For swarm, too.",
                    set_cpus});
    keys.push_back({"shows.docker.pids", KeyType::Integer, int64_t{4096},
                    "Processes and threads that a show may have, unless shows.run.processes says so; 0 = no "
                    "bound. For swarm, too.",
                    set_pids});
}

void add_swarm_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.swarm.networks", KeyType::List, TextList{},
                    "Overlay networks that shows are attached to.",
                    set_list<&Config::swarm, &SwarmConfig::networks>});
    keys.push_back({"shows.swarm.constraints", KeyType::List, TextList{},
                    "Nodes that may run shows, such as node.labels.shows==yes.",
                    set_list<&Config::swarm, &SwarmConfig::constraints>});
    keys.push_back(
        {"shows.swarm.port_mode",
         KeyType::Choice,
         "ingress",
         "How visitors get to a show: by the same port on every node, by a port of the node that it is on, "
         "or by its name in a network only.",
         set_port_mode,
         {"ingress", "host", "none"}});
    keys.push_back(
        {"shows.swarm.endpoint_mode",
         KeyType::Choice,
         "vip",
         "How its name is resolved in a network: to one virtual address, or to the tasks' own (dnsrr; not "
         "with port_mode ingress).",
         set_endpoint_mode,
         {"vip", "dnsrr"}});
    keys.push_back(
        {"shows.swarm.secrets", KeyType::List, TextList{},
         "Secrets of the swarm that shows find in /run/secrets. Not given to pull requests from forks.",
         set_list<&Config::swarm, &SwarmConfig::secrets>});
    keys.push_back({"shows.swarm.configs", KeyType::Map, TextMap{},
                    "Configs of the swarm, by name, and the path at which shows find each.",
                    set_map<&Config::swarm, &SwarmConfig::configs>});
}

}  // namespace ringmaster::app
