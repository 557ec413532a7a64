#include "local_forge/webhook_request.h"

#include <curl/curl.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/assert.h"
#include "base/text.h"
#include "local_forge/digest.h"

namespace ringmaster::local_forge {
namespace {

constexpr long kTimeoutSeconds = 10;                  // github-facts 2.9
constexpr std::size_t kKeptResponseBytes = 64 << 10;  // enough to see what was wrong

struct HeaderList {
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> list{nullptr, curl_slist_free_all};
    nlohmann::json recorded = nlohmann::json::object();

    void add(const std::string& name, const std::string& value) {
        auto* longer = curl_slist_append(list.get(), (name + ": " + value).c_str());
        RM_ASSERT(longer, "curl needs only memory");
        (void)list.release();
        list.reset(longer);
        recorded[name] = value;
    }
};

std::size_t keep_body(char* data, std::size_t size, std::size_t count, void* target) {
    auto& body = *static_cast<std::string*>(target);
    body.append(data, std::min(size * count, kKeptResponseBytes - std::min(body.size(), kKeptResponseBytes)));
    return size * count;
}

std::size_t keep_header(char* data, std::size_t size, std::size_t count, void* target) {
    const std::string_view line(data, size * count);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
        (*static_cast<nlohmann::json*>(target))[std::string(line.substr(0, colon))] =
            std::string(trim(line.substr(colon + 1)));
    return size * count;
}

HeaderList headers_of(const Hook& hook, const Delivery& delivery, const std::string& body) {
    HeaderList headers;
    headers.add("Content-Type",
                hook.content_type == "form" ? "application/x-www-form-urlencoded" : "application/json");
    headers.add("User-Agent", "GitHub-Hookshot/ringmaster");
    headers.add("Accept", "*/*");
    headers.add("X-GitHub-Event", delivery.event);
    headers.add("X-GitHub-Delivery", delivery.guid);
    headers.add("X-GitHub-Hook-ID", std::to_string(hook.id));
    headers.add("X-GitHub-Hook-Installation-Target-ID", std::to_string(hook.repository_id));
    headers.add("X-GitHub-Hook-Installation-Target-Type", "repository");
    if (hook.secret.empty()) return headers;
    headers.add("X-Hub-Signature", "sha1=" + hmac_sha1_hex(hook.secret, body));
    headers.add("X-Hub-Signature-256", "sha256=" + hmac_sha256_hex(hook.secret, body));
    return headers;
}

std::string status_of(CURLcode code, long status) {
    if (code == CURLE_OPERATION_TIMEDOUT) return "timed out";
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
        return "failed to connect to host";
    if (code != CURLE_OK) return curl_easy_strerror(code);
    return status >= 200 && status < 300 ? "OK" : fmt::format("Invalid HTTP Response: {}", status);
}

}  // namespace

void send_webhook(const Hook& hook, Delivery& delivery) {
    // The signature is of the raw body, whatever form it has (github-facts 2.11).
    const std::string body =
        hook.content_type == "form" ? "payload=" + percent_encode(delivery.payload) : delivery.payload;
    const HeaderList headers = headers_of(hook, delivery, body);
    nlohmann::json response_headers = nlohmann::json::object();
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
    RM_ASSERT(handle, "curl needs only memory");
    CURL* curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, hook.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list.get());
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTimeoutSeconds);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    // A machine's proxy is for the outside; hooks of a local forge go where they say.
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &delivery.response_body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response_headers);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_off_t microseconds = 0;
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
    delivery.status_code = static_cast<int>(status);
    delivery.status = status_of(code, status);
    delivery.duration_ms = microseconds / 1000;
    delivery.request_headers = headers.recorded.dump();
    delivery.response_headers =
        response_headers.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace ringmaster::local_forge
