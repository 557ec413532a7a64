#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

struct ConfigOptions {
    enum class Show { Effective, Schema, Docs } show = Show::Effective;
    std::optional<std::string> key;
};

Result<ConfigOptions> parse(const Arguments& arguments) {
    ConfigOptions options;
    options.key = arguments.text("KEY");
    if (arguments.flag("schema") && arguments.flag("docs"))
        return Fail(Error::invalid_input("--schema and --docs cannot be printed together")
                        .hint("ask for one at a time"));
    if (arguments.flag("schema")) options.show = ConfigOptions::Show::Schema;
    if (arguments.flag("docs")) options.show = ConfigOptions::Show::Docs;
    return options;
}

Error unknown_key(const std::string& key, const ConfigReport& report) {
    std::vector<std::string> keys;
    for (const auto& entry : report.entries) keys.push_back(entry.key);
    const auto near = nearest_word(key, keys);
    return Error::invalid_input("there is no key {}", sanitize_for_terminal(key))
        .hint(near ? "did you mean " + *near + "?" : "`ringmaster config` lists all keys");
}

Result<ExitCode> print_effective(Context& context, const Arguments& arguments, const ConfigOptions& options) {
    auto report = TRY(context.config());
    if (options.key) {
        const auto wanted = [&](const ConfigEntry& entry) {
            return entry.key == *options.key || entry.key.starts_with(*options.key + ".");
        };
        if (std::ranges::none_of(report.entries, wanted)) return Fail(unknown_key(*options.key, report));
        std::erase_if(report.entries, [&](const auto& entry) { return !wanted(entry); });
    }
    Value list = Value::array();
    Table table{.headings = {"KEY", "VALUE", "FROM"}};
    for (const auto& entry : report.entries) {
        list.add(Value::object().set("key", entry.key).set("value", entry.value).set("origin", entry.origin));
        const bool is_default = entry.origin == "default";
        table.rows.push_back({{entry.key, is_default ? Style::Plain : Style::Bold},
                              entry.value,
                              {entry.origin, is_default ? Style::Dim : Style::Plain}});
    }
    if (print_json_if_asked(context, arguments, list)) return kDone;
    context.err().line(report.file.empty()
                           ? "No ringmaster.toml was found from here upwards; `ringmaster init` "
                             "writes one."
                           : "Configuration file: " + report.file);
    print_table(context.out(), table);
    return kDone;
}

Result<ExitCode> run_config(Context& context, const Arguments& arguments) {
    const auto options = TRY(parse(arguments));
    switch (options.show) {
        case ConfigOptions::Show::Schema:
            context.out().write(context.config_schema());
            return kDone;
        case ConfigOptions::Show::Docs:
            context.out().write(context.config_docs());
            return kDone;
        case ConfigOptions::Show::Effective:
            return print_effective(context, arguments, options);
    }
    return kDone;
}

}  // namespace

Command config_command() {
    return {.name = "config",
            .group = kSetUpGroup,
            .summary = "Show the settings in effect and where each comes from",
            .description =
                "Settings come from --set and other options, then from RINGMASTER_… variables, then from "
                "ringmaster.toml (found from the working directory upwards), then from the preset, then from "
                "the defaults. Secrets are never part of them.",
            .positionals = {{.name = "KEY", .help = "Only this key, or this section", .is_required = false}},
            .options = {{.name = "schema", .help = "Print the JSON Schema of ringmaster.toml instead"},
                        {.name = "docs", .help = "Print the documentation of every key as Markdown instead"}},
            .examples = {{"ringmaster config", ""},
                         {"ringmaster config shows.ttl --json value,origin", ""},
                         {"RINGMASTER_SHOWS_TTL=24h ringmaster config shows", "for one run, from a variable"},
                         {"ringmaster config --schema > ringmaster.schema.json", "for editors"}},
            .json_fields = {"key", "value", "origin"},
            .run = run_config};
}

}  // namespace ringmaster::cli
