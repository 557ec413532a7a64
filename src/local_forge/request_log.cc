#include "local_forge/request_log.h"

#include <nlohmann/json.hpp>

namespace ringmaster::local_forge {
namespace {

constexpr std::size_t kMaxKept = 10'000;

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Past a comment or a string, which may contain anything.
std::size_t skip_inert(std::string_view text, std::size_t at) {
    if (text[at] == '#') return std::min(text.find('\n', at), text.size());
    if (text.substr(at).starts_with("\"\"\"")) {
        const auto end = text.find("\"\"\"", at + 3);
        return end == text.npos ? text.size() : end + 3;
    }
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return std::min(at + 1, text.size());
}

std::string operation_of(std::string_view body) {
    const auto request = nlohmann::json::parse(body, nullptr, false);
    if (!request.is_object() || !request.contains("query") || !request["query"].is_string()) return "query";
    const auto document = request["query"].get<std::string>();
    std::string operation(graphql_operation_kind(document));
    if (request.contains("operationName") && request["operationName"].is_string())
        operation += " " + request["operationName"].get<std::string>();
    return operation;
}

}  // namespace

std::string_view graphql_operation_kind(std::string_view document) {
    int depth = 0;
    for (std::size_t at = 0; at < document.size();) {
        const char c = document[at];
        if (c == '#' || c == '"') {
            at = skip_inert(document, at);
        } else if (c == '{' || c == '}' || c == '(' || c == ')') {
            depth += c == '{' || c == '(' ? 1 : -1;
            ++at;
        } else if (is_name_character(c)) {
            const std::size_t start = at;
            while (at < document.size() && is_name_character(document[at])) ++at;
            const std::string_view word = document.substr(start, at - start);
            if (depth > 0) continue;
            if (word == "mutation") return "mutation";
            if (word == "subscription") return "subscription";
            if (word == "query") return "query";
        } else {
            ++at;
        }
    }
    return "query";
}

std::uint64_t RequestLog::add(std::string_view method, std::string_view path, std::string_view graphql_body) {
    LoggedRequest request{.method = std::string(method), .path = std::string(path)};
    if (!graphql_body.empty()) request.operation = operation_of(graphql_body);
    const bool reads = graphql_body.empty() ? method == "GET" || method == "HEAD"
                                            : !request.operation.starts_with("mutation");
    request.kind = reads ? RequestKind::Read : RequestKind::Write;
    const std::lock_guard lock(mutex_);
    request.number = ++last_number_;
    ++total_;
    if (!reads) ++writes_;
    requests_.push_back(std::move(request));
    if (requests_.size() > kMaxKept) requests_.pop_front();
    return last_number_;
}

void RequestLog::finish(std::uint64_t number, int status) {
    const std::lock_guard lock(mutex_);
    if (requests_.empty() || number < requests_.front().number) return;
    const std::size_t index = number - requests_.front().number;
    if (index < requests_.size()) requests_[index].status = status;
}

std::string RequestLog::to_json() const {
    const std::lock_guard lock(mutex_);
    auto list = nlohmann::json::array();
    for (const LoggedRequest& request : requests_)
        list.push_back({{"number", request.number},
                        {"method", request.method},
                        {"path", request.path},
                        {"operation", request.operation},
                        {"kind", request.kind == RequestKind::Read ? "read" : "write"},
                        {"status", request.status}});
    return nlohmann::json{
        {"total", total_}, {"reads", total_ - writes_}, {"writes", writes_}, {"requests", std::move(list)}}
        .dump();
}

RequestCounts RequestLog::counts() const {
    const std::lock_guard lock(mutex_);
    return {total_, writes_};
}

void RequestLog::clear() {
    const std::lock_guard lock(mutex_);
    requests_.clear();
    total_ = writes_ = 0;
}

}  // namespace ringmaster::local_forge
