#pragma once
// GitHub's two APIs over an HttpClient: headers, patience (rate limits, retries, pacing of writes),
// conditional reads, and refusals turned into errors. It knows its repository, but nothing of pull requests.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "adapters/github/etag_cache.h"
#include "adapters/github/github_errors.h"
#include "adapters/github/github_settings.h"
#include "adapters/github/graphql_reply.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/http_client.h"
#include "ports/progress.h"

namespace ringmaster::github {

/// What a request does, and with that what may be done when nobody knows whether it happened.
enum class Effect {
    Read,             ///< nothing: always tried again
    RepeatableWrite,  ///< the second time changes nothing more: tried again
    WriteOnce,        ///< must not happen twice: a lost answer stays an error (Unavailable, TimedOut)
};

/// How a request may be sent: its effect, and until when. A worker that was asleep must not do, once it
/// wakes, what it was about to do: somebody else may have its pull request by then.
struct Sending {
    Sending(Effect what) : effect(what) {}  // NOLINT(google-explicit-constructor): most have no end
    Sending(Effect what, std::optional<TimePoint> until) : effect(what), not_after(until) {}
    Effect effect;
    std::optional<TimePoint> not_after;  ///< later it is not sent any more, nor tried again: Conflict
};

struct RestCall {
    std::string method = "GET";
    std::string path;  ///< "/repos/…", already percent-encoded
    std::string body;  ///< JSON; empty = none
    Sending effect = Effect::Read;
    std::string doing;  ///< for messages: "asking what alice may do"
    /// Posts `body` to the GraphQL address instead; `path` does not matter then.
    bool is_graphql = false;
};

/// Used from several threads at once.
class GitHubClient {
 public:
    /// `while_waiting` is pulsed during waits (Ctrl-C); it must outlive the client and bear several threads.
    GitHubClient(HttpClient& http, Clock& clock, Entropy& entropy, GitHubSettings settings,
                 Progress& while_waiting);

    /// Any status below 500 that is no rate limit. Errors: RateLimited (a wait longer than settings.retry
    /// allows), Unavailable, TimedOut, Corrupt, InvalidInput (the address).
    Result<HttpResponse> exchange(const RestCall& call);
    /// Only 2xx. Errors: also what error_of_response says of the status.
    Result<HttpResponse> rest(const RestCall& call);
    /// `variables` is a JSON object. Errors of single fields are in the reply; those of the whole request are
    /// errors: as `rest`.
    Result<GraphQlReply> graphql(std::string_view document, std::string_view variables, Sending sending,
                                 const std::string& doing);

    /// The repository's opaque id, as the last observation told it; asked for if none did.
    Result<std::string> repository_id();
    void remember_repository_id(const std::string& id);

    const GitHubSettings& settings() const { return settings_; }
    /// "/repos/owner/name"
    std::string repository_path() const;
    RequestContext context(std::string doing) const;
    /// What a response of `exchange` outside 2xx stands for.
    Error error_of(const HttpResponse& response, const std::string& doing) const;

 private:
    HttpRequest request_for(std::string method, std::string url, std::string_view accept,
                            std::string body) const;
    Result<HttpResponse> send(const HttpRequest& request, const Sending& sending,
                              const RequestContext& context);
    Result<HttpResponse> send_once(const HttpRequest& request, const Sending& sending,
                                   const RequestContext& context);
    Result<HttpResponse> conditional_get(HttpRequest request, const RequestContext& context);
    Result<GraphQlReply> graphql_once(const HttpRequest& request, const Sending& sending,
                                      const RequestContext& context);
    Result<void> pace();

    HttpClient& http_;
    Clock& clock_;
    Entropy& entropy_;
    GitHubSettings settings_;
    Progress& while_waiting_;
    EtagCache cache_;
    Duration write_pause_{0};
    std::mutex repository_mutex_;
    std::string repository_id_;
    std::mutex pace_mutex_;
    Duration next_write_{0};  ///< not before this, by the monotonic clock
};

}  // namespace ringmaster::github
