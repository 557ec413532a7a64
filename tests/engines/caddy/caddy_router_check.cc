// The contract of routers on a real Caddy, whose admin API the suite names in RINGMASTER_TEST_CADDY.

#include <atomic>
#include <cstdlib>

#include "adapters/caddy/caddy_router.h"
#include "adapters/process/free_port.h"
#include "adapters/support/curl_http_client.h"
#include "http_server/listener.h"
#include "testing/contracts/router_contract.h"
#include "testing/http_probe.h"

namespace ringmaster::testing {
namespace {

std::string admin() {
    const char* found = std::getenv("RINGMASTER_TEST_CADDY");
    return found ? found : "http://127.0.0.1:1";
}

/// A way to Caddy that can be cut.
class CuttableHttp final : public HttpClient {
 public:
    Result<HttpResponse> send(const HttpRequest& request) override {
        HttpRequest sent = request;
        if (is_cut) sent.url = "http://127.0.0.1:1/";
        return http_.send(sent);
    }
    std::atomic<bool> is_cut = false;

 private:
    support::CurlHttpClient http_;
};

class CaddyHarness {
 public:
    CaddyHarness()
        : port_(*process::find_free_port("127.0.0.1", {21000, 22000}, "caddy", {})),
          server_("check-" + std::to_string(port_)),
          first_(settings("ours"), http_),
          second_(settings("ours"), http_),
          other_(settings("theirs"), http_) {}
    ~CaddyHarness() {
        http_.is_cut = false;
        (void)http_.send({.method = "DELETE", .url = admin() + "/config/apps/http/servers/" + server_});
    }
    CaddyHarness(const CaddyHarness&) = delete;
    CaddyHarness& operator=(const CaddyHarness&) = delete;

    Router& router() { return first_; }
    Router& another_worker() { return second_; }
    Router& another_repository() { return other_; }
    Endpoint backend(const std::string& body) {
        auto listener = http_server::Listener::start(
            {}, [body](const http_server::Request&) { return http_server::Response{.body = body}; });
        backends_.push_back(*std::move(listener));
        return {"127.0.0.1", backends_.back()->port()};
    }
    std::optional<std::string> visit(const std::string& url) {
        const auto path = url.find('/', std::string_view("http://").size());
        return http_get({"127.0.0.1", port_}, url.substr(path));
    }
    void go_down() { http_.is_cut = true; }

 private:
    caddy::CaddySettings settings(const std::string& repository) const {
        const RepositoryName name{"acme", repository};
        const auto address = fmt::format("http://127.0.0.1:{}/{{repo}}/pr-{{pr}}", port_);
        return {.repository = name,
                .admin = *caddy::AdminAddress::parse(admin()),
                .server = server_,
                .address = *support::RouteAddress::parse(address, name)};
    }

    std::uint16_t port_;
    std::string server_;
    CuttableHttp http_;
    caddy::CaddyRouter first_, second_, other_;
    std::vector<std::unique_ptr<http_server::Listener>> backends_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Caddy, RouterContract, CaddyHarness);

}  // namespace
}  // namespace ringmaster::testing
