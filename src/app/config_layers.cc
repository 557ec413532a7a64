#include <algorithm>

#include "app/config.h"
#include "app/config_keys.h"
#include "app/preset.h"
#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

Error at_place(const std::string& place, const Error& cause) {
    return Error(ErrorKind::InvalidInput, place + ": " + cause.message()).hint(cause.hint());
}

/// Reads, checks and adds one value that came as bare text.
Result<void> add_text(Layer& layer, const KeySpec& spec, std::string_view text, const std::string& origin) {
    const auto value = from_text(spec.type, text);
    if (!value) return Fail(at_place(origin, value.error()));
    Config scratch;
    if (const auto checked = check_and_apply(spec, *value, scratch); !checked)
        return Fail(at_place(origin, checked.error()));
    layer.insert_or_assign(spec.key, Setting{*value, origin, origin});
    return {};
}

/// Whether the name begins as the variables of a section do, so that it is a key that was misspelt.
bool is_of_a_section(std::string_view variable) {
    return std::ranges::any_of(config_sections(), [&](const SectionSpec& section) {
        return variable.starts_with(variable_of(section.name) + "_");
    });
}

Error unknown_variable(const std::string& name) {
    std::vector<std::string> known;
    for (const auto& spec : config_keys()) known.push_back(variable_of(spec.key));
    const auto near = nearest_word(name, known);
    return Error::invalid_input("the environment variable {} names no key", name)
        .hint(near ? "did you mean " + *near + "?" : "`ringmaster config` lists all keys");
}

/// GitHub Actions sets all its addresses at once. Where another one was chosen for the API, those that still
/// come from Actions belong to another forge.
void drop_addresses_of_another_forge(std::vector<Layer>& layers) {
    std::string api_origin;
    for (const auto& layer : layers)
        if (const auto found = layer.find("forge.api_url"); found != layer.end() && api_origin.empty())
            api_origin = found->second.origin;
    if (api_origin.empty() || api_origin.starts_with("GITHUB_")) return;
    for (auto& layer : layers)
        std::erase_if(layer, [](const auto& entry) {
            return entry.first.starts_with("forge.") && entry.second.origin.starts_with("GITHUB_");
        });
}

const Setting* strongest(const std::vector<Layer>& layers, std::string_view key) {
    for (const auto& layer : layers)
        if (const auto found = layer.find(key); found != layer.end()) return &found->second;
    return nullptr;
}

/// The pages of a GitHub Enterprise server are where its API is, without "/api/v3".
void derive_web_url(LoadedConfig& loaded) {
    constexpr std::string_view kApiPath = "/api/v3";
    auto& web = loaded.effective.find("forge.web_url")->second;
    const auto& api_url = loaded.config.forge.api_url;
    if (web.origin != "default" || !api_url.ends_with(kApiPath)) return;
    loaded.config.forge.web_url = api_url.substr(0, api_url.size() - kApiPath.size());
    web.value = loaded.config.forge.web_url;
    web.origin = "forge.api_url";
}

/// An engine that is a program of the user's needs to know which.
Result<void> check_programs(const LoadedConfig& loaded) {
    const auto check = [&](bool is_wanted, const TextList& program, const char* engine,
                           const char* key) -> Result<void> {
        if (!is_wanted || (!program.empty() && !program.front().empty())) return {};
        return Fail(
            at_place(loaded.effective.find(engine)->second.place,
                     Error::invalid_input("{} = \"exec\" needs a program, and {} names none", engine, key)
                         .hint(fmt::format("set it: {} = [\"./my-program\"]", key))));
    };
    const auto& config = loaded.config;
    TRY(check(config.build.engine == BuildEngine::Exec, config.exec.builder, "shows.build.engine",
              "shows.exec.builder"));
    TRY(check(config.run.engine == RunEngine::Exec, config.exec.runtime, "shows.run.engine",
              "shows.exec.runtime"));
    return check(config.router.engine == RouterEngine::Exec, config.exec.router, "shows.router.engine",
                 "shows.exec.router");
}

/// Engines that run images need one, and only they can use one that Docker built.
Result<void> check_engines(const LoadedConfig& loaded) {
    const auto& config = loaded.config;
    TRY(check_programs(loaded));
    if (config.run.engine == RunEngine::Exec) return {};  // only its program knows what it can run
    const bool has_image = config.build.engine == BuildEngine::Docker ||
                           config.build.engine == BuildEngine::Exec ||
                           (config.build.engine == BuildEngine::None && !config.image.name.empty());
    const auto& place = loaded.effective.find("shows.run.engine")->second.place;
    if (config.run.engine != RunEngine::Process && !has_image)
        return Fail(
            at_place(place, Error::invalid_input("shows.run.engine runs images, and [shows.build] makes none")
                                .hint("set [shows.build] engine = \"docker\", or \"none\" with an image")));
    if (config.run.engine == RunEngine::Process && config.build.engine == BuildEngine::Docker)
        return Fail(at_place(place, Error::invalid_input("shows.run.engine = \"process\" runs no images, and "
                                                         "[shows.build] engine = \"docker\" makes one")
                                        .hint("set [shows.run] engine = \"docker\"")));
    return {};
}

Result<void> check_hooks(const LoadedConfig& loaded) {
    if (loaded.config.run.engine != RunEngine::Ecs) return {};
    const auto check = [&](const ShowCommand& command, const char* key) -> Result<void> {
        if (!command.is_set()) return {};
        return Fail(at_place(
            loaded.effective.find(key)->second.place,
            Error::invalid_input("{} cannot be used on ECS, where no command can be run in a show", key)
                .hint("let the image's own start do it, or a container of [shows.ecs] task_definition that "
                      "the app depends on")));
    };
    TRY(check(loaded.config.policy.seed, "shows.run.seed"));
    return check(loaded.config.policy.teardown, "shows.run.teardown");
}

Result<void> check_together(const LoadedConfig& loaded) {
    const auto& config = loaded.config;
    const auto place_of = [&](const char* key) { return loaded.effective.find(key)->second.place; };
    // A quarter of the lease is its safety margin (docs/architecture.md); what settles must fit in the rest.
    if (config.lease_settle * 2 > config.lease)
        return Fail(
            at_place(place_of("shows.lease_settle"),
                     Error::invalid_input("shows.lease_settle ({}) is longer than half of shows.lease ({})",
                                          format_duration(config.lease_settle), format_duration(config.lease))
                         .hint("make the lease longer or the pause shorter")));
    if (config.router.engine != RouterEngine::None && config.router.address.empty())
        return Fail(at_place(place_of("shows.router.engine"),
                             Error::invalid_input("shows.router.engine needs shows.router.address")
                                 .hint("for instance: address = \"https://pr-{pr}.shows.example.org\"")));
    TRY(check_hooks(loaded));
    return check_engines(loaded);
}

}  // namespace

std::string variable_of(std::string_view key) {
    return "RINGMASTER_" + replace_all(to_upper_ascii(key), ".", "_");
}

Result<Layer> layer_from_environment(const cli::Environment& environment) {
    Layer layer;
    std::map<std::string, const KeySpec*> by_variable;
    for (const auto& spec : config_keys()) by_variable.emplace(variable_of(spec.key), &spec);
    for (const auto& [name, value] : environment.variables()) {
        if (!name.starts_with("RINGMASTER_")) continue;
        if (const auto found = by_variable.find(name); found != by_variable.end())
            TRY(add_text(layer, *found->second, value, name));
        else if (is_of_a_section(name))
            return Fail(unknown_variable(name));
    }
    return layer;
}

Result<Layer> layer_from_github(const cli::Environment& environment) {
    Layer layer;
    const auto add = [&](std::string_view key, const std::string& text, const char* origin) -> Result<void> {
        return text.empty() ? Result<void>() : add_text(layer, *find_key(key), text, origin);
    };
    TRY(add("forge.api_url", environment.value_or("GITHUB_API_URL", ""), "GITHUB_API_URL"));
    TRY(add("forge.graphql_url", environment.value_or("GITHUB_GRAPHQL_URL", ""), "GITHUB_GRAPHQL_URL"));
    TRY(add("forge.web_url", environment.value_or("GITHUB_SERVER_URL", ""), "GITHUB_SERVER_URL"));
    TRY(add("project.repository", environment.value_or("GITHUB_REPOSITORY", ""), "GITHUB_REPOSITORY"));
    if (environment.has("GITHUB_ORG") ||
        environment.has("GITHUB_REPO"))  // each has showtime's default (§3.3)
        TRY(add("project.repository",
                environment.value_or("GITHUB_ORG", "apache") + "/" +
                    environment.value_or("GITHUB_REPO", "superset"),
                "GITHUB_ORG/GITHUB_REPO"));
    return layer;
}

Result<Layer> layer_from_assignments(const std::vector<std::string>& assignments) {
    Layer layer;
    for (const auto& assignment : assignments) {
        const auto equals = assignment.find('=');
        const std::string key(trim(std::string_view(assignment).substr(0, equals)));
        if (equals == std::string::npos)
            return Fail(
                Error::invalid_input("--set needs KEY=VALUE, but got \"{}\"", sanitize_for_terminal(key))
                    .hint("for instance: --set shows.ttl=24h"));
        const auto* spec = find_key(key);
        if (spec == nullptr)
            return Fail(Error::invalid_input("--set: unknown key {}", sanitize_for_terminal(key))
                            .hint(nearest_key_hint(key)));
        TRY(add_text(layer, *spec, std::string_view(assignment).substr(equals + 1), "--set"));
    }
    return layer;
}

Result<Layer> preset_layer(std::string_view name) {
    Layer layer;
    if (name.empty()) return layer;
    for (const auto& [key, value] : TRY(preset_values(name))) {
        RM_ASSERT(find_key(key) != nullptr, "a preset sets keys that exist");
        layer.insert_or_assign(
            key, Setting{value, fmt::format("preset {}", name), fmt::format("preset {}", name)});
    }
    return layer;
}

Result<LoadedConfig> combine(const std::vector<Layer>& layers, std::string_view default_preset) {
    const auto* named = strongest(layers, "shows.preset");
    const std::string preset(named != nullptr ? std::get<std::string>(named->value) : default_preset);
    auto all = layers;
    drop_addresses_of_another_forge(all);
    all.push_back(TRY(preset_layer(preset)));
    LoadedConfig loaded;
    for (const auto& spec : config_keys()) {
        const auto* found = strongest(all, spec.key);
        Setting setting = found != nullptr ? *found : Setting{spec.default_value, "default", "default"};
        if (const auto applied = check_and_apply(spec, setting.value, loaded.config); !applied)
            return Fail(at_place(setting.place, applied.error()));
        loaded.effective.insert_or_assign(spec.key, std::move(setting));
    }
    derive_web_url(loaded);
    TRY(check_together(loaded));
    return loaded;
}

}  // namespace ringmaster::app
