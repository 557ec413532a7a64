#include "adapters/prefect/profile.h"

#include "adapters/support/toml_parser.h"
#include "base/text.h"

namespace ringmaster::prefect {
namespace {

std::string value_of(const Variables& variables, const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : std::string(trim(found->second));
}

/// Profiles that Prefect has without any file (prefect/settings/profiles.toml of 3.8.8); the others say
/// nothing that matters here.
Variables built_in_profile(std::string_view name) {
    if (name == "local") return {{"PREFECT_API_URL", "http://127.0.0.1:4200/api"}};
    return {};
}

bool is_built_in(std::string_view name) {
    return name == "local" || name == "ephemeral" || name == "test" || name == "cloud";
}

Variables settings_of(const toml::table& profile) {
    Variables settings;
    for (const auto& [name, value] : profile)
        if (const auto* text = value.as_string()) settings[std::string(name.str())] = text->get();
    return settings;
}

struct ActiveProfile {
    std::string name;
    Variables settings;
};

Result<toml::table> parse(std::string_view text) {
    // toml++'s own words quote the file, which holds keys.
    const auto wrong = [](std::size_t line) {
        return Fail(Error::invalid_input("Prefect's profiles.toml is not TOML, in line {}", line)
                        .hint("`prefect profile ls` reads the same file"));
    };
    if (!is_valid_utf8(text)) return wrong(1);
    auto parsed = toml::parse(text);
    if (!parsed) return wrong(parsed.error().source().begin.line);
    return std::move(parsed).table();
}

Result<ActiveProfile> active_profile(const Variables& environment, std::optional<std::string_view> profiles) {
    const auto file = profiles ? TRY(parse(*profiles)) : toml::table();
    const auto wanted = value_of(environment, "PREFECT_PROFILE");
    const auto name = wanted.empty() ? file["active"].value_or(std::string()) : wanted;
    if (name.empty()) return ActiveProfile();
    auto settings = built_in_profile(name);
    if (const auto* found = file["profiles"][name].as_table())
        for (auto& [key, value] : settings_of(*found)) settings[key] = std::move(value);
    else if (!is_built_in(name))
        return Fail(Error::invalid_input("there is no Prefect profile \"{}\"", sanitize_for_terminal(name))
                        .hint(wanted.empty() ? "`prefect profile use` chooses one that is there"
                                             : "set PREFECT_PROFILE to one that `prefect profile ls` shows"));
    return ActiveProfile{name, std::move(settings)};
}

/// The address must be an API's: what is pasted from a browser is the most usual slip.
Result<void> check_address(const PrefectAccess& access) {
    const auto& url = access.api_url;
    if (url.empty()) return {};
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        return Fail(Error::invalid_input("{} is no http or https address", access.source)
                        .hint("it should look like http://127.0.0.1:4200/api"));
    const auto authority = url.substr(0, url.find('/', url.find("://") + 3));
    if (authority.contains('@'))
        return Fail(Error::invalid_input("{} holds a user or a password", access.source)
                        .hint("put them into PREFECT_API_AUTH_STRING as user:password"));
    if (authority == "https://app.prefect.cloud")
        return Fail(
            Error::invalid_input("{} is the address of Prefect Cloud's pages, not of its API", access.source)
                .hint("use https://api.prefect.cloud/api/accounts/ACCOUNT/workspaces/WORKSPACE"));
    return {};
}

}  // namespace

std::string profiles_path(const Variables& environment) {
    const auto home = value_of(environment, "HOME");
    const auto expanded = [&](std::string path) {
        return path.starts_with("~/") && !home.empty() ? home + path.substr(1) : path;
    };
    if (const auto path = value_of(environment, "PREFECT_PROFILES_PATH"); !path.empty())
        return expanded(path);
    if (const auto own = value_of(environment, "PREFECT_HOME"); !own.empty())
        return expanded(own) + "/profiles.toml";
    return home.empty() ? "" : home + "/.prefect/profiles.toml";
}

Result<PrefectAccess> find_access(const Variables& environment, std::optional<std::string_view> profiles) {
    const auto profile = TRY(active_profile(environment, profiles));
    const auto setting = [&](const std::string& name) {
        const auto own = value_of(environment, name);
        return own.empty() ? value_of(profile.settings, name) : own;
    };
    PrefectAccess access{.api_url = setting("PREFECT_API_URL"),
                         .api_key = setting("PREFECT_API_KEY"),
                         .auth_string = setting("PREFECT_API_AUTH_STRING"),
                         .ui_url = setting("PREFECT_UI_URL"),
                         .profile = profile.name,
                         .source = ""};
    while (access.api_url.ends_with('/')) access.api_url.pop_back();
    if (!access.api_url.empty())
        access.source = value_of(environment, "PREFECT_API_URL").empty()
                            ? fmt::format("the Prefect profile {}", sanitize_for_terminal(profile.name))
                            : "PREFECT_API_URL";
    TRY(check_address(access));
    return access;
}

}  // namespace ringmaster::prefect
