#include "adapters/aws/sigv4.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    const auto* made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(), bytes.data(), &length);
    RM_ASSERT(made != nullptr, "OpenSSL has HMAC-SHA256");
    return {reinterpret_cast<const char*>(bytes.data()), length};
}

struct UrlParts {
    std::string_view host;  ///< with its port, if it is written
    std::string_view path;
    std::string_view query;
};

UrlParts take_apart(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    UrlParts parts;
    const auto host_end = std::min(url.find_first_of("/?"), url.size());
    parts.host = url.substr(0, host_end);
    url.remove_prefix(host_end);
    const auto question = std::min(url.find('?'), url.size());
    parts.path = url.substr(0, question);
    if (question < url.size()) parts.query = url.substr(question + 1);
    return parts;
}

/// Without ".", ".." and empty segments (nearly RFC 3986 §5.2.4: one of them at the end leaves no slash, as
/// with botocore), then percent-encoded as it stands: what is encoded already is encoded again, as AWS does
/// for every service but S3.
std::string canonical_path(std::string_view path) {
    std::vector<std::string_view> kept;
    for (const auto segment : split(path, '/')) {
        if (segment.empty() || segment == ".") continue;
        if (segment != "..")
            kept.push_back(segment);
        else if (!kept.empty())
            kept.pop_back();
    }
    std::string canonical;
    for (const auto segment : kept) canonical += "/" + percent_encode(segment);
    if (canonical.empty() || path.ends_with("/")) canonical += "/";
    return canonical;
}

/// Sorted by encoded name, then value. A piece that is not well encoded is taken for plain text.
std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    const auto normalized = [](std::string_view text) {
        return percent_encode(percent_decode(text).value_or(std::string(text)));
    };
    for (const auto parameter : split(query, '&')) {
        if (parameter.empty()) continue;
        const auto equals = std::min(parameter.find('='), parameter.size());
        const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
        parameters.emplace_back(normalized(parameter.substr(0, equals)), normalized(value));
    }
    std::ranges::sort(parameters);
    std::string canonical;
    for (const auto& [name, value] : parameters)
        canonical += (canonical.empty() ? "" : "&") + name + "=" + value;
    return canonical;
}

/// Spaces around go, several become one, and so do the ends of folded lines.
std::string canonical_value(std::string_view value) {
    std::string canonical;
    bool is_gap = false;
    for (const char character : trim(value)) {
        const bool is_space = character == ' ' || character == '\t' || character == '\n' || character == '\r';
        if (!is_space) canonical += std::string(is_gap ? " " : "") + character;
        is_gap = is_space;
    }
    return canonical;
}

/// Headers that programs on the way (and libcurl) change, and the one that is being made.
bool is_signed(const std::string& name) {
    static const std::set<std::string> left_out = {
        "authorization",     "user-agent", "connection",     "expect", "te",
        "transfer-encoding", "upgrade",    "x-amzn-trace-id"};
    return !left_out.contains(name);
}

/// By lower-case name; the values of one that comes several times are joined by commas, in their order.
std::map<std::string, std::string> canonical_headers(const HttpRequest& request, std::string_view host) {
    std::map<std::string, std::string> headers;
    for (const auto& [name, value] : request.headers) {
        const auto key = to_lower_ascii(name);
        if (!is_signed(key)) continue;
        auto& joined = headers[key];
        joined += (joined.empty() ? "" : ",") + canonical_value(value);
    }
    headers.try_emplace("host", host);
    return headers;
}

std::string signing_key(const Credentials& credentials, const SigningScope& scope, std::string_view day) {
    std::string key = hmac_sha256("AWS4" + credentials.secret_access_key, day);
    key = hmac_sha256(key, scope.region);
    key = hmac_sha256(key, scope.service);
    return hmac_sha256(key, "aws4_request");
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const int made = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    RM_ASSERT(made == 1, "OpenSSL has SHA-256");
    return hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string amz_date(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Signature compute_signature(const HttpRequest& request, const Credentials& credentials,
                            const SigningScope& scope) {
    const auto url = take_apart(request.url);
    std::string header_lines, names;
    for (const auto& [name, value] : canonical_headers(request, url.host)) {
        header_lines += name + ":" + value + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    Signature made;
    made.canonical_request =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(url.path),
                    canonical_query(url.query), header_lines, names, sha256_hex(request.body));
    const auto date = amz_date(scope.time);
    const auto day = date.substr(0, 8);
    const auto credential_scope = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
    made.string_to_sign =
        fmt::format("{}\n{}\n{}\n{}", kAlgorithm, date, credential_scope, sha256_hex(made.canonical_request));
    made.signature = hex(hmac_sha256(signing_key(credentials, scope, day), made.string_to_sign));
    made.authorization = fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                     credentials.access_key_id, credential_scope, names, made.signature);
    return made;
}

void sign(HttpRequest& request, const Credentials& credentials, const SigningScope& scope) {
    std::erase_if(request.headers, [](const auto& header) {
        const auto name = to_lower_ascii(header.first);
        return name == "x-amz-date" || name == "x-amz-security-token" || name == "authorization";
    });
    request.headers.emplace_back("X-Amz-Date", amz_date(scope.time));
    if (!credentials.session_token.empty())
        request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
    request.headers.emplace_back("Authorization",
                                 compute_signature(request, credentials, scope).authorization);
}

}  // namespace ringmaster::aws
