#pragma once
// Intake of GitHub's webhooks. A delivery only ever says "look at pull request 12": its signature is checked
// over the raw body before anything is parsed, then a key is queued, and the answer is out in microseconds.
// Lost, doubled and reordered deliveries cannot matter. Facts: github-facts 2.9 to 2.11, docs/server.md.

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "domain/repository_name.h"
#include "http_server/listener.h"
#include "ports/clock.h"
#include "server/keyed_queue.h"

namespace ringmaster::server {

enum class WebhookKind {
    Ping,     ///< GitHub asks whether we are here
    Look,     ///< a pull request may need something
    Ignored,  ///< nothing of ours
};

struct WebhookEvent {
    WebhookKind kind = WebhookKind::Ignored;
    std::string repository;       ///< "owner/name" as sent; may be empty unless Look
    int pull_request_number = 0;  ///< ≥ 1 for Look, else 0
    /// It may make work that is under way unwanted: a close, a push, a stop, a block.
    bool may_withdraw = false;
};

/// Reads a payload; takes nothing on trust and keeps nothing but the above. `event` is X-GitHub-Event.
/// Errors: InvalidInput (not JSON, or a field that a Look needs is missing or of another type; says which).
Result<WebhookEvent> parse_webhook(std::string_view event, std::string_view body);

/// "sha256=" and the HMAC of `body` in hexadecimal: what X-Hub-Signature-256 must say.
std::string sign_webhook(std::string_view secret, std::string_view body);
/// Compares in a time that does not depend on where the two differ.
bool is_signed(std::string_view signature_header, std::string_view secret, std::string_view body);

/// "owner/name#12"
std::string queue_key(const RepositoryName& repository, int pull_request_number);
/// The number in such a key of that repository; nullopt: not one.
std::optional<int> pull_request_of_key(const RepositoryName& repository, std::string_view key);

/// The last deliveries, so that one that is sent twice is worked on once. It forgets by age and by number;
/// forgetting is harmless.
class RecentDeliveries {
 public:
    RecentDeliveries(std::size_t most, Duration window) : most_(most), window_(window) {}
    bool contains(const std::string& id, Duration now);
    void remember(const std::string& id, Duration now);

 private:
    void forget_old(Duration now);
    std::size_t most_;
    Duration window_;
    std::deque<std::pair<Duration, std::string>> by_age_;
    std::unordered_set<std::string> ids_;
};

struct WebhookOptions {
    RepositoryName repository;
    std::string secret;  ///< empty: signatures are not asked for (only on loopback; the server sees to it)
    std::size_t max_body_bytes = 26 << 20;  ///< GitHub sends at most 25 MB (github-facts 2.11)
    std::size_t remembered_deliveries = 4096;
    /// Long enough for a delivery that a proxy repeats, short enough that "Redeliver" on GitHub's page,
    /// which keeps the id (github-facts 2.10), soon means something again.
    Duration delivery_window = std::chrono::minutes(2);
    Duration retry_after = std::chrono::seconds(30);  ///< said when the queue is full
};

/// What became of a delivery; `event` is one of a few known words, so that both can be metric labels.
struct WebhookAnswer {
    http_server::Response response;
    std::string event;
    std::string result;  ///< queued, duplicate, pong, ignored, other_repository, full, malformed, unsigned, …
};

class WebhookIntake {
 public:
    using Enqueue = std::function<Added(const std::string& key)>;
    using Alert = std::function<void(const std::string& key)>;
    /// `clock` outlives the intake; `enqueue` and `alert` are called from any thread and must not block.
    /// `alert`, before the key is queued: work on it that is under way should look right away whether it is
    /// still wanted.
    WebhookIntake(WebhookOptions options, Clock& clock, Enqueue enqueue, Alert alert = {});

    /// Any thread.
    WebhookAnswer handle(const http_server::Request& request);

 private:
    WebhookAnswer refuse(std::string event, std::string result, int status, std::string_view detail) const;
    WebhookAnswer act_on(const WebhookEvent& parsed, std::string event, const std::string& delivery);

    WebhookOptions options_;
    Clock& clock_;
    Enqueue enqueue_;
    Alert alert_;
    std::mutex mutex_;
    RecentDeliveries recent_;
};

}  // namespace ringmaster::server
