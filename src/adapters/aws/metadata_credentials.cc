#include "adapters/aws/metadata_credentials.h"

#include <algorithm>
#include <array>

#include "adapters/support/files.h"
#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr std::string_view kContainerHost = "http://169.254.170.2";
constexpr std::string_view kInstanceHost = "http://169.254.169.254";
// On the same machine or link: what does not answer within this is not there.
constexpr auto kTimeout = std::chrono::seconds(2);
constexpr auto kConnectTimeout = std::chrono::seconds(1);
constexpr std::size_t kMostBytes = 64 << 10;

HttpRequest request_to(std::string method, std::string url) {
    HttpRequest request{.method = std::move(method), .url = std::move(url)};
    request.timeout = kTimeout;
    request.connect_timeout = kConnectTimeout;
    request.max_response_bytes = kMostBytes;
    return request;
}

Result<Credentials> parse_credentials(const std::string& body, const std::string& what) {
    const auto document = TRY(support::JsonReader::parse(body, what));
    Credentials credentials{.access_key_id = TRY(document.string("AccessKeyId")),
                            .secret_access_key = TRY(document.string("SecretAccessKey")),
                            .session_token = TRY(document.optional_string("Token"))};
    credentials.expires_at = parse_iso8601(TRY(document.optional_string("Expiration")));
    return credentials;
}

std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return "";
    auto rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    if (rest.starts_with("[")) return std::string(rest.substr(0, rest.find(']') + 1));
    return std::string(rest.substr(0, rest.find(':')));
}

/// Plain HTTP only to this machine and to the two addresses that AWS gives its agents; the token that goes
/// along must not travel.
bool may_be_asked(const std::string& url) {
    if (url.starts_with("https://")) return true;
    constexpr std::array<std::string_view, 5> kAllowed = {"localhost", "[::1]", "169.254.170.2",
                                                          "169.254.170.23", "[fd00:ec2::23]"};
    const auto host = host_of(url);
    const bool is_loopback =
        host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
    return url.starts_with("http://") && (is_loopback || std::ranges::find(kAllowed, host) != kAllowed.end());
}

Result<std::string> container_token(const Variables& environment) {
    const auto file = value_of(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    auto token = value_of(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!file.empty()) token = std::string(trim(TRY(support::read_file(file))));
    if (token.find_first_of("\r\n") != std::string::npos)
        return Fail(Error::invalid_input("the token of the container's credentials has several lines"));
    return token;
}

}  // namespace

bool is_container_configured(const Variables& environment) {
    return !value_of(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
           !value_of(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI").empty();
}

Result<Credentials> container_credentials(HttpClient& http, const Variables& environment) {
    const auto relative = value_of(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto url = relative.empty() ? value_of(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
                                      : std::string(kContainerHost) + relative;
    if (!may_be_asked(url))
        return Fail(
            Error::invalid_input("AWS_CONTAINER_CREDENTIALS_FULL_URI ({}) is neither HTTPS nor on this "
                                 "machine",
                                 sanitize_for_terminal(url)));
    auto request = request_to("GET", url);
    if (const auto token = TRY(container_token(environment)); !token.empty())
        request.headers.emplace_back("Authorization", token);
    const auto response = TRY_WHILE(http.send(request), "asking for the container's AWS credentials");
    if (response.status != 200)
        return Fail(Error::unauthorized("{} answered {} when asked for AWS credentials", host_of(url),
                                        response.status));
    return parse_credentials(response.body, "the container's credentials");
}

Result<Credentials> instance_credentials(HttpClient& http, const Variables& environment) {
    if (equal_ignoring_ascii_case(value_of(environment, "AWS_EC2_METADATA_DISABLED"), "true"))
        return Fail(Error::not_found("switched off by AWS_EC2_METADATA_DISABLED"));
    auto base = value_of(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (base.empty()) base = kInstanceHost;
    while (base.ends_with('/')) base.pop_back();
    auto ask = request_to("PUT", base + "/latest/api/token");
    ask.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    const auto token = http.send(ask);
    if (!token || token->status != 200)
        return Fail(Error::not_found("no instance metadata here ({} does not answer)", host_of(base)));
    const auto get = [&](const std::string& path) {
        auto request = request_to("GET", base + "/latest/meta-data/iam/security-credentials/" + path);
        request.headers = {{"X-aws-ec2-metadata-token", token->body}};
        return http.send(request);
    };
    const auto role = get("");
    if (!role || role->status != 200 || trim(role->body).empty())
        return Fail(Error::not_found("this instance has no role"));
    const auto name = std::string(trim(role->body).substr(0, trim(role->body).find('\n')));
    const auto credentials = TRY(get(name));
    if (credentials.status != 200)
        return Fail(Error::not_found("instance metadata gives no credentials of the role {}",
                                     sanitize_for_terminal(name)));
    return parse_credentials(credentials.body, "instance metadata");
}

}  // namespace ringmaster::aws
