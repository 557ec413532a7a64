#include "adapters/support/curl_http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "adapters/support/certificate_authorities.h"
#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::support {
namespace {

// libcurl bounds a single header line (100 KiB), not their number, in the packaged version.
constexpr std::size_t kMostHeaderBytes = 256 << 10;

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// What libcurl's callbacks fill.
struct Incoming {
    CURL* easy = nullptr;
    const HttpRequest* request = nullptr;
    HttpResponse response;
    std::optional<Error> stopped;  ///< what the pulse said
    std::size_t most_body_bytes = 0;
    std::size_t header_bytes = 0;
    bool is_too_long = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    long status = 0;
    curl_easy_getinfo(incoming.easy, CURLINFO_RESPONSE_CODE, &status);
    if (incoming.request->on_body && status / 100 == 2) {
        incoming.request->on_body(std::string_view(data, size));
        return size;
    }
    if (size > incoming.most_body_bytes - std::min(incoming.most_body_bytes, incoming.response.body.size())) {
        incoming.is_too_long = true;
        return 0;  // less than `size` makes libcurl stop with CURLE_WRITE_ERROR
    }
    incoming.response.body.append(data, size);
    return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
    auto& incoming = *static_cast<Incoming*>(user);
    incoming.header_bytes += size;
    if (incoming.header_bytes > kMostHeaderBytes) {
        incoming.is_too_long = true;
        return 0;
    }
    const std::string_view line = trim(std::string_view(data, size));
    // A new status line begins a new response: what a proxy's CONNECT or a "100 Continue" said is not the
    // answer.
    if (line.starts_with("HTTP/")) {
        incoming.response.headers.clear();
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        incoming.response.headers.emplace_back(to_lower_ascii(trim(line.substr(0, colon))),
                                               trim(line.substr(colon + 1)));
    }
    return size;
}

/// libcurl calls it at least once a second, whether anything comes or not.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& incoming = *static_cast<Incoming*>(user);
    const auto pulse = incoming.request->progress->pulse();
    if (pulse) return 0;
    incoming.stopped = pulse.error();
    return 1;  // CURLE_ABORTED_BY_CALLBACK
}

void set_receivers(CURL* easy, Incoming& incoming) {
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &incoming);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &incoming);
    if (incoming.request->progress == nullptr) return;
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &incoming);
}

void set_identity(CURL* easy, const CurlOptions& options) {
    if (!options.user_agent.empty()) curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    if (options.client_certificate.empty()) return;
    curl_easy_setopt(easy, CURLOPT_SSLCERT, options.client_certificate.c_str());
    curl_easy_setopt(easy, CURLOPT_SSLKEY, options.client_key.c_str());
}

void global_init() {
    static const bool is_done = [] { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }();
    RM_ASSERT(is_done, "libcurl initialises once a process");
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Result<void> check(const HttpRequest& request) {
    if (request.url.empty() || has_control_character(request.url) || request.url.contains(' ')) {
        return Fail(Error::invalid_input("\"{}\" is not a URL", url_for_messages(request.url)));
    }
    for (const auto& [name, value] : request.headers) {
        // The value is not shown: it may be a credential with a stray newline.
        if (name.empty() || has_control_character(name) || has_control_character(value)) {
            return Fail(Error::invalid_input("The HTTP header {} holds a control character",
                                             sanitize_for_terminal(name))
                            .hint("if it is a token, look for a line break at its end"));
        }
    }
    return {};
}

HeaderList header_list(const HttpRequest& request) {
    // Waiting for "100 Continue" costs a second with servers that do not know it.
    curl_slist* list = curl_slist_append(nullptr, "Expect:");
    for (const auto& [name, value] : request.headers) {
        // libcurl writes a header without a value only when it ends with a semicolon.
        const std::string line = value.empty() ? name + ";" : name + ": " + value;
        list = curl_slist_append(list, line.c_str());
    }
    RM_ASSERT(list != nullptr, "memory for request headers");
    return HeaderList(list);
}

/// Hands out the request's body once. There is deliberately no way to rewind it: libcurl sends a request
/// again by itself, POST included, when a kept connection closes without an answer, and what it had sent by
/// then may have been done. Without rewinding it can do so only while nothing of the body was sent.
std::size_t on_read(char* buffer, std::size_t, std::size_t room, void* user) {
    auto& left = *static_cast<std::string_view*>(user);
    const std::size_t size = left.copy(buffer, room);
    left.remove_prefix(size);
    return size;
}

/// `body_left` must live as long as the transfer.
void set_method(CURL* easy, const HttpRequest& request, std::string_view& body_left) {
    if (request.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    const bool is_post = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (is_post || !request.body.empty()) {
        body_left = request.body;
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_read);
        curl_easy_setopt(easy, CURLOPT_READDATA, &body_left);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        // Without a body there is nothing to rewind; a new connection is never given up silently.
        if (request.body.empty()) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

long to_long(Duration duration) {
    return static_cast<long>(std::clamp<Duration::rep>(duration.count(), 1, 24LL * 3600 * 1000));
}

void set_limits(CURL* easy, const HttpRequest& request) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);  // threads: no SIGALRM for name look-ups
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_long(request.timeout));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_long(request.connect_timeout));
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING,
                     "");  // all that libcurl can undo; on_body counts what comes out
}

/// libcurl's words for the person; the kind by what it means for trying again.
/// `certificate`: the one that we showed; empty = none.
Error error_of(CURLcode code, const char* detail, const HttpRequest& request, const Incoming& incoming,
               const std::string& certificate) {
    const std::string where = url_for_messages(request.url);
    const std::string why =
        sanitize_for_terminal(truncate_utf8(*detail ? detail : curl_easy_strerror(code), 300));
    if (incoming.is_too_long) {
        return Error::corrupt("{} answered with more than {} bytes", where, request.max_response_bytes);
    }
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return Error::invalid_input("\"{}\" is not an http or https URL", where);
        case CURLE_OPERATION_TIMEDOUT:
            return Error::timed_out("{} did not answer within {}: {}", where,
                                    format_duration_for_people(request.timeout), why);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return Error::unavailable("The certificate of {} is not to be trusted: {}", where, why)
                .hint(
                    "if it is signed by an authority of your own, set SSL_CERT_FILE to that authority's PEM "
                    "file");
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
            return Error::unavailable("{} cannot be reached: {}", where, why)
                .hint("check the address, the network, and HTTPS_PROXY or NO_PROXY if a proxy is in between");
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            // With TLS 1.3 a server judges our certificate when we think that the handshake is over: often
            // all that is to be seen is an end of the connection.
            if (!certificate.empty() && request.url.starts_with("https:"))
                return Error::unavailable(
                    "{} broke off the exchange and may not accept our certificate {}: {}", where,
                    sanitize_for_terminal(certificate), why);
            [[fallthrough]];
        default:
            return Error::unavailable("The exchange with {} broke off: {}", where, why);
    }
}

}  // namespace

/// Idle handles, most recently used last: each keeps its own connections, so taking the warmest one first
/// keeps few of them open. (libcurl's shared connection cache is documented as not safe between threads; name
/// look-ups and TLS sessions are, so those are shared.)
struct CurlHttpClient::Pool {
    // More than this many requests at once is rare (GitHub allows 100, we aim far lower); further handles are
    // closed.
    static constexpr std::size_t kMostIdle = 16;

    Pool() : share(curl_share_init()) {
        RM_ASSERT(share != nullptr, "memory for libcurl's share");
        curl_share_setopt(share, CURLSHOPT_LOCKFUNC, &Pool::lock);
        curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, &Pool::unlock);
        curl_share_setopt(share, CURLSHOPT_USERDATA, this);
        curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
        curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    }
    ~Pool() {
        idle.clear();
        curl_share_cleanup(share);
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    Easy take() {
        {
            const std::lock_guard guard(mutex);
            if (!idle.empty()) {
                Easy easy = std::move(idle.back());
                idle.pop_back();
                return easy;
            }
        }
        return Easy(curl_easy_init());
    }
    void give_back(Easy easy) {
        curl_easy_reset(easy.get());  // keeps the live connections
        const std::lock_guard guard(mutex);
        if (idle.size() < kMostIdle) idle.push_back(std::move(easy));
    }

    static void lock(CURL*, curl_lock_data data, curl_lock_access, void* user) {
        static_cast<Pool*>(user)->share_mutexes[static_cast<std::size_t>(data)].lock();
    }
    static void unlock(CURL*, curl_lock_data data, void* user) {
        static_cast<Pool*>(user)->share_mutexes[static_cast<std::size_t>(data)].unlock();
    }

    std::array<std::mutex, CURL_LOCK_DATA_LAST> share_mutexes;
    CURLSH* share;
    std::mutex mutex;
    std::vector<Easy> idle;
};

namespace {

void report(const CurlOptions& options, const HttpRequest& request, const HttpResponse& response,
            std::string error, Duration elapsed) {
    if (!options.on_exchange) return;
    const auto mask = [&](std::string text) { return mask_secrets(std::move(text), options.secrets); };
    HttpExchange exchange;
    exchange.method = request.method;
    exchange.url = mask(request.url);
    exchange.status = error.empty() ? response.status : 0;
    exchange.error = mask(std::move(error));
    exchange.elapsed = elapsed;
    exchange.request = request;
    exchange.request.url = exchange.url;
    exchange.request.body = mask(request.body);
    exchange.response = response;
    exchange.response.body = mask(response.body);
    for (auto* headers : {&exchange.request.headers, &exchange.response.headers})
        for (auto& [name, value] : *headers) value = is_credential_header(name) ? "***" : mask(value);
    options.on_exchange(exchange);
}

Duration elapsed_of(CURL* easy) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    return Duration(microseconds / 1000);
}

}  // namespace

CurlHttpClient::CurlHttpClient(CurlOptions options) : options_(std::move(options)) {
    global_init();
    if (options_.ca_file.empty()) options_.ca_file = default_ca_file();
    pool_ = std::make_unique<Pool>();
}

CurlHttpClient::~CurlHttpClient() = default;

Result<HttpResponse> CurlHttpClient::send(const HttpRequest& request) {
    TRY(check(request));
    Easy easy = pool_->take();
    if (!easy) return Fail(Error::unavailable("There is no memory for another HTTP request"));
    CURL* handle = easy.get();

    Incoming incoming;
    incoming.easy = handle;
    incoming.request = &request;
    incoming.most_body_bytes = request.max_response_bytes;
    std::array<char, CURL_ERROR_SIZE> detail{};
    const HeaderList headers = header_list(request);
    curl_easy_setopt(handle, CURLOPT_SHARE, pool_->share);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    set_receivers(handle, incoming);
    set_limits(handle, request);
    std::string_view body_left;
    set_method(handle, request, body_left);
    set_identity(handle, options_);
    if (!request.unix_socket.empty()) {
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
        curl_easy_setopt(handle, CURLOPT_PROXY, "");  // a socket on this machine has no proxy in between
    }

    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    incoming.response.status = static_cast<int>(status);
    const Duration elapsed = elapsed_of(handle);
    pool_->give_back(std::move(easy));

    if (code != CURLE_OK) {
        Error error = incoming.stopped
                          ? *incoming.stopped
                          : error_of(code, detail.data(), request, incoming, options_.client_certificate);
        report(options_, request, incoming.response, error.message(), elapsed);
        return Fail(std::move(error));
    }
    report(options_, request, incoming.response, "", elapsed);
    return std::move(incoming.response);
}

}  // namespace ringmaster::support
