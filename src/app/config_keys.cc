#include "app/config_keys.h"

#include <algorithm>

#include "app/config_keys_docker.h"
#include "app/config_keys_ecs.h"
#include "app/config_keys_exec.h"
#include "app/config_keys_flows.h"
#include "app/config_keys_router.h"
#include "app/config_setters.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

using std::int64_t;

void add_project_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"project.name", KeyType::Text, "",
                    "What people call the project. Default: the repository's name.",
                    set_text<&Config::project_name>});
    keys.push_back({"project.repository", KeyType::Text, "",
                    "The repository on the forge, as owner/name. Default: GITHUB_ORG and GITHUB_REPO, else "
                    "GITHUB_REPOSITORY, else the git remote origin.",
                    set_repository});
    keys.push_back(
        {"project.state", KeyType::Text, "",
         "Folder for what this machine has to remember: shows of the process engine, history, names of "
         "claims. Default: ringmaster in XDG_STATE_HOME, else in ~/.local/state.",
         set_text<&Config::state_folder>});
    keys.push_back({"project.releases", KeyType::Text, "",
                    "Repository (owner/name) on the forge where your releases of Ringmaster are. People at a "
                    "terminal are told of a newer one, at most once a day; the forge is asked in the "
                    "background, no command waits for it. Never in CI, for pipes or with --json. Empty: "
                    "nobody is asked.",
                    set_releases});
}

void add_show_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.preset",
                    KeyType::Choice,
                    "",
                    "Fills in every key that is not set here with the values of an earlier tool.",
                    set_text<&Config::preset>,
                    {"", "superset"}});
    keys.push_back(
        {"shows.ttl", KeyType::Ttl, "48h",
         "How long a show lives, unless a label on its pull request says otherwise; \"close\": as long "
         "as the pull request is open.",
         set_ttl});
    keys.push_back({"shows.limit", KeyType::Integer, int64_t{20},
                    "Shows at once in the repository; 0 = no limit.",
                    set_policy_integer<&ShowPolicy::limit>});
    keys.push_back({"shows.lease", KeyType::Duration, "5m",
                    "How long a worker that fell silent keeps a pull request. At least 20s.", set_lease});
    keys.push_back(
        {"shows.lease_settle", KeyType::Duration, "2s",
         "Pause before a new lease counts: the time a forge may take to show what was just written. 0s "
         "where it reads its own writes, as the local forge does.",
         set_duration<&Config::lease_settle>});
    keys.push_back(
        {"shows.claims",
         KeyType::Choice,
         "labels",
         "What the lease is made of. labels: label definitions on the forge; refs: hidden git refs there, "
         "moved by the forge's own compare-and-swap (the token then needs `contents: write`); database: rows "
         "in [server] database (then every worker must use that database).",
         set_claims,
         {"labels", "refs", "database"}});
    keys.push_back(
        {"shows.comment",
         KeyType::Choice,
         "sticky",
         "The one comment on a pull request: kept up to date, written for failures only, or never.",
         set_comment,
         {"sticky", "failures", "off"}});
    keys.push_back({"shows.comment_style",
                    KeyType::Choice,
                    "table",
                    "How the comment is laid out; superset: as superset-showtime did.",
                    set_comment_style,
                    {"table", "superset"}});
    keys.push_back({"shows.automatic_rebuilds", KeyType::Integer, int64_t{1},
                    "How often the show of one commit is built again by itself after a failure.",
                    set_policy_integer<&ShowPolicy::automatic_rebuilds>});
    keys.push_back(
        {"shows.in_progress_timeout", KeyType::Duration, "120m",
         "A show that is still being prepared after this time, and that no worker holds, counts as failed.",
         set_policy_duration<&ShowPolicy::in_progress_timeout>});
    keys.push_back({"shows.watch_interval", KeyType::Duration, "15s",
                    "How often a long build looks whether it is still wanted: a stop, a close, a newer "
                    "commit. Each look is one "
                    "request.",
                    set_policy_duration<&ShowPolicy::watch_interval>});
    keys.push_back(
        {"shows.retire_after", KeyType::Duration, "2s",
         "How long the old version goes on serving after the switch, for visitors who hold its address.",
         set_policy_duration<&ShowPolicy::drain>});
    keys.push_back(
        {"shows.required_commit", KeyType::Text, "",
         "Full sha of a commit that every version must contain; others are refused before they are built.",
         set_required_commit});
    keys.push_back(
        {"shows.credentials", KeyType::Text, "",
         "How visitors log in, for the comment (\"admin/admin\"). Anyone who sees the pull request reads it.",
         set_policy_text<&ShowPolicy::credentials_hint>});
    keys.push_back(
        {"shows.feature_flag_prefix", KeyType::Text, "",
         "Lets the text of a pull request set flags: FEATURE_X=true in it becomes the variable PREFIX + X. "
         "Empty: it sets none.",
         set_policy_text<&ShowPolicy::feature_flag_prefix>});
}

void add_build_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"shows.build.engine",
         KeyType::Choice,
         "command",
         "How a commit becomes something that can run. command: check it out and run `command` in "
         "it; docker: "
         "build an image of it; exec: a program of your own does it; none: somebody else has built "
         "it.",
         set_build_engine,
         {"command", "docker", "exec", "none"}});
    keys.push_back({"shows.build.command", KeyType::Command, TextList{},
                    "Program that builds a version, run in its checkout. Empty: nothing needs to be built.",
                    set_command<&Config::build, &Config::Build::command>});
    keys.push_back({"shows.build.env", KeyType::Map, TextMap{},
                    "Variables that the build gets. Not for secrets.",
                    set_map<&Config::build, &Config::Build::environment>});
    keys.push_back(
        {"shows.build.source", KeyType::Text, "",
         "Git repository that commits are taken from: a folder. Default: the one that ringmaster.toml is "
         "in.",
         set_text_of<&Config::build, &Config::Build::source>});
    keys.push_back(
        {"shows.build.remote", KeyType::Text, "origin",
         "Remote of that repository, or address, from which a commit that is missing is fetched. Empty: it "
         "has to be there.",
         set_text_of<&Config::build, &Config::Build::remote>});
    keys.push_back(
        {"shows.build.processes", KeyType::Integer, int64_t{0},
         "Processes and threads that a build by the engine command may have; 0 = no bound. Held by a "
         "control group of the kernel's where one can be made (root, or Delegate=yes in systemd), "
         "else as the limit of all processes of this user together.",
         set_processes<&Config::build>});
    keys.push_back({"shows.build.timeout", KeyType::Duration, "60m", "A build that takes longer is ended.",
                    set_policy_duration<&ShowPolicy::build_timeout>});
}

void add_run_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"shows.run.engine",
         KeyType::Choice,
         "process",
         "Where shows run. process: as programs on this machine; docker: as containers of a Docker "
         "engine; swarm: as services of a swarm; ecs: as services of AWS ECS on Fargate; exec: where a "
         "program "
         "of your own puts them.",
         set_run_engine,
         {"process", "docker", "swarm", "ecs", "exec"},
         {"kubernetes"}});
    keys.push_back({"shows.run.port", KeyType::Integer, int64_t{8080},
                    "Port that the app listens on in its container (PORT). For engines that run images.",
                    set_port});
    keys.push_back({"shows.run.command", KeyType::Command, TextList{},
                    "Program that serves a version. It listens on the port that PORT names. Process: run in "
                    "the version's "
                    "checkout; engines that run images: instead of the image's own command.",
                    set_command<&Config::run, &Config::Run::command>});
    keys.push_back({"shows.run.env", KeyType::Map, TextMap{}, "Variables that a show gets.",
                    set_map<&Config::run, &Config::Run::environment>});
    keys.push_back(
        {"shows.run.secrets", KeyType::List, TextList{},
         "Names of variables that a show gets from the environment of the program that starts it. Never "
         "given to builds, nor to pull requests from forks. While one is not set, nothing is built that "
         "would "
         "get it.",
         set_list<&Config::run, &Config::Run::secrets>});
    keys.push_back({"shows.run.secret_files", KeyType::Map, TextMap{},
                    "The same from files: the variable that a show gets, and the file (relative to "
                    "ringmaster.toml) that "
                    "holds its value. Others must not be able to read it: chmod 600.",
                    set_map<&Config::run, &Config::Run::secret_files>});
    keys.push_back({"shows.run.address", KeyType::Text, "127.0.0.1",
                    "Address of this machine that shows listen on (HOST).",
                    set_text_of<&Config::run, &Config::Run::address>});
    keys.push_back({"shows.run.host", KeyType::Text, "",
                    "Name or address under which visitors find this machine. Default: shows.run.address.",
                    set_text_of<&Config::run, &Config::Run::host>});
    keys.push_back(
        {"shows.run.ports", KeyType::Text, "20000-29999", "Ports that shows get (PORT).", set_ports});
    keys.push_back({"shows.run.memory_mb", KeyType::Integer, int64_t{0},
                    "Megabytes of memory that a show may have; 0 = no bound. Process: of address space, each "
                    "of its processes; "
                    "some runtimes reserve far more than they use.",
                    set_memory});
    keys.push_back(
        {"shows.run.processes", KeyType::Integer, int64_t{0},
         "Processes and threads that a show may have; 0 = no bound (docker and swarm: that of "
         "shows.docker.pids). Process: as for shows.build.processes. ECS bounds them itself; exec: "
         "the program is told.",
         set_processes<&Config::run>});
    keys.push_back({"shows.run.stop_grace", KeyType::Duration, "10s",
                    "Time between asking a show to end and killing it.", set_stop_grace});
    keys.push_back({"shows.run.timeout", KeyType::Duration, "10m", "Time for a version to be started.",
                    set_policy_duration<&ShowPolicy::deploy_timeout>});
    keys.push_back({"shows.run.health", KeyType::List, TextList{"/health", "/"},
                    "Paths that are asked, in this order, until one answers 200: then the show is up.",
                    set_health_paths});
    keys.push_back({"shows.run.health_timeout", KeyType::Duration, "10m",
                    "Time from the start of a show to its first 200.", set_health<&HealthCheck::timeout>});
    keys.push_back({"shows.run.health_interval", KeyType::Duration, "1s",
                    "Pause between two rounds of asking.", set_health<&HealthCheck::interval>});
    keys.push_back({"shows.run.health_request_timeout", KeyType::Duration, "10s", "Time for one answer.",
                    set_health<&HealthCheck::request_timeout>});
}

void add_hook_keys(std::vector<KeySpec>& keys) {
    keys.push_back(
        {"shows.run.seed", KeyType::Command, TextList{},
         "Command that is run in each show that was started, after it answers and before visitors "
         "are sent there: with the show's files and variables (PORT, secrets, …). When it fails, the "
         "show fails. A show is seeded once; after a crash on the way it is started afresh. Not on "
         "ECS.",
         set_hook<&ShowPolicy::seed>});
    keys.push_back({"shows.run.seed_timeout", KeyType::Duration, "10m", "Time for the seed.",
                    set_hook_timeout<&ShowPolicy::seed>});
    keys.push_back(
        {"shows.run.teardown", KeyType::Command, TextList{},
         "Command that is run in each show that still runs when it is to be removed. When it fails, "
         "that is told, and the show is removed all the same. Not on ECS.",
         set_hook<&ShowPolicy::teardown>});
    keys.push_back({"shows.run.teardown_timeout", KeyType::Duration, "1m", "Time for the teardown.",
                    set_hook_timeout<&ShowPolicy::teardown>});
}

void add_policy_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"shows.policy.start",
                    KeyType::Choice,
                    "write",
                    "Permission on the repository that a person needs to start a show.",
                    set_start_permission,
                    {"write"}});
    keys.push_back(
        {"shows.policy.forks",
         KeyType::Choice,
         "approve",
         "Pull requests from forks: no show, a show for each commit that somebody with that permission "
         "approved, or a show as for any other.",
         set_forks,
         {"never", "approve", "allow"}});
    keys.push_back({"shows.policy.drafts",
                    KeyType::Choice,
                    "on-label",
                    "Draft pull requests: no show, a show when its trigger label is added, or as any other.",
                    set_drafts,
                    {"skip", "on-label", "always"}});
}

void add_server_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"server.listen", KeyType::Text, "127.0.0.1:8080",
                    "Address and port of `ringmaster serve`.", set_listen});
    keys.push_back({"server.database", KeyType::Text, "sqlite:ringmaster.db",
                    "Where history is kept: sqlite:FILE, relative to [project] state.", set_database});
    keys.push_back({"server.sweep_interval", KeyType::Duration, "5m",
                    "How often everything is looked at, so that nothing that was missed stays.",
                    set_sweep_interval});
    keys.push_back({"server.workers", KeyType::Integer, int64_t{4},
                    "Pull requests that are worked on at once.", set_workers});
}

void add_forge_keys(std::vector<KeySpec>& keys) {
    keys.push_back({"forge.api_url", KeyType::Text, "https://api.github.com",
                    "REST address of the forge. Default: GITHUB_API_URL.",
                    set_url<&Config::ForgeAddresses::api_url>});
    keys.push_back({"forge.graphql_url", KeyType::Text, "",
                    "GraphQL address. Default: GITHUB_GRAPHQL_URL, else what belongs to api_url.",
                    set_url<&Config::ForgeAddresses::graphql_url>});
    keys.push_back({"forge.web_url", KeyType::Text, "https://github.com",
                    "Address of its web pages, for links. Default: GITHUB_SERVER_URL.",
                    set_url<&Config::ForgeAddresses::web_url>});
    keys.push_back(
        {"forge.cache", KeyType::Text, "",
         "Folder for answers that the forge need not send again. Default: ringmaster in XDG_CACHE_HOME, "
         "else in ~/.cache.",
         set_text_of<&Config::forge, &Config::ForgeAddresses::cache_folder>});
}

std::vector<KeySpec> make_keys() {
    std::vector<KeySpec> keys;
    add_project_keys(keys);
    add_show_keys(keys);
    add_build_keys(keys);
    add_image_keys(keys);
    add_run_keys(keys);
    add_hook_keys(keys);
    add_docker_keys(keys);
    add_swarm_keys(keys);
    add_ecs_keys(keys);
    add_router_keys(keys);
    add_exec_keys(keys);
    add_policy_keys(keys);
    add_flow_keys(keys);
    add_server_keys(keys);
    add_forge_keys(keys);
    return keys;
}

bool has_type(KeyType type, const ConfigValue& value) {
    switch (type) {
        case KeyType::Integer:
            return std::holds_alternative<int64_t>(value);
        case KeyType::List:
            return std::holds_alternative<TextList>(value);
        case KeyType::Map:
            return std::holds_alternative<TextMap>(value);
        case KeyType::Command:
            return std::holds_alternative<TextList>(value) || std::holds_alternative<std::string>(value);
        case KeyType::Text:
        case KeyType::Choice:
        case KeyType::Duration:
        case KeyType::Ttl:
            return std::holds_alternative<std::string>(value);
    }
    return false;
}

Result<void> check_choice(const KeySpec& spec, const std::string& word) {
    if (std::ranges::find(spec.choices, word) != spec.choices.end()) return {};
    std::vector<std::string> available;
    for (const auto& choice : spec.choices)
        if (!choice.empty()) available.push_back(choice);
    if (std::ranges::find(spec.planned, word) != spec.planned.end())
        return Fail(Error::invalid_input("{} = \"{}\" is not available in this version", spec.key, word)
                        .hint("available: " + join(available, ", ")));
    const auto near = nearest_word(word, available);
    return Fail(Error::invalid_input("{} cannot be \"{}\"", spec.key, sanitize_for_terminal(word))
                    .hint((near ? "did you mean \"" + *near + "\"? " : std::string()) +
                          "available: " + join(available, ", ")));
}

}  // namespace

const std::vector<KeySpec>& config_keys() {
    static const auto keys = make_keys();
    return keys;
}

const KeySpec* find_key(std::string_view key) {
    for (const auto& spec : config_keys())
        if (spec.key == key) return &spec;
    return nullptr;
}

Result<void> check_and_apply(const KeySpec& spec, const ConfigValue& value, Config& config) {
    if (!has_type(spec.type, value))
        return Fail(
            Error::invalid_input("{} must be {}, but is {}", spec.key, describe(spec.type), describe(value))
                .hint(fmt::format("for instance: {} = {}", spec.name(), to_toml(spec.default_value))));
    if (spec.type == KeyType::Choice) TRY(check_choice(spec, std::get<std::string>(value)));
    const auto applied = spec.apply(config, value);
    if (applied) return {};
    return Fail(Error(ErrorKind::InvalidInput, spec.key + ": " + applied.error().message())
                    .hint(applied.error().hint()));
}

std::string nearest_key_hint(std::string_view key) {
    std::vector<std::string> keys;
    for (const auto& spec : config_keys()) keys.push_back(spec.key);
    for (const auto& section : config_sections()) keys.emplace_back(section.name);
    if (const auto near = nearest_word(key, keys)) return "did you mean " + *near + "?";
    // A right name in a wrong section is as likely as a slip of the finger.
    const auto name = key.substr(key.rfind('.') == std::string_view::npos ? 0 : key.rfind('.') + 1);
    for (const auto& spec : config_keys())
        if (spec.name() == name) return "did you mean " + spec.key + "?";
    return "`ringmaster config` lists all keys";
}

}  // namespace ringmaster::app
