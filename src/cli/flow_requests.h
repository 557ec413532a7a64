#pragma once
// The options that say what is to be deployed or promoted; shared by `plan` and the commands that do it.

#include <vector>

#include "cli/arguments.h"
#include "flows/service.h"

namespace ringmaster::cli {

std::vector<Option> deploy_options();
std::vector<Option> promote_options();
flows::DeployRequest deploy_request(const Arguments& arguments);
/// Errors: InvalidInput (no --to).
flows::PromoteRequest promote_request(const Arguments& arguments);

}  // namespace ringmaster::cli
