#include "app/serve.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/support/system_entropy.h"
#include "app/application.h"
#include "app/local_host.h"
#include "app/secrets.h"
#include "app/service.h"
#include "app/wiring.h"
#include "base/text.h"

namespace ringmaster::app {
namespace {

namespace fs = std::filesystem;

/// The repository that `serve --local` offers where nobody named one: the folder's name.
RepositoryName local_repository(const Config& config, const std::string& folder) {
    if (config.repository) return *config.repository;
    std::string name;
    for (const char letter : fs::path(folder).filename().string())
        name +=
            std::isalnum(static_cast<unsigned char>(letter)) || letter == '-' || letter == '_' ? letter : '-';
    return {"local", name.empty() ? "project" : name};
}

/// Aligned, so that people and scripts find each.
void announce(cli::Stream& out, const std::vector<std::pair<std::string, std::string>>& facts) {
    for (const auto& [name, value] : facts) out.line(fmt::format("  {:<10} {}", name, value));
}

void announce_local(cli::Stream& out, const LocalHost& host, const RepositoryName& repository,
                    const Service& service, const std::string& environment_file) {
    out.line(fmt::format("🎪 Ringmaster serves {} on a forge of its own.", repository.text()));
    announce(out, {{"forge", host.url()},
                   {"clone", host.clone_url()},
                   {"token", host.token_file()},
                   {"service", service.url()}});
    const auto with_token = replace_all(host.clone_url(), "://",
                                        fmt::format("://{}:$(cat {})@", repository.owner, host.token_file()));
    out.line(fmt::format(
        "\nTry, in a checkout with a ringmaster.toml (`ringmaster init` writes one):\n\n"
        "  . {}\n"
        "  git remote add show {}\n"
        "  git push show HEAD:main\n"
        "  git switch -c try-me && git commit --allow-empty -m 'Try me' && git push show try-me\n"
        "  ringmaster start 1\n\n"
        "A push of any branch opens a pull request; the label \"🎪 ⚡ showtime-trigger-start\" on it "
        "is the start button too. It serves until Ctrl-C.",
        environment_file, with_token));
}

void announce_service(cli::Stream& out, const RepositoryName& repository, const Service& service,
                      bool has_secret) {
    out.line(fmt::format("🎪 Ringmaster serves {}.", repository.text()));
    announce(out, {{"service", service.url()},
                   {"webhooks", service.url() + "/webhooks"},
                   {"signed", has_secret ? "yes" : "no: set GITHUB_WEBHOOK_SECRET to check them"}});
}

}  // namespace

void ServiceLog::write(std::string_view line) {
    const std::lock_guard lock(mutex_);
    stream_.line(fmt::format("{} {}", format_iso8601(clock_.now()), sanitize_for_terminal(line)));
}

Result<server::ServerOptions> server_options(const Config& config, const RepositoryName& repository,
                                             const std::string& listen, std::string webhook_secret) {
    const auto colon = listen.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : parse_integer(listen.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535 || colon == 0)
        return Fail(
            Error::invalid_input("--listen must be an address and a port such as 127.0.0.1:8080, but is "
                                 "\"{}\"",
                                 sanitize_for_terminal(listen)));
    std::string address = listen.substr(0, colon);
    if (address.starts_with("[") && address.ends_with("]")) address = address.substr(1, address.size() - 2);
    return server::ServerOptions{
        .http = {.address = std::move(address), .port = static_cast<std::uint16_t>(*port)},
        .webhook = {.repository = repository, .secret = std::move(webhook_secret)},
        .workers = static_cast<unsigned>(config.server.workers),
        .sweep_interval = config.server.sweep_interval};
}

Result<cli::ExitCode> Application::serve(const cli::ServeOptions& options) {
    support::SystemEntropy entropy;
    ServiceLog log(err_, clock_);
    std::unique_ptr<LocalHost> host;
    if (options.is_local) {
        auto* loaded_config = TRY(loaded());
        const std::string state = TRY(state_root());
        host = TRY(LocalHost::start(
            {.data_folder = options.data ? fs::absolute(*options.data).string() : state + "/local-forge",
             .repository = local_repository(loaded_config->config, loaded_config->folder)},
            clock_, entropy));
        work_elsewhere(host->environment(environment_, state), working_directory_);
    } else if (options.data) {
        return Fail(Error::invalid_input("--data is the folder of the local forge").hint("add --local"));
    }
    const Config& config = TRY(loaded())->config;
    const RepositoryName name = TRY(repository());
    const std::string secret =
        host ? host->webhook_secret() : environment_.value_or("GITHUB_WEBHOOK_SECRET", "");
    auto server = TRY(server_options(config, name, options.listen.value_or(config.server.listen), secret));
    // A forge of our own reads its own writes: no second look is needed.
    if (host) server.queue.relook_after = Duration{0};
    TRY(server::check_exposure(server.http, secret));

    TRY(shows::require_secrets(find_secrets(config, environment_).missing));
    auto* parts = TRY(wiring());
    const auto service = TRY(Service::start(std::move(server), parts->service(), parts->forge_tally(),
                                            entropy, [&log](std::string_view line) { log.write(line); }));
    if (host) {
        TRY(host->send_webhooks_to(service->url() + "/webhooks"));
        announce_local(out_, *host, name, *service, TRY(host->write_environment_file(environment_)));
    } else {
        announce_service(out_, name, *service, !secret.empty());
    }
    out_.finish();
    while (clock_.sleep(std::chrono::minutes(1), interruption_)) {
    }
    log.write("stopping: running work is ended, leases are released");
    service->stop();
    log.write("stopped");
    return cli::kDone;
}

}  // namespace ringmaster::app
