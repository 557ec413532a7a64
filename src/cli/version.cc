#include "cli/version.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_version(Context& context, const Arguments& arguments) {
    if (!print_json_if_asked(context, arguments, Value::object().set("version", kVersion)))
        context.out().line(fmt::format("ringmaster {}", kVersion));
    return kDone;
}

}  // namespace

Command version_command() {
    return {.name = "version",
            .group = kOtherGroup,
            .summary = "Print the version",
            .examples = {{"ringmaster version", ""}, {"ringmaster version --json", ""}},
            .json_fields = {"version"},
            .run = run_version};
}

}  // namespace ringmaster::cli
