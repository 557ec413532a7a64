#include "adapters/docker/registry_login.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "adapters/support/base64.h"
#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

using support::JsonReader;

// Docker Hub's key in the file, from the days of the first registry.
constexpr std::string_view kHubKey = "https://index.docker.io/v1/";
constexpr auto kHelperTimeout = std::chrono::seconds(30);  // it may ask a keyring or a cloud

/// Under which names a registry may stand in the file.
std::vector<std::string> keys_of(std::string_view registry) {
    if (registry == "docker.io") return {std::string(kHubKey), "docker.io", "index.docker.io"};
    const std::string name(registry);
    return {name, "https://" + name, "http://" + name, "https://" + name + "/v2/",
            "https://" + name + "/v1/"};
}

Result<std::optional<RegistryLogin>> read_entry(const JsonReader& entry, const std::string& name) {
    RegistryLogin login{.registry = name, .identity_token = TRY(entry.optional_string("identitytoken"))};
    const auto decoded = support::base64_decode(TRY(entry.optional_string("auth")));
    if (!decoded) return Fail(entry.wrong("a login in Base64"));
    const auto colon = decoded->find(':');
    if (colon != std::string::npos) {
        login.user = decoded->substr(0, colon);
        login.password = decoded->substr(colon + 1);
    }
    if (login.user.empty() && login.identity_token.empty()) return std::nullopt;  // kept by a helper
    return login;
}

}  // namespace

std::string registry_of(std::string_view image) {
    const auto slash = image.find('/');
    if (slash == std::string_view::npos) return "docker.io";
    const auto first = image.substr(0, slash);
    const bool is_host = first.find_first_of(".:") != std::string_view::npos || first == "localhost";
    if (!is_host || first == "index.docker.io") return "docker.io";
    return std::string(first);
}

Result<std::optional<RegistryLogin>> RegistryLogins::find(std::string_view registry) const {
    const auto path = folder_ + "/config.json";
    if (folder_.empty() || !support::exists(path)) return std::nullopt;
    const auto file = TRY(JsonReader::parse(TRY(support::read_file(path)), path));
    const auto helpers = TRY(file.find("credHelpers"));
    const auto logins = TRY(file.find("auths"));
    const auto store = TRY(file.optional_string("credsStore"));
    for (const auto& name : keys_of(registry)) {
        const auto helper = helpers ? TRY(helpers->optional_string(name)) : std::string();
        if (!helper.empty()) return ask_helper(helper, name);
        const auto entry = logins ? TRY(logins->find(name)) : std::nullopt;
        if (!entry) continue;
        if (const auto login = TRY(read_entry(*entry, name))) return login;
        if (!store.empty()) return ask_helper(store, name);
    }
    return std::nullopt;
}

Result<std::optional<RegistryLogin>> RegistryLogins::ask_helper(const std::string& helper,
                                                                const std::string& name) const {
    ProcessSpec spec{.arguments = {"docker-credential-" + helper, "get"}, .environment = environment_};
    spec.input = name;
    spec.timeout = kHelperTimeout;
    NoProgress quiet;
    const auto result = TRY_WHILE(subprocess_->run(spec, quiet), "asking for the login of {}", name);
    // Helpers say so in words, with an exit code of 1 as for any failure (docker-credential-helpers,
    // error.go).
    if (result.exit_code != 0 && result.output.find("credentials not found") != std::string::npos)
        return std::nullopt;
    if (result.exit_code != 0)
        return Fail(Error::failed("docker-credential-{} could not give the login of {}: {}", helper, name,
                                  sanitize_for_terminal(trim(result.output)))
                        .hint("run `docker login " + name + "` again"));
    const auto answer = TRY(JsonReader::parse(result.output, "the answer of docker-credential-" + helper));
    RegistryLogin login{.registry = name, .user = TRY(answer.string("Username"))};
    auto& secret = login.user == "<token>" ? login.identity_token : login.password;
    secret = TRY(answer.string("Secret"));
    if (login.user == "<token>") login.user.clear();
    return login;
}

Result<std::string> RegistryLogins::engine_header(std::string_view image) const {
    const auto login = TRY(find(registry_of(image)));
    if (!login) return "";
    nlohmann::json header = {{"serveraddress", login->registry}};
    if (!login->identity_token.empty()) {
        header["identitytoken"] = login->identity_token;
    } else {
        header["username"] = login->user;
        header["password"] = login->password;
    }
    return support::base64_encode(header.dump(), support::Base64::Url);
}

}  // namespace ringmaster::docker
