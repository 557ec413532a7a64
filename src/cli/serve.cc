#include "cli/serve.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Result<ExitCode> run_serve(Context& context, const Arguments& arguments) {
    return context.serve({.is_local = arguments.flag("local"),
                          .listen = arguments.text("listen"),
                          .data = arguments.text("data")});
}

Result<ExitCode> run_demo(Context& context, const Arguments& arguments) {
    DemoOptions options{.keep = arguments.flag("keep"),
                        .fast = arguments.flag("fast"),
                        .directory = arguments.text("directory"),
                        .port = std::nullopt};
    if (const auto port = arguments.integer("port")) {
        if (*port > 65535)
            return Fail(Error::invalid_input("--port must be at most 65535, but is {}", *port));
        options.port = static_cast<int>(*port);
    }
    return context.demo(options);
}

}  // namespace

Command serve_command() {
    return {.name = "serve",
            .group = kServiceGroup,
            .summary = "Run the service: webhooks in, shows out",
            .description =
                "Listens for webhooks, works on pull requests, and looks at everything at an interval, so "
                "that a lost webhook costs minutes only. Stops cleanly on Ctrl-C.",
            .options = {{.name = "local", .help = "Run on a local forge of its own instead of GitHub"},
                        {.name = "listen",
                         .kind = OptionKind::Text,
                         .help = "Address and port, instead of [server] listen",
                         .value_name = "HOST:PORT"},
                        {.name = "data",
                         .kind = OptionKind::Text,
                         .help = "Folder of the local forge (with --local)",
                         .value_name = "FOLDER"}},
            .examples = {{"ringmaster serve --local", "previews on one machine, no account needed"},
                         {"GITHUB_WEBHOOK_SECRET=… ringmaster serve --listen 127.0.0.1:8080", ""}},
            .run = run_serve};
}

Command demo_command() {
    return {.name = "demo",
            .group = kServiceGroup,
            .summary = "Watch everything work on this machine, in seconds",
            .description =
                "Sets up a local forge with a sample repository, opens a pull request, and shows each act "
                "with its labels, address and time, while a visitor counts failed requests. Needs no "
                "account and no credentials.",
            .options = {{.name = "keep", .help = "Leave everything running afterwards, to explore"},
                        {.name = "fast", .help = "Without pauses for the reader"},
                        {.name = "directory",
                         .kind = OptionKind::Text,
                         .help = "Folder to work in (default: a new one)",
                         .value_name = "FOLDER"},
                        {.name = "port",
                         .kind = OptionKind::Integer,
                         .help = "Port of the local forge (default: any free one)",
                         .value_name = "PORT"}},
            .examples = {{"ringmaster demo", ""}, {"ringmaster demo --keep", "and look around"}},
            .run = run_demo};
}

}  // namespace ringmaster::cli
