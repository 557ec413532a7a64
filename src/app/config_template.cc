#include <map>
#include <set>

#include "app/config.h"
#include "app/config_keys.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

/// Keys that a new file shows; the rest is in docs/configuration.md.
const std::set<std::string_view> kShownKeys = {
    "project.name",        "project.repository", "shows.ttl",          "shows.limit",   "shows.comment",
    "shows.build.command", "shows.build.env",    "shows.run.command",  "shows.run.env", "shows.run.secrets",
    "shows.run.health",    "shows.policy.forks", "shows.policy.drafts"};

/// What was found out about the project, as keys that are set rather than commented out.
std::map<std::string, ConfigValue, std::less<>> known_values(const cli::ProjectFacts& facts) {
    std::map<std::string, ConfigValue, std::less<>> values;
    if (!facts.repository.empty()) values["project.repository"] = facts.repository;
    if (facts.runs_in_docker) {
        values["shows.build.engine"] = "docker";
        values["shows.run.engine"] = "docker";
        if (facts.exposed_port != 0) values["shows.run.port"] = std::int64_t{facts.exposed_port};
        return values;  // the image says how it is built and started
    }
    if (!facts.start_command.empty()) values["shows.run.command"] = facts.start_command;
    if (!facts.build_command.empty()) values["shows.build.command"] = facts.build_command;
    return values;
}

void append_key(std::string& text, const KeySpec& spec, const ConfigValue* known) {
    text += cli::wrap(spec.help, 100, "# ");
    text += fmt::format("{}{} = {}\n", known != nullptr ? "" : "# ", spec.name(),
                        to_toml(known != nullptr ? *known : spec.default_value));
}

}  // namespace

std::string config_template(const cli::ProjectFacts& facts) {
    const auto known = known_values(facts);
    std::string text =
        "# Settings of Ringmaster. Lines that begin with \"# \" and a key show its default.\n"
        "# All keys: `ringmaster config`, docs/configuration.md.\n";
    for (const auto& section : config_sections()) {
        bool has_heading = false;
        for (const auto& spec : config_keys()) {
            const auto value = known.find(spec.key);
            const bool is_shown = kShownKeys.contains(spec.key) || value != known.end();
            if (spec.section() != section.name || !is_shown) continue;
            if (!has_heading) text += fmt::format("\n[{}]\n", section.name);
            has_heading = true;
            append_key(text, spec, value == known.end() ? nullptr : &value->second);
        }
    }
    return text;
}

}  // namespace ringmaster::app
