#include "cli/registry.h"

#include "cli/commands.h"

namespace ringmaster::cli {

namespace {

std::vector<Option> common_options() {
    return {
        {.name = "repository",
         .kind = OptionKind::Text,
         .help = "The repository, instead of the configured one",
         .value_name = "OWNER/NAME",
         .short_name = "R"},
        {.name = "config",
         .kind = OptionKind::Text,
         .help = "Use this file instead of the ringmaster.toml found from here upwards",
         .value_name = "FILE"},
        {.name = "set",
         .kind = OptionKind::Text,
         .help = "Any setting for this run, for instance --set shows.ttl=24h; may be repeated",
         .value_name = "KEY=VALUE"},
        {.name = "verbose",
         .help = "Show each request with its status and time; -vv: also bodies, secrets masked",
         .short_name = "v"},
        {.name = "no-prompt", .help = "Never ask, as if there were no terminal"},
    };
}

Program make_ringmaster() {
    return {.name = "ringmaster",
            .tagline = "Every pull request gets a live environment.",
            .commands = {sync_command(),
                         start_command(),
                         stop_command(),
                         status_command(),
                         list_command(),
                         open_command(),
                         logs_command(),
                         history_command(),
                         labels_command(),
                         git_check_command(),
                         setup_labels_command(),
                         cleanup_command(),
                         cleanup_labels_command(),
                         release_command(),
                         flows_command(),
                         deployments_command(),
                         grid_command(),
                         plan_command(),
                         deploy_command(),
                         promote_command(),
                         approve_command(),
                         rollback_command(),
                         run_command(),
                         drift_command(),
                         prune_command(),
                         worker_command(),
                         carry_out_run_command(),
                         demo_command(),
                         serve_command(),
                         init_command(),
                         doctor_command(),
                         check_plugin_command(),
                         config_command(),
                         auth_command(),
                         api_command(),
                         version_command(),
                         completion_command(),
                         help_command(),
                         commands_command(),
                         complete_command(),
                         look_for_release_command()},
            .common_options = common_options(),
            .groups = {kShowsGroup, kFlowsGroup, kUpkeepGroup, kServiceGroup, kSetUpGroup, kOtherGroup}};
}

}  // namespace

const Program& ringmaster_program() {
    static const Program program = make_ringmaster();
    return program;
}

const Program& program_called(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return name == "showtime" || name == "superset-showtime" ? showtime_program() : ringmaster_program();
}

}  // namespace ringmaster::cli
