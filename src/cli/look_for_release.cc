// `__look-for-release`: runs in the background of another command, which does not wait for it.

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/registry.h"

namespace ringmaster::cli {

Command look_for_release_command() {
    return {.name = "__look-for-release",
            .group = kOtherGroup,
            .summary = "Write down which release is the newest",
            .positionals = {{.name = "URL", .help = "Address of the newest release, in the forge's REST API"},
                            {.name = "FILE", .help = "Where to write it down"}},
            .run = [](Context& context, const Arguments& arguments) -> Result<ExitCode> {
                context.look_for_release(*arguments.text("URL"), *arguments.text("FILE"));
                return kDone;
            },
            .hidden = true};
}

}  // namespace ringmaster::cli
