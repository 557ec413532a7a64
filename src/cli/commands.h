#pragma once
// Every command of the program `ringmaster`, one function a file. registry.cc puts them in order.

#include "cli/command.h"

namespace ringmaster::cli {

Command sync_command();
Command start_command();
Command stop_command();
Command status_command();
Command list_command();
Command open_command();
Command logs_command();
Command labels_command();
Command setup_labels_command();
Command cleanup_command();
Command cleanup_labels_command();
Command git_check_command();
Command history_command();
Command release_command();
Command flows_command();
Command deployments_command();
Command grid_command();
Command plan_command();
Command deploy_command();
Command promote_command();
Command approve_command();
Command rollback_command();
Command run_command();
Command drift_command();
Command prune_command();
Command worker_command();
Command carry_out_run_command();  ///< hidden: what runs in the background of `run`
Command serve_command();
Command demo_command();
Command auth_command();
Command api_command();
Command config_command();
Command init_command();
Command doctor_command();
Command check_plugin_command();
Command version_command();
Command completion_command();
Command complete_command();          ///< hidden: what completion scripts ask
Command look_for_release_command();  ///< hidden: what runs in the background of others
Command commands_command();          ///< hidden: what docs/commands.md is made of
Command help_command();

}  // namespace ringmaster::cli
