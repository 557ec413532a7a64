#include "adapters/docker/registry.h"

#include <array>

#include "adapters/support/base64.h"
#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

// An index for many platforms or a manifest for one, in OCI's and Docker's words for them.
constexpr auto kAccepted =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

std::string basic(const RegistryLogin& login) {
    return "Basic " + support::base64_encode(login.user + ":" + login.password);
}

bool is_this_machine(std::string_view registry) {
    const auto host = registry.substr(0, registry.rfind(':'));
    return host == "localhost" || host.starts_with("127.");
}

Error refusal(const ImageReference& image, int status) {
    const auto name = image.registry + "/" + image.repository;
    if (status == 401 || status == 403)
        return Error::unauthorized("the registry {} does not let us see {}", image.registry, image.repository)
            .hint(fmt::format("run `docker login {}` as the user that runs Ringmaster, and check the name",
                              image.registry));
    if (status == 429) return Error::rate_limited("the registry {} asks for patience", image.registry);
    return Error::unavailable("the registry {} answered {} for {}", image.registry, status, name);
}

}  // namespace

std::string ImageReference::base_url() const {
    if (registry == "docker.io") return "https://registry-1.docker.io";
    return (is_this_machine(registry) ? "http://" : "https://") + registry;
}

ImageReference parse_image(std::string_view text) {
    ImageReference image{.registry = registry_of(text), .version = "latest"};
    const auto slash = text.find('/');
    const bool names_registry =
        slash != std::string_view::npos &&
        (image.registry != "docker.io" || text.substr(0, slash).find('.') != std::string_view::npos);
    if (names_registry) text.remove_prefix(slash + 1);
    const auto at = text.find('@');
    const auto colon = text.find(':', text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/'));
    const auto end = at != std::string_view::npos ? at : colon;
    if (end != std::string_view::npos) image.version = text.substr(end + 1);
    image.repository = text.substr(0, std::min(at, colon));
    if (image.registry == "docker.io" && image.repository.find('/') == std::string::npos)
        image.repository = "library/" + image.repository;
    return image;
}

Challenge parse_challenge(std::string_view header) {
    Challenge challenge;
    const auto space = header.find(' ');
    challenge.scheme = to_lower_ascii(trim(header.substr(0, space)));
    const auto value = [&](std::string_view name) -> std::string {
        const auto begin = header.find(std::string(name) + "=\"");
        if (begin == std::string_view::npos) return "";
        const auto text = header.substr(begin + name.size() + 2);
        return std::string(text.substr(0, text.find('"')));
    };
    challenge.realm = value("realm");
    challenge.service = value("service");
    challenge.scope = value("scope");
    return challenge;
}

Result<bool> Registry::has(const std::string& text, Progress& progress) {
    const auto image = parse_image(text);
    auto response = TRY(ask(image, "", progress));
    if (response.status == 401) {
        const auto challenge = parse_challenge(response.header("www-authenticate").value_or(""));
        const auto authorization = TRY(authorize(challenge, image, progress));
        if (!authorization.empty()) response = TRY(ask(image, authorization, progress));
    }
    if (response.status == 200) return true;
    if (response.status == 404) return false;
    return Fail(refusal(image, response.status));
}

Result<HttpResponse> Registry::ask(const ImageReference& image, const std::string& authorization,
                                   Progress& progress) {
    // HEAD is not counted as a pull where pulls are limited (docs.docker.com/docker-hub/usage/pulls).
    HttpRequest request{
        .method = "HEAD",
        .url = image.base_url() + "/v2/" + image.repository + "/manifests/" + percent_encode(image.version)};
    request.headers = {{"Accept", kAccepted}};
    if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
    request.progress = &progress;
    return http_->send(request);
}

/// The Authorization to try; empty: there is nothing to show.
Result<std::string> Registry::authorize(const Challenge& challenge, const ImageReference& image,
                                        Progress& progress) {
    const auto login = TRY(logins_->find(image.registry));
    if (challenge.scheme == "basic") return login ? basic(*login) : std::string();
    if (challenge.scheme != "bearer" || challenge.realm.empty()) return "";
    return "Bearer " + TRY(fetch_token(challenge, login.value_or(RegistryLogin{}), progress));
}

/// https://distribution.github.io/distribution/spec/auth/token/, and its OAuth form for identity tokens.
Result<std::string> Registry::fetch_token(const Challenge& challenge, const RegistryLogin& login,
                                          Progress& progress) {
    const auto query = fmt::format("service={}&scope={}", percent_encode(challenge.service),
                                   percent_encode(challenge.scope));
    HttpRequest request{.url = challenge.realm};
    request.progress = &progress;
    if (!login.identity_token.empty()) {
        request.method = "POST";
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        request.body = "grant_type=refresh_token&client_id=ringmaster&" + query +
                       "&refresh_token=" + percent_encode(login.identity_token);
    } else {
        request.url += (challenge.realm.find('?') == std::string::npos ? "?" : "&") + query;
        if (!login.user.empty()) request.headers = {{"Authorization", basic(login)}};
    }
    const auto response = TRY(http_->send(request));
    if (response.status != 200)
        return Fail(Error::unauthorized("the registry's token service answered {}", response.status)
                        .hint("run `docker login` again as the user that runs Ringmaster"));
    const auto answer = TRY(support::JsonReader::parse(response.body, "the registry's token"));
    const auto token = TRY(answer.optional_string("token"));
    return token.empty() ? answer.string("access_token") : token;
}

}  // namespace ringmaster::docker
