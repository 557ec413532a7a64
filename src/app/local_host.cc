#include "app/local_host.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "adapters/support/files.h"
#include "app/private_file.h"
#include "base/text.h"
#include "local_forge/forge.h"
#include "local_forge/store.h"

namespace ringmaster::app {
namespace {

constexpr std::string_view kTokenFile = "token";
constexpr std::string_view kWebhookSecretFile = "webhook-secret";
constexpr std::string_view kPortFile = "port";
constexpr std::size_t kSecretBytes = 20;

constexpr std::array<std::string_view, 11> kVariables = {
    "GITHUB_API_URL",
    "GITHUB_GRAPHQL_URL",
    "GITHUB_SERVER_URL",
    "GITHUB_TOKEN",
    "RINGMASTER_PROJECT_REPOSITORY",
    "RINGMASTER_PROJECT_STATE",
    "RINGMASTER_SHOWS_BUILD_SOURCE",
    "RINGMASTER_SHOWS_BUILD_REMOTE",
    "RINGMASTER_SHOWS_LEASE_SETTLE",
    "RINGMASTER_SHOWS_WATCH_INTERVAL",
    "RINGMASTER_FORGE_CACHE",
};

/// The store's refusals are for clients; here they are ours.
Error as_error(const local_forge::Refusal& refusal) {
    return Error::failed("{}", refusal.message);
}

}  // namespace

LocalHost::LocalHost(LocalHostOptions options, Clock& clock, Entropy& entropy)
    : options_(std::move(options)), clock_(clock), entropy_(entropy) {}

LocalHost::~LocalHost() = default;

Result<std::unique_ptr<LocalHost>> LocalHost::start(const LocalHostOptions& options, Clock& clock,
                                                    Entropy& entropy) {
    std::unique_ptr<LocalHost> host(new LocalHost(options, clock, entropy));
    TRY(support::create_folders(options.data_folder));
    if (::chmod(options.data_folder.c_str(), 0700) != 0)
        return Fail(support::file_error("protect", options.data_folder, errno));
    host->token_ = TRY(host->secret_in(host->token_file()));
    host->webhook_secret_ =
        TRY(host->secret_in(fmt::format("{}/{}", options.data_folder, kWebhookSecretFile)));
    TRY(host->open_forge());
    TRY_WHILE(host->make_repository(), "making the repository {}", options.repository.text());
    return host;
}

Result<std::string> LocalHost::secret_in(const std::string& file) {
    if (!support::exists(file)) TRY(write_private_file(file, entropy_.hex(kSecretBytes) + "\n"));
    return std::string(trim(TRY(support::read_file(file))));
}

Result<void> LocalHost::open_forge() {
    local_forge::ForgeOptions forge{.data_folder = options_.data_folder,
                                    .now = [this] { return clock_.now(); },
                                    .random_hex = [this](std::size_t bytes) { return entropy_.hex(bytes); }};
    // Remotes that people have added to their checkouts name the port.
    const std::string port_file = fmt::format("{}/{}", options_.data_folder, kPortFile);
    forge.port = options_.port;
    if (forge.port == 0 && support::exists(port_file)) {
        const auto before = parse_integer(trim(TRY(support::read_file(port_file))));
        if (before && *before > 0 && *before <= 65535) forge.port = static_cast<std::uint16_t>(*before);
    }
    auto started = local_forge::Forge::start(forge);
    if (!started && started.error().kind() == ErrorKind::Conflict && options_.port == 0 && forge.port != 0) {
        forge.port = 0;
        started = local_forge::Forge::start(forge);
    }
    forge_ = TRY(std::move(started));
    return support::write_file_atomically(port_file, fmt::format("{}\n", forge_->port()));
}

Result<void> LocalHost::make_repository() {
    const auto& [owner, name] = options_.repository;
    TRY(forge_->add_user(owner, token_, {}));  // the owner may do everything
    TRY(forge_->create_repository({.owner = owner, .name = name}));
    return {};
}

Result<void> LocalHost::send_webhooks_to(const std::string& url) {
    auto& store = forge_->store();
    const auto viewer = TRY(store.accounts().viewer_of(token_));
    const auto repository =
        TRY(store.repositories().find(options_.repository.owner, options_.repository.name));
    if (!viewer || !repository)
        return Fail(Error::corrupt("the forge has lost {}", options_.repository.text()));
    for (const auto& hook : TRY(store.hooks().list(*repository))) {
        const auto removed = store.hooks().remove(*viewer, *repository, hook);
        if (!removed) return Fail(as_error(removed.error()));
    }
    TRY(forge_->add_hook(
        options_.repository.owner, options_.repository.name,
        {.url = url, .secret = webhook_secret_, .events = {"pull_request", "issue_comment"}}));
    return {};
}

std::string LocalHost::url() const {
    return forge_->url();
}
std::string LocalHost::clone_url() const {
    return fmt::format("{}/{}.git", forge_->url(), options_.repository.text());
}
std::string LocalHost::clone_url_with_token() const {
    return replace_all(clone_url(), "://", fmt::format("://{}:{}@", options_.repository.owner, token_));
}
std::string LocalHost::repository_path() const {
    return forge_->repository_path(options_.repository.owner, options_.repository.name);
}
std::string LocalHost::token_file() const {
    return fmt::format("{}/{}", options_.data_folder, kTokenFile);
}

cli::Environment LocalHost::environment(const cli::Environment& base, const std::string& state_folder) const {
    auto variables = base.variables();
    const std::array<std::string, kVariables.size()> values = {
        forge_->api_url(), forge_->graphql_url(), forge_->url(), token_, options_.repository.text(),
        state_folder, repository_path(),
        // All commits are in the forge's own repository.
        "",
        // The local forge reads its own writes, and a look costs nothing there.
        "0s", "1s", options_.data_folder + "/cache"};
    for (std::size_t i = 0; i < kVariables.size(); ++i) variables[std::string(kVariables[i])] = values[i];
    return cli::Environment(std::move(variables));
}

Result<std::string> LocalHost::write_environment_file(const cli::Environment& environment) const {
    std::string text = "# Read this with \".\": then ringmaster works on the forge beside it.\n";
    for (const auto name : kVariables)
        text += fmt::format("export {}='{}'\n", name, environment.value_or(name, ""));
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown) text += fmt::format("export PATH='{}':\"$PATH\"\n", program.parent_path().string());
    const std::string path = options_.data_folder + "/env";
    TRY(support::remove_tree(path));  // ports may have changed
    TRY(write_private_file(path, text));
    return path;
}

}  // namespace ringmaster::app
