#include "server/webhook.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/assert.h"
#include "base/text.h"
#include "server/problem.h"

namespace ringmaster::server {
namespace {

constexpr std::string_view kScheme = "sha256=";
constexpr std::size_t kLongestDeliveryId = 100;  // GitHub's are UUIDs of 36 characters

/// The few words that a metric may carry: a header must not make new time series.
std::string known_event(std::string_view event) {
    for (const std::string_view known : {"ping", "pull_request", "issue_comment"})
        if (event == known) return std::string(known);
    return "other";
}

http_server::Response accepted(std::string_view result) {
    return {.status = 202,
            .headers = {{"Content-Type", "application/json"}},
            .body = fmt::format("{{\"result\":\"{}\"}}\n", result)};
}

bool is_json(std::string_view content_type) {
    return equal_ignoring_ascii_case(trim(split(content_type, ';').front()), "application/json");
}

}  // namespace

std::string sign_webhook(std::string_view secret, std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* done =
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &length);
    RM_ASSERT(done && length == 32, "HMAC-SHA256 is always there and 32 bytes long");
    std::string text(kScheme);
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (unsigned i = 0; i < length; ++i) {
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

bool is_signed(std::string_view signature_header, std::string_view secret, std::string_view body) {
    const std::string expected = sign_webhook(secret, body);
    if (signature_header.size() != expected.size()) return false;
    const std::string given = to_lower_ascii(signature_header);
    return CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

std::string queue_key(const RepositoryName& repository, int pull_request_number) {
    return fmt::format("{}#{}", repository.text(), pull_request_number);
}

std::optional<int> pull_request_of_key(const RepositoryName& repository, std::string_view key) {
    const std::string prefix = repository.text() + "#";
    if (!key.starts_with(prefix)) return std::nullopt;
    const auto number = parse_integer(key.substr(prefix.size()));
    if (!number || *number < 1 || *number > INT32_MAX) return std::nullopt;
    return static_cast<int>(*number);
}

bool RecentDeliveries::contains(const std::string& id, Duration now) {
    forget_old(now);
    return ids_.contains(id);
}

void RecentDeliveries::remember(const std::string& id, Duration now) {
    if (!ids_.insert(id).second) return;
    by_age_.emplace_back(now, id);
    forget_old(now);
}

void RecentDeliveries::forget_old(Duration now) {
    while (!by_age_.empty() && (by_age_.size() > most_ || by_age_.front().first + window_ <= now)) {
        ids_.erase(by_age_.front().second);
        by_age_.pop_front();
    }
}

WebhookIntake::WebhookIntake(WebhookOptions options, Clock& clock, Enqueue enqueue, Alert alert)
    : options_(std::move(options)),
      clock_(clock),
      enqueue_(std::move(enqueue)),
      alert_(std::move(alert)),
      recent_(options_.remembered_deliveries, options_.delivery_window) {}

WebhookAnswer WebhookIntake::refuse(std::string event, std::string result, int status,
                                    std::string_view detail) const {
    return {.response = problem(status, detail), .event = std::move(event), .result = std::move(result)};
}

WebhookAnswer WebhookIntake::handle(const http_server::Request& request) {
    const auto event = request.header("x-github-event");
    const std::string name = known_event(event.value_or(""));
    if (request.body.size() > options_.max_body_bytes)
        return refuse(name, "too_large", 413,
                      fmt::format("the body is larger than {} bytes", options_.max_body_bytes));
    // Before anything else is believed or parsed.
    if (!options_.secret.empty()) {
        const auto signature = request.header("x-hub-signature-256");
        if (!signature)
            return refuse(name, "unsigned", 401,
                          "the header X-Hub-Signature-256 is missing; give the webhook the secret that this "
                          "service has in GITHUB_WEBHOOK_SECRET");
        if (!is_signed(*signature, options_.secret, request.body))
            return refuse(
                name, "bad_signature", 401,
                "X-Hub-Signature-256 does not fit the body and the secret; the webhook's secret and "
                "GITHUB_WEBHOOK_SECRET must be the same");
    }
    if (!event || event->empty())
        return refuse(name, "malformed", 400, "the header X-GitHub-Event is missing");
    const auto delivery = request.header("x-github-delivery");
    if (!delivery || delivery->empty() || delivery->size() > kLongestDeliveryId)
        return refuse(name, "malformed", 400, "the header X-GitHub-Delivery is missing or too long");
    if (!is_json(request.header("content-type").value_or("")))
        return refuse(name, "malformed", 415,
                      "set the webhook's content type to application/json; other forms are not read");

    const std::string id(*delivery);
    {
        const std::lock_guard lock(mutex_);
        if (recent_.contains(id, clock_.monotonic()))
            return {.response = accepted("duplicate"), .event = name, .result = "duplicate"};
    }
    const auto parsed = parse_webhook(*event, request.body);
    if (!parsed) return refuse(name, "malformed", 400, parsed.error().message());
    return act_on(*parsed, name, id);
}

WebhookAnswer WebhookIntake::act_on(const WebhookEvent& parsed, std::string event,
                                    const std::string& delivery) {
    const auto answer = [&](std::string_view result) {
        return WebhookAnswer{
            .response = accepted(result), .event = std::move(event), .result = std::string(result)};
    };
    if (parsed.kind == WebhookKind::Ping) return answer("pong");
    if (parsed.kind == WebhookKind::Ignored) return answer("ignored");
    if (!equal_ignoring_ascii_case(parsed.repository, options_.repository.text()))
        return answer("other_repository");

    const std::string key = queue_key(options_.repository, parsed.pull_request_number);
    if (parsed.may_withdraw && alert_) alert_(key);
    const Added added = enqueue_(key);
    if (added == Added::Full) {
        WebhookAnswer full = refuse(std::move(event), "full", 503,
                                    "the work queue is full; the next sweep will look at this pull request");
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.retry_after).count();
        full.response.headers.emplace_back("Retry-After", std::to_string(seconds));
        return full;
    }
    {
        const std::lock_guard lock(mutex_);
        recent_.remember(delivery, clock_.monotonic());
    }
    return answer(added == Added::Coalesced ? "coalesced" : "queued");
}

}  // namespace ringmaster::server
