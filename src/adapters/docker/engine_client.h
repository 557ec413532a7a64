#pragma once
// Talks to a Docker engine (https://docs.docker.com/reference/api/engine/): finds out which version of the
// API both sides know, makes one call at a time, and turns refusals into Errors that say what to do.

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/docker/engine_address.h"
#include "adapters/support/json_reader.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/http_client.h"
#include "ports/progress.h"

namespace ringmaster::docker {

struct EngineVersion {
    std::string engine;  ///< "20.10.24"
    std::string api;     ///< the version of the API that is spoken: "1.41"
};

class EngineClient {
 public:
    struct Call {
        std::string method = "GET";
        std::string path;   ///< below the version, with its query: "/containers/json?all=1"
        std::string doing;  ///< for messages, after "while": "creating pr-12-abc1234-service"
        std::string body;   ///< JSON; empty = none
        std::vector<std::pair<std::string, std::string>> headers;
        Duration timeout = std::chrono::minutes(2);  ///< an engine under load takes its time to start things
        std::function<void(std::string_view)> on_body;  ///< see HttpRequest
        Progress* progress = nullptr;
    };

    /// `http` has the certificates that the address needs.
    EngineClient(EngineAddress address, HttpClient& http) : address_(std::move(address)), http_(&http) {}

    const EngineAddress& address() const { return address_; }
    /// Asked once. Errors: as call(), and Corrupt (an API too old for us).
    Result<EngineVersion> version();

    /// The answer, if its status is 2xx or 304 (it is so already). Errors: NotFound (404), Conflict (409: a
    /// name is taken, or it is being removed), InvalidInput (400), Unauthorized (401, 403, no right to the
    /// socket), Unavailable (no engine there, 503), Failed (500 and the rest), TimedOut, the pulse's own. The
    /// message holds what the engine said, the hint what to do about it.
    Result<HttpResponse> call(const Call& call);
    /// As call(), with the answer read as JSON.
    Result<support::JsonReader> json(const Call& call);

 private:
    Result<HttpResponse> send(const Call& call, const std::string& path);

    EngineAddress address_;
    HttpClient* http_;
    std::mutex mutex_;
    EngineVersion version_;  ///< empty until asked
};

/// What the engine's refusal means. `text`: its message; `doing` as in Call.
Error engine_refusal(int status, std::string_view text, std::string_view doing);

/// `why` a show could not be started, and why what was begun could not be undone; an engine that is not there
/// is named once.
Error also_not_undone(const Error& why, const Error& undoing);

/// A path segment or a value of a query, encoded.
std::string encoded(std::string_view text);
/// "filters" of a listing as the API wants them: {"label":["a=b"]}, encoded.
std::string label_filter(const std::vector<std::string>& labels);

}  // namespace ringmaster::docker
