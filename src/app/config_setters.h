#pragma once
// How each key's value gets into Config, and what it must mean. Only config_keys.cc uses these.

#include <string>

#include "app/config.h"
#include "base/text.h"
#include "base/time.h"

namespace ringmaster::app {

inline const std::string& text_of(const ConfigValue& value) {
    return std::get<std::string>(value);
}

template <auto member>
Result<void> set_text(Config& config, const ConfigValue& value) {
    config.*member = text_of(value);
    return {};
}
template <auto part, auto member>
Result<void> set_text_of(Config& config, const ConfigValue& value) {
    config.*part.*member = text_of(value);
    return {};
}
template <auto part, auto member>
Result<void> set_map(Config& config, const ConfigValue& value) {
    for (const auto& [name, text] : std::get<TextMap>(value))
        if (name.empty() || name.find_first_of(std::string("=\0", 2)) != std::string::npos ||
            text.find('\0') != std::string::npos)
            return Fail(Error::invalid_input("holds \"{}\", which cannot be a variable", name));
    config.*part.*member = std::get<TextMap>(value);
    return {};
}
template <auto part, auto member>
Result<void> set_list(Config& config, const ConfigValue& value) {
    config.*part.*member = std::get<TextList>(value);
    return {};
}
/// A text is for a shell; a list is run as it is.
template <auto part, auto member>
Result<void> set_command(Config& config, const ConfigValue& value) {
    if (const auto* list = std::get_if<TextList>(&value)) {
        config.*part.*member = *list;
        return {};
    }
    config.*part.*member = text_of(value).empty() ? TextList{} : TextList{"/bin/sh", "-c", text_of(value)};
    return {};
}
/// Processes and threads; 4194304 is the kernel's own bound (man 5 proc, pid_max).
template <auto part>
Result<void> set_processes(Config& config, const ConfigValue& value) {
    const auto processes = std::get<std::int64_t>(value);
    if (processes < 0 || processes > 4'194'304)
        return Fail(Error::invalid_input("must be from 0 to 4194304, but is {}", processes));
    (config.*part).processes = static_cast<int>(processes);
    return {};
}
template <auto member>
Result<void> set_duration(Config& config, const ConfigValue& value) {
    config.*member = TRY(parse_duration(text_of(value)));
    return {};
}
template <auto member>
Result<void> set_policy_duration(Config& config, const ConfigValue& value) {
    const auto duration = TRY(parse_duration(text_of(value)));
    if (duration <= Duration::zero()) return Fail(Error::invalid_input("must be longer than nothing"));
    config.policy.*member = duration;
    return {};
}
template <auto member>
Result<void> set_policy_text(Config& config, const ConfigValue& value) {
    config.policy.*member = text_of(value);
    return {};
}
template <auto member>
Result<void> set_policy_integer(Config& config, const ConfigValue& value) {
    const auto number = std::get<std::int64_t>(value);
    if (number < 0 || number > 1'000'000)
        return Fail(Error::invalid_input("must be from 0 to 1000000, but is {}", number));
    config.policy.*member = static_cast<int>(number);
    return {};
}
/// A command run in shows; as set_command.
template <auto hook>
Result<void> set_hook(Config& config, const ConfigValue& value) {
    ShowCommand& command = config.policy.*hook;
    if (const auto* list = std::get_if<TextList>(&value))
        command.arguments = *list;
    else if (text_of(value).empty())
        command.arguments.clear();
    else
        command.arguments = {"/bin/sh", "-c", text_of(value)};
    return {};
}
template <auto hook>
Result<void> set_hook_timeout(Config& config, const ConfigValue& value) {
    const auto duration = TRY(parse_duration(text_of(value)));
    if (duration <= Duration::zero()) return Fail(Error::invalid_input("must be longer than nothing"));
    (config.policy.*hook).timeout = duration;
    return {};
}
template <auto member>
Result<void> set_health(Config& config, const ConfigValue& value) {
    const auto duration = TRY(parse_duration(text_of(value)));
    if (duration <= Duration::zero()) return Fail(Error::invalid_input("must be longer than nothing"));
    config.policy.health.*member = duration;
    return {};
}

/// The URL without a slash at its end; http or https. Errors: InvalidInput.
Result<std::string> normalized_url(const std::string& text);
template <auto member>
Result<void> set_url(Config& config, const ConfigValue& value) {
    config.forge.*member = text_of(value).empty() ? "" : TRY(normalized_url(text_of(value)));
    return {};
}

Result<void> set_repository(Config& config, const ConfigValue& value);
Result<void> set_ttl(Config& config, const ConfigValue& value);
Result<void> set_lease(Config& config, const ConfigValue& value);
Result<void> set_claims(Config& config, const ConfigValue& value);
Result<void> set_releases(Config& config, const ConfigValue& value);
Result<void> set_comment(Config& config, const ConfigValue& value);
Result<void> set_comment_style(Config& config, const ConfigValue& value);
Result<void> set_required_commit(Config& config, const ConfigValue& value);
Result<void> set_build_engine(Config& config, const ConfigValue& value);
Result<void> set_run_engine(Config& config, const ConfigValue& value);
Result<void> set_port(Config& config, const ConfigValue& value);
Result<void> set_ports(Config& config, const ConfigValue& value);
Result<void> set_memory(Config& config, const ConfigValue& value);
Result<void> set_stop_grace(Config& config, const ConfigValue& value);
Result<void> set_health_paths(Config& config, const ConfigValue& value);
Result<void> set_start_permission(Config& config, const ConfigValue& value);
Result<void> set_forks(Config& config, const ConfigValue& value);
Result<void> set_drafts(Config& config, const ConfigValue& value);
Result<void> set_listen(Config& config, const ConfigValue& value);
Result<void> set_database(Config& config, const ConfigValue& value);
Result<void> set_sweep_interval(Config& config, const ConfigValue& value);
Result<void> set_workers(Config& config, const ConfigValue& value);

}  // namespace ringmaster::app
