#include "local_forge/forge.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "http_server/listener.h"
#include "local_forge/bare_repository.h"
#include "local_forge/git_http.h"
#include "local_forge/request_log.h"
#include "local_forge/rest_api.h"
#include "local_forge/store.h"
#include "local_forge/webhook_payload.h"
#include "local_forge/webhook_sender.h"

namespace ringmaster::local_forge {
using http_server::Request;
using http_server::Response;
namespace {

constexpr unsigned kWebhookThreads = 2;
// Pushes come in one body; larger repositories are pushed to the folder on disk.
constexpr std::size_t kMaxPushBytes = std::size_t{512} << 20;
constexpr std::size_t kMaxBodyBytes = 2 << 20;
constexpr std::string_view kRequestLogPath = "/_ringmaster/requests";

bool is_loopback(const Request& request) {
    const std::string& address = request.remote_address;
    return address.empty() || address.starts_with("127.") || address == "::1" ||
           address.starts_with("::ffff:127.");
}

bool is_graphql(std::string_view path) {
    return path == "/graphql" || path == "/api/graphql";
}

// A refusal towards whoever runs the forge, who is no HTTP client.
Error error_of(const Refusal& refusal) {
    std::string text = refusal.message;
    for (const FieldError& field : refusal.errors)
        text += fmt::format("; {} {} {}{}{}", field.resource, field.field, field.code,
                            field.message.empty() ? "" : ": ", field.message);
    return Error(refusal.status == 500 ? ErrorKind::Unavailable : ErrorKind::InvalidInput,
                 "the forge refused: " + text);
}

}  // namespace

struct Forge::Impl {
    explicit Impl(ForgeOptions wanted) : options(std::move(wanted)) {}
    ~Impl() { stop(); }

    Result<void> start();
    Result<std::unique_ptr<http_server::Listener>> listen(const std::string& unix_socket);
    void stop();
    Response handle(const Request& request);
    Response handle_logged(const Request& request);
    Response dispatch(const Request& request);
    Response serve_request_log(const Request& request);
    Result<void> rescan();
    void watch();
    void hold();

    ForgeOptions options;
    std::unique_ptr<ForgeStore> store;
    std::unique_ptr<RestApi> api;
    std::unique_ptr<WebhookSender> sender;
    std::unique_ptr<http_server::Listener> listener;
    std::unique_ptr<http_server::Listener> socket_listener;
    RequestLog log;
    Links links;

    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::uint64_t releases = 0;
    std::thread watcher;
};

Result<std::unique_ptr<http_server::Listener>> Forge::Impl::listen(const std::string& unix_socket) {
    http_server::Options wanted;
    wanted.address = options.address;
    wanted.port = options.port;
    wanted.unix_socket = unix_socket;
    wanted.handler_threads = options.handler_threads;
    wanted.max_body_bytes = kMaxPushBytes;
    wanted.max_body_bytes_of = [](std::string_view path) {
        return is_git_path(path) ? kMaxPushBytes : kMaxBodyBytes;
    };
    return http_server::Listener::start(wanted, [this](const Request& request) { return handle(request); });
}

Result<void> Forge::Impl::start() {
    store = TRY(ForgeStore::open({options.data_folder, options.now, options.random_hex}));
    api = std::make_unique<RestApi>(*store, options.requests_an_hour);
    for (const Repository& repository : TRY(store->repositories().list()))
        TRY(set_up_repository(store->repositories().git(repository), repository.default_branch));
    listener = TRY(listen(""));
    links = {listener->url() + "/api/v3", listener->url()};
    sender = std::make_unique<WebhookSender>(*store, kWebhookThreads);
    store->core().on_event = [this](const Event& event) -> Result<void> {
        TRY(enqueue_deliveries(*store, links, event));
        sender->wake();
        return {};
    };
    if (!options.unix_socket.empty()) socket_listener = TRY(listen(options.unix_socket));
    watcher = std::thread([this] { watch(); });
    return {};
}

void Forge::Impl::stop() {
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    changed.notify_all();
    socket_listener.reset();
    listener.reset();
    if (watcher.joinable()) watcher.join();
    sender.reset();
}

// A push made on disk leaves a mark in its repository; requests look for it too, so this is for webhooks'
// sake.
void Forge::Impl::watch() {
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, options.rescan_interval, [&] { return stopping; })) {
        lock.unlock();
        (void)rescan();  // what cannot be read now is tried again in a moment
        lock.lock();
    }
}

Result<void> Forge::Impl::rescan() {
    for (const Repository& repository : TRY(store->repositories().list()))
        TRY(store->refs().rescan_if_changed(repository));
    return {};
}

void Forge::Impl::hold() {
    std::unique_lock lock(mutex);
    const std::uint64_t before = releases;
    changed.wait(lock, [&] { return stopping || releases != before; });
}

Response Forge::Impl::handle(const Request& request) {
    if (request.path == kRequestLogPath) return serve_request_log(request);
    const std::uint64_t number =
        log.add(request.method, request.path, is_graphql(request.path) ? request.body : "");
    const FaultAction fault =
        options.interceptor ? options.interceptor(number, request.method, request.path) : FaultAction::Pass;
    if (fault == FaultAction::Hold) hold();
    Response response;
    if (fault != FaultAction::ErrorBefore) response = dispatch(request);
    if (fault == FaultAction::ErrorBefore || fault == FaultAction::ErrorAfter)
        response = refusal_response({502, "Server Error"});
    if (fault == FaultAction::DropConnection) response = {.status = 0};
    log.finish(number, response.status);
    return response;
}

Response Forge::Impl::dispatch(const Request& request) {
    if (auto answer = handle_git(*store, request)) return std::move(*answer);
    Response response = api->handle(request);
    // A redelivery is no event of its own that would wake the sender.
    if (request.path.ends_with("/attempts")) sender->wake();
    return response;
}

Response Forge::Impl::serve_request_log(const Request& request) {
    if (!is_loopback(request)) return refusal_response(not_found());
    if (request.method == "DELETE") {
        log.clear();
        return {204, {}, ""};
    }
    return {200, {{"Content-Type", "application/json; charset=utf-8"}}, log.to_json()};
}

Forge::Forge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Forge::~Forge() = default;

Result<std::unique_ptr<Forge>> Forge::start(ForgeOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    TRY_WHILE(impl->start(), "starting the local forge");
    return std::unique_ptr<Forge>(new Forge(std::move(impl)));
}

std::string Forge::url() const {
    return impl_->listener->url();
}
std::string Forge::api_url() const {
    return url() + "/api/v3";
}
std::string Forge::graphql_url() const {
    return url() + "/api/graphql";
}
std::uint16_t Forge::port() const {
    return impl_->listener->port();
}

std::string Forge::repository_path(std::string_view owner, std::string_view name) const {
    return local_forge::repository_path(impl_->store->data_folder(), owner, name);
}

Result<Repository> Forge::create_repository(const NewRepository& wanted) {
    if (auto known = TRY(impl_->store->repositories().find(wanted.owner, wanted.name)))
        return std::move(*known);
    auto made = impl_->store->repositories().create(wanted);
    if (!made) return Fail(error_of(made.error()));
    return std::move(*made);
}

Result<User> Forge::add_user(std::string_view login, std::string_view token,
                             const std::vector<Membership>& memberships, UserType type) {
    auto& accounts = impl_->store->accounts();
    auto user = TRY(accounts.ensure_user(login, type));
    TRY(accounts.add_token(user, token, {"repo", "read:org", "workflow"}));
    for (const Membership& membership : memberships) {
        const auto slash = membership.repository.find('/');
        const auto repository =
            slash == std::string::npos
                ? std::nullopt
                : TRY(impl_->store->repositories().find(membership.repository.substr(0, slash),
                                                        membership.repository.substr(slash + 1)));
        if (!repository)
            return Fail(Error::not_found("the forge has no repository \"{}\"", membership.repository));
        TRY(accounts.set_role(*repository, user, membership.role));
    }
    return user;
}

Result<Hook> Forge::add_hook(std::string_view owner, std::string_view name, const NewHook& wanted) {
    auto& store = *impl_->store;
    const auto repository = TRY(store.repositories().find(owner, name));
    if (!repository) return Fail(Error::not_found("the forge has no repository \"{}/{}\"", owner, name));
    for (Hook& hook : TRY(store.hooks().list(*repository)))
        if (hook.url == wanted.url && hook.events == wanted.events && hook.secret == wanted.secret)
            return std::move(hook);
    Viewer admin;
    admin.user = repository->owner;
    auto made = store.hooks().create(admin, *repository, wanted);
    if (!made) return Fail(error_of(made.error()));
    return std::move(*made);
}

Result<void> Forge::rescan() {
    return impl_->rescan();
}
bool Forge::wait_for_deliveries(Duration at_most) {
    return impl_->sender->wait_until_idle(at_most);
}
RequestCounts Forge::request_counts() const {
    return impl_->log.counts();
}

void Forge::release_held() {
    {
        const std::lock_guard lock(impl_->mutex);
        ++impl_->releases;
    }
    impl_->changed.notify_all();
}

ForgeStore& Forge::store() {
    return *impl_->store;
}

}  // namespace ringmaster::local_forge
