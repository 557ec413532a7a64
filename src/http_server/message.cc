#include "http_server/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace ringmaster::http_server {
namespace http = boost::beast::http;
namespace {

// The absolute form ("GET http://host/path") must be accepted too (RFC 9112 §3.2.2).
std::string_view origin_form(std::string_view target) {
    const auto scheme = target.find("://");
    if (target.starts_with('/') || scheme == std::string_view::npos) return target;
    const auto slash = target.find('/', scheme + 3);
    return slash == std::string_view::npos ? "/" : target.substr(slash);
}

std::string_view reason_of(int status) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(status));
    return {reason.data(), reason.size()};
}

bool is_safe_header(std::string_view name, std::string_view value) {
    const auto breaks = [](std::string_view text) {
        return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
    };
    return !breaks(name) && !breaks(value) && !equal_ignoring_ascii_case(name, "content-length") &&
           !equal_ignoring_ascii_case(name, "connection") &&
           !equal_ignoring_ascii_case(name, "transfer-encoding");
}

std::optional<std::string> decode_query_text(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percent_decode(spaced);
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return std::nullopt;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    for (const std::string_view pair : split(query, '&')) {
        const auto equals = pair.find('=');
        if (decode_query_text(pair.substr(0, equals)) != name) continue;
        return decode_query_text(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    }
    return std::nullopt;
}

Request take_request(Parser& parser, std::string remote_address) {
    auto message = parser.release();
    Request request;
    request.method = std::string(message.method_string());
    const std::string_view target = origin_form({message.target().data(), message.target().size()});
    const auto question = target.find('?');
    request.path = std::string(target.substr(0, question));
    if (question != std::string_view::npos) request.query = std::string(target.substr(question + 1));
    for (const auto& field : message)
        request.headers.emplace_back(to_lower_ascii({field.name_string().data(), field.name_string().size()}),
                                     std::string(field.value()));
    request.body = std::move(message.body());
    request.remote_address = std::move(remote_address);
    return request;
}

bool has_body(const Response& response, ResponseContext context) {
    return !context.is_head && response.status != 204 && response.status != 304;
}

std::string print_head(const Response& response, ResponseContext context) {
    std::string head;
    head.reserve(256);
    auto out = std::back_inserter(head);
    fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, reason_of(response.status));
    for (const auto& [name, value] : response.headers)
        if (is_safe_header(name, value)) fmt::format_to(out, "{}: {}\r\n", name, value);
    if (response.status != 204 && response.status != 304)
        fmt::format_to(out, "Content-Length: {}\r\n", response.body.size());
    if (context.persistence == Persistence::Close) head += "Connection: close\r\n";
    head += "\r\n";
    return head;
}

Response plain_text_response(int status, std::string_view sentence) {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::string(sentence) + "\n"};
}

}  // namespace ringmaster::http_server
