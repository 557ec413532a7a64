#include "adapters/aws/profile_files.h"

#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

Error wrong_line(const std::string& path, std::size_t line, std::string_view why) {
    return Error::invalid_input("{}:{}: {}", path, line, why)
        .hint("the file should have lines [NAME] and KEY = VALUE; `aws configure list` checks it");
}

/// The profile that "[…]" begins; nullopt: a section of another kind ("[sso-session x]", "[services x]").
std::optional<std::string> profile_of(std::string_view section, ProfileSyntax syntax) {
    const auto name = trim(section);
    if (syntax == ProfileSyntax::Credentials || name == "default") return std::string(name);
    constexpr std::string_view kProfile = "profile";
    if (!name.starts_with(kProfile) || name.size() <= kProfile.size()) return std::nullopt;
    const char after = name[kProfile.size()];
    if (after != ' ' && after != '\t') return std::nullopt;
    auto bare = trim(name.substr(kProfile.size()));
    if (bare.size() >= 2 && bare.front() == '"' && bare.back() == '"') bare = bare.substr(1, bare.size() - 2);
    return std::string(bare);
}

/// A value ends where a comment begins: a ';' or '#' after a space.
std::string_view without_comment(std::string_view value) {
    for (std::size_t i = 1; i < value.size(); ++i)
        if ((value[i] == '#' || value[i] == ';') && (value[i - 1] == ' ' || value[i - 1] == '\t'))
            return trim(value.substr(0, i));
    return trim(value);
}

std::string path_of(const Variables& environment, std::string_view variable, std::string_view name) {
    auto path = value_of(environment, variable);
    const auto home = value_of(environment, "HOME");
    if (path.empty()) return home.empty() ? "" : home + "/.aws/" + std::string(name);
    if (path.starts_with("~/") && !home.empty()) path = home + path.substr(1);
    return path;
}

Result<void> add_file(const std::string& path, ProfileSyntax syntax, ProfileFiles& files) {
    if (path.empty()) return {};
    const auto text = support::read_file(path);
    if (!text && text.error().kind() == ErrorKind::NotFound) return {};
    if (!text) return Fail(text.error());
    files.found_any = true;
    return add_profiles(*text, syntax, path, files);
}

}  // namespace

const Profile* ProfileFiles::find(std::string_view name) const {
    const auto found = profiles.find(name);
    return found == profiles.end() ? nullptr : &found->second;
}

Result<void> add_profiles(std::string_view text, ProfileSyntax syntax, const std::string& path,
                          ProfileFiles& files) {
    Profile* current = nullptr;
    bool is_in_section = false;
    std::size_t number = 0;
    for (const auto line : split_lines(text)) {
        ++number;
        const auto content = trim(line);
        const bool is_nested =
            line.starts_with(' ') || line.starts_with('\t');  // "s3 =" has such lines below
        if (content.empty() || content.starts_with("#") || content.starts_with(";") || is_nested) continue;
        if (content.starts_with("[")) {
            const auto end = content.find(']');
            if (end == std::string_view::npos)
                return Fail(wrong_line(path, number, "a section's ']' is missing"));
            const auto name = profile_of(content.substr(1, end - 1), syntax);
            current = name ? &files.profiles[*name] : nullptr;
            is_in_section = true;
            continue;
        }
        const auto equals = content.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return Fail(wrong_line(path, number, "this line is neither a section nor KEY = VALUE"));
        if (!is_in_section) return Fail(wrong_line(path, number, "this setting stands before any [section]"));
        if (current != nullptr)
            current->emplace(to_lower_ascii(trim(content.substr(0, equals))),
                             without_comment(content.substr(equals + 1)));
    }
    return {};
}

Result<ProfileFiles> read_profile_files(const Variables& environment) {
    ProfileFiles files;
    files.credentials_path = path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    files.config_path = path_of(environment, "AWS_CONFIG_FILE", "config");
    TRY(add_file(files.credentials_path, ProfileSyntax::Credentials, files));
    TRY(add_file(files.config_path, ProfileSyntax::Config, files));
    return files;
}

std::string profile_name(const Variables& environment) {
    for (const auto* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
        if (auto name = value_of(environment, variable); !name.empty()) return name;
    return "default";
}

}  // namespace ringmaster::aws
