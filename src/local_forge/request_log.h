#pragma once
// What clients asked of the forge, in order: tests count requests by it, and the demo shows it. Served at
// /_ringmaster/requests to this machine only.

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace ringmaster::local_forge {

enum class RequestKind { Read, Write };

struct LoggedRequest {
    std::uint64_t number = 0;  ///< from 1
    std::string method;
    std::string path;
    std::string operation;  ///< GraphQL: "query NAME" or "mutation NAME"
    RequestKind kind = RequestKind::Read;
    int status = 0;  ///< 0 while it is being answered, or when it was dropped
};

struct RequestCounts {
    std::uint64_t total = 0;
    std::uint64_t writes = 0;
};

class RequestLog {
 public:
    /// Its number. GET, HEAD and GraphQL queries are reads; the rest are writes.
    std::uint64_t add(std::string_view method, std::string_view path, std::string_view graphql_body);
    void finish(std::uint64_t number, int status);
    /// {"total", "reads", "writes", "requests": [...]}; the list has at most the last 10,000.
    std::string to_json() const;
    RequestCounts counts() const;
    void clear();

 private:
    mutable std::mutex mutex_;
    std::deque<LoggedRequest> requests_;
    std::uint64_t last_number_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t writes_ = 0;
};

/// "query", "mutation" or "subscription": the kind of the operation a GraphQL document starts with at its
/// outermost level (fragments aside); "query" for the short form.
std::string_view graphql_operation_kind(std::string_view document);

}  // namespace ringmaster::local_forge
