// The body of `ringmaster demo`: sets the stage, has the acts played, clears it away.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/support/files.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_entropy.h"
#include "app/application.h"
#include "app/demo_play.h"
#include "app/local_host.h"
#include "app/wiring.h"

namespace ringmaster::app {
namespace {

namespace fs = std::filesystem;

constexpr Duration kPauseForTheReader = std::chrono::milliseconds(800);

const RepositoryName kRepository{"ada", "hello"};

/// The demo's folder: one that was asked for stays, one of our own goes at the end.
class DemoFolder {
 public:
    static Result<std::unique_ptr<DemoFolder>> make(const std::optional<std::string>& wanted) {
        if (wanted) return use(fs::absolute(*wanted));
        std::string path = (fs::temp_directory_path() / "ringmaster-demo-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr)
            return Fail(Error::unavailable("cannot make a folder {}", path));
        return std::unique_ptr<DemoFolder>(new DemoFolder(path, true));
    }
    ~DemoFolder() {
        std::error_code ignored;
        if (is_ours_) fs::remove_all(path_, ignored);
    }
    DemoFolder(const DemoFolder&) = delete;
    DemoFolder& operator=(const DemoFolder&) = delete;
    std::string at(std::string_view name) const { return (path_ / name).string(); }
    std::string path() const { return path_.string(); }

 private:
    DemoFolder(fs::path path, bool is_ours) : path_(std::move(path)), is_ours_(is_ours) {}
    static Result<std::unique_ptr<DemoFolder>> use(const fs::path& path) {
        std::error_code problem;
        fs::create_directories(path, problem);
        if (problem) return Fail(Error::unavailable("cannot make {}: {}", path.string(), problem.message()));
        if (!fs::is_empty(path, problem) || problem)
            return Fail(
                Error::invalid_input("{} is not empty, and the demo would write into it", path.string())
                    .hint("name a folder that does not exist yet"));
        return std::unique_ptr<DemoFolder>(new DemoFolder(path, false));
    }
    fs::path path_;
    bool is_ours_;
};

/// Everything that runs during the demo, in the order in which it is built up (and, reversed, torn down).
struct DemoSetting {
    std::unique_ptr<DemoFolder> folder;
    support::SystemEntropy entropy;
    support::PosixSubprocess subprocess;
    std::unique_ptr<LocalHost> host;
    std::unique_ptr<DemoRepository> repository;
    shows::ShowService* shows = nullptr;
    Wiring* wiring = nullptr;
    std::unique_ptr<Service> service;
};

Result<void> make_host_and_checkout(DemoSetting& setting, const cli::DemoOptions& options, Clock& clock) {
    setting.folder = TRY(DemoFolder::make(options.directory));
    setting.host = TRY(LocalHost::start({.data_folder = setting.folder->at("forge"),
                                         .repository = kRepository,
                                         .port = static_cast<std::uint16_t>(options.port.value_or(0))},
                                        clock, setting.entropy));
    const std::string checkout = setting.folder->at("hello");
    TRY(support::create_folders(checkout));
    setting.repository = std::make_unique<DemoRepository>(
        checkout, setting.host->clone_url_with_token(), setting.host->repository_path(), setting.subprocess);
    return setting.repository->publish_sample();
}

Result<void> start_service(DemoSetting& setting) {
    server::ServerOptions server{
        .webhook = {.repository = kRepository, .secret = setting.host->webhook_secret()}};
    server.queue.relook_after = Duration{0};  // the local forge reads its own writes
    setting.service = TRY(Service::start(std::move(server), *setting.shows, setting.wiring->forge_tally(),
                                         setting.entropy, [](std::string_view) {}));
    return setting.host->send_webhooks_to(setting.service->url() + "/webhooks");
}

/// One more show, and how to look around.
Result<void> explain_how_to_explore(DemoSetting& setting, DemoPlay& play, Application& application) {
    auto& out = application.out();
    out.line("\nOne more show, to explore:");
    TRY(play.start_one_more());
    const std::string environment_file = TRY(setting.host->write_environment_file(application.environment()));
    out.line(
        fmt::format("\nIt all runs until Ctrl-C. In another terminal:\n\n"
                    "  . {}\n  cd {}\n\n"
                    "  ringmaster list\n  ringmaster status 1\n  ringmaster logs 1\n"
                    "  git commit --allow-empty -m 'Try again' && git push origin HEAD\n"
                    "  ringmaster stop 1 --yes\n"
                    "  curl -s {}/metrics | grep ringmaster_",
                    environment_file, setting.repository->folder(), setting.service->url()));
    return {};
}

/// Shows that still run would outlive us: that is what they are for, elsewhere.
void end_all_shows(DemoSetting& setting) {
    if (!setting.shows) return;
    if (setting.service) setting.service->stop();
    NoProgress nobody;
    auto& runtime = setting.shows->outside().runtime;
    const auto services = runtime.list_managed();
    if (!services) return;
    for (const auto& service : *services) (void)runtime.remove(service.show, nobody);
}

}  // namespace

Result<cli::ExitCode> Application::demo(const cli::DemoOptions& options) {
    const Duration began = clock_.monotonic();
    DemoSetting setting;
    TRY_WHILE(make_host_and_checkout(setting, options, clock_), "setting the stage of the demo");
    work_elsewhere(setting.host->environment(environment_, setting.folder->at("state")),
                   setting.repository->folder());
    setting.wiring = TRY_WHILE(wiring(), "setting the stage of the demo");
    setting.shows = &setting.wiring->service();
    TRY_WHILE(start_service(setting), "setting the stage of the demo");
    out_.line(fmt::format(
        "🎪 A pull request gets a live environment. Everything runs on this machine, in {}.\n"
        "   forge    {}\n   service  {}",
        setting.folder->path(), out_.link(setting.host->url(), setting.host->url()), setting.service->url()));
    DemoPlay play({.shows = *setting.shows,
                   .service = *setting.service,
                   .repository = *setting.repository,
                   .out = out_,
                   .flush = [this] { out_.finish(); },
                   .interruption = interruption_,
                   .pause = options.fast ? Duration{0} : kPauseForTheReader});
    auto played = play.play_all();
    if (played) {
        out_.line(fmt::format("\nDone in {:.1f} s: {} visits, {} failed.",
                              std::chrono::duration<double>(clock_.monotonic() - began).count(),
                              play.visits().made, play.visits().failed));
        if (options.keep) played = explain_how_to_explore(setting, play, *this);
    }
    out_.finish();
    if (played && options.keep) {
        while (clock_.sleep(std::chrono::minutes(1), interruption_)) {
        }
    }
    end_all_shows(setting);
    if (played) return cli::kDone;
    // Whatever kind of error it was underneath: the demo did not work.
    if (played.error().kind() == ErrorKind::Interrupted) return Fail(played.error());
    return Fail(Error::failed("{}", played.error().describe()));
}

}  // namespace ringmaster::app
