#pragma once
// The configuration: what ringmaster.toml, the environment and options say, understood. config_keys.cc holds
// the one table of keys that checks, documents and applies them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config_value.h"
#include "app/docker_config.h"
#include "app/ecs_config.h"
#include "app/flows_config.h"
#include "app/router_config.h"
#include "base/result.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "domain/repository_name.h"
#include "domain/show_policy.h"

namespace ringmaster::app {

enum class ClaimsBackend { Labels, Refs, Database };
enum class BuildEngine { Command, None, Docker, Exec };
enum class RunEngine { Process, Docker, Swarm, Ecs, Exec };

/// What the keys mean. Paths may be relative: to the folder of ringmaster.toml.
struct Config {
    std::string project_name;                  ///< empty: the repository's name
    std::optional<RepositoryName> repository;  ///< nullopt: the git remote's
    std::string state_folder;                  ///< empty: the user's state folder
    std::string releases;  ///< repository whose releases tell of a newer version; empty: nobody is asked
    std::string preset;
    ShowPolicy policy;
    Duration lease = std::chrono::minutes(5);
    Duration lease_settle = std::chrono::seconds(2);
    ClaimsBackend claims = ClaimsBackend::Labels;

    struct Build {
        BuildEngine engine = BuildEngine::Command;
        TextList command;  ///< empty: checking the commit out is all there is to do
        TextMap environment;
        std::string source;  ///< git repository that commits are taken from; empty: the one we are in
        int processes = 0;   ///< and threads, that a build may have; 0 = no bound
        std::string remote;  ///< name or address to fetch missing commits from; empty: never fetch
    } build;
    ImageConfig image;
    struct Run {
        RunEngine engine = RunEngine::Process;
        int port = 8080;  ///< that the app listens on in its container
        TextList command;
        TextMap environment;
        TextList secrets;      ///< names of variables
        TextMap secret_files;  ///< by the name of the variable; absolute once the file's folder is known
        std::string address;
        std::string host;  ///< where visitors find shows; empty: at `address`
        int first_port = 0;
        int last_port = 0;
        int processes = 0;         ///< and threads, that a show may have; 0 = no bound of this key
        int memory_megabytes = 0;  ///< of each process; 0 = no bound
        Duration stop_grace = std::chrono::seconds(10);
    } run;
    DockerConfig docker;
    SwarmConfig swarm;
    EcsConfig ecs;
    RouterConfig router;
    struct Exec {
        TextList builder;  ///< program and arguments
        TextList runtime;
        TextList router;
        TextList variables;  ///< names of ours that all of them get
    } exec;
    FlowsConfig flows;
    struct Server {
        std::string listen;
        std::string database;
        Duration sweep_interval = std::chrono::minutes(5);
        int workers = 4;
    } server;
    struct ForgeAddresses {
        std::string api_url;
        std::string graphql_url;  ///< empty: derived from api_url
        std::string web_url;
        std::string cache_folder;  ///< empty: the user's cache folder
    } forge;
};

/// One key as one layer has it.
struct Setting {
    ConfigValue value;
    std::string origin;  ///< "default", "ringmaster.toml:12", "RINGMASTER_SHOWS_TTL", …
    std::string place;   ///< how an error about it begins: "ringmaster.toml:12:8", "RINGMASTER_SHOWS_TTL"
};
/// By full key ("shows.run.env").
using Layer = std::map<std::string, Setting, std::less<>>;

/// Reads and checks the text of a ringmaster.toml. Total: every text gives settings or an error that begins
/// with "FILE:LINE:COLUMN: ". Errors: InvalidInput.
Result<Layer> parse_config(std::string_view text, std::string_view file_name);

/// RINGMASTER_… variables. Errors: InvalidInput (a value, or a name that begins like a section's but is no
/// key).
Result<Layer> layer_from_environment(const cli::Environment& environment);
/// Variables that GitHub Actions and showtime know: the weakest layer above the preset.
Result<Layer> layer_from_github(const cli::Environment& environment);
/// "shows.ttl=24h" from --set. Errors: InvalidInput.
Result<Layer> layer_from_assignments(const std::vector<std::string>& assignments);
/// The values of a preset by its name. Errors: InvalidInput (no such preset).
Result<Layer> preset_layer(std::string_view name);

/// Everything together: `layers` from the strongest to the weakest, then the preset that they name, then
/// the defaults.
struct LoadedConfig {
    Config config;
    Layer effective;   ///< every key
    std::string file;  ///< path; empty = none
    std::string folder;
};
/// `default_preset` is used where no layer names one. Errors: InvalidInput (a preset's name; two settings
/// that contradict each other).
Result<LoadedConfig> combine(const std::vector<Layer>& layers, std::string_view default_preset);

/// "RINGMASTER_SHOWS_RUN_ENV" for "shows.run.env".
std::string variable_of(std::string_view key);

std::string config_schema();
std::string config_docs();
std::string config_template(const cli::ProjectFacts& facts);

}  // namespace ringmaster::app
