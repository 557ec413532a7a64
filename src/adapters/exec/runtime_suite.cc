#include <algorithm>
#include <optional>
#include <thread>

#include "adapters/exec/exec_runtime.h"
#include "adapters/exec/plugin_suite.h"
#include "adapters/exec/suite_parts.h"
#include "adapters/exec/suite_stage.h"
#include "base/text.h"

namespace ringmaster::exec {

namespace {

constexpr auto kAnswerTimeout = std::chrono::seconds(30);  // of a web server that serves one file
constexpr auto kAnswerInterval = std::chrono::milliseconds(100);
constexpr auto kLifetime = std::chrono::hours(24);

class RuntimeSuite {
 public:
    RuntimeSuite(const SuiteSettings& settings, SuitePorts ports)
        : ports_(ports),
          stage_(ports.subprocess, ports.entropy),
          artifact_(settings.artifact),
          program_(settings.program, ports.subprocess),
          runtime_(runtime_settings(settings), program_),
          first_(spec(1)),
          second_(spec(2)),
          third_(spec(3)) {}
    ~RuntimeSuite() {
        NoProgress quiet;
        for (const auto& show : started_) (void)runtime_.remove(show, quiet);
    }
    RuntimeSuite(const RuntimeSuite&) = delete;
    RuntimeSuite& operator=(const RuntimeSuite&) = delete;

    bool has_first() const { return endpoint_.has_value(); }

    Result<std::string> hello() {
        return check_hello(program_, {"hello", "deploy", "find", "list", "remove", "logs"}, ports_.progress);
    }

    Result<std::string> unknown_show() {
        if (TRY(runtime_.find(first_.show))) return wrong("find found a show that was never there");
        TRY_WHILE(runtime_.remove(first_.show, ports_.progress), "removing a show that was never there");
        const auto logs = runtime_.logs(first_.show, {}, ports_.progress);
        if (logs) return wrong("logs of a show that was never there succeeded; it has to be not_found");
        if (logs.error().kind() != ErrorKind::NotFound)
            return wrong("logs of a show that was never there have to be not_found, but are {}: {}",
                         to_string(logs.error().kind()), logs.error().message());
        return "not found, removed without complaint, without logs";
    }

    Result<std::string> deploy() {
        if (artifact_.image.empty() && artifact_.directory.empty()) {
            TRY(stage_.write_app());
            for (auto* each : {&first_, &second_, &third_}) each->artifact.directory = stage_.app_folder();
        }
        endpoint_ = TRY(deploy(first_, ports_.progress));
        return "at " + endpoint_->text();
    }

    Result<std::string> answers() {
        const auto deadline = ports_.clock.monotonic() + kAnswerTimeout;
        while (true) {
            const auto answer =
                ports_.http.send({.url = endpoint_->url(), .timeout = std::chrono::seconds(5)});
            if (answer) return fmt::format("with status {}", answer->status);
            if (ports_.clock.monotonic() > deadline)
                return wrong("nobody answered at {} within {}: {}", endpoint_->url(),
                             format_duration_for_people(kAnswerTimeout), answer.error().message());
            TRY(ports_.clock.sleep(kAnswerInterval, ports_.progress));
        }
    }

    Result<std::string> find() {
        const auto found = TRY(runtime_.find(first_.show));
        if (!found) return wrong("find did not find the show that was deployed");
        TRY(check_same(*found, first_, *endpoint_));
        return "as " + found->name;
    }

    Result<std::string> list() {
        const auto all = TRY(runtime_.list_managed());
        if (all.size() != 1) return wrong("list gave {} shows where one was deployed", all.size());
        TRY(check_same(all.front(), first_, *endpoint_));
        return "the one that was deployed";
    }

    Result<std::string> deploy_again() {
        const auto again = TRY(deploy(first_, ports_.progress));
        if (again != *endpoint_)
            return wrong("the same show deployed again is at {}, but it ran at {} and was to be adopted",
                         again.text(), endpoint_->text());
        const auto all = TRY(runtime_.list_managed());
        if (all.size() != 1) return wrong("list gave {} shows after one was deployed twice", all.size());
        return "adopted what ran";
    }

    Result<std::string> logs() {
        CountingProgress heard(ports_.progress);
        TRY(runtime_.logs(first_.show, {.tail_lines = 1}, heard));
        if (heard.lines() > 1) return wrong("logs gave {} lines where one was asked for", heard.lines());
        return fmt::format("{} of 1 line", heard.lines());
    }

    /// Only seed and teardown need it.
    Result<std::string> command() {
        const auto said = TRY(program_.hello(ports_.progress));
        if (std::ranges::find(said.operations, "run") == said.operations.end())
            return "not offered: shows cannot be seeded";
        CountingProgress heard(ports_.progress);
        TRY(runtime_.run_in(first_.show, {.arguments = {"sh", "-c", "echo to port $PORT"}}, heard));
        if (heard.lines() == 0) return wrong("nothing was told of what a command in the show wrote");
        const auto failed =
            runtime_.run_in(first_.show, {.arguments = {"sh", "-c", "exit 3"}}, ports_.progress);
        if (failed) return wrong("a command that ended with exit code 3 in the show was told as a success");
        if (failed.error().kind() == ErrorKind::Interrupted) return Fail(failed.error());
        return "run in the show; " + failed.error().message();
    }

    Result<std::string> two_at_once() {
        SharedPulse pulse(ports_.progress);
        Result<Endpoint> one = Endpoint{}, two = Endpoint{};
        std::thread other([&] { two = runtime_.deploy(third_, pulse); });
        started_.push_back(third_.show);
        one = deploy(second_, pulse);
        other.join();
        if (!one) return Fail(one.error());
        if (!two) return Fail(two.error());
        if (*one == *two || *one == *endpoint_ || *two == *endpoint_)
            return wrong("different shows are at the same address: {}, {}, {}", endpoint_->text(),
                         one->text(), two->text());
        const auto all = TRY(runtime_.list_managed());
        if (all.size() != 3) return wrong("list gave {} shows where three were deployed", all.size());
        return fmt::format("at {} and {}", one->text(), two->text());
    }

    Result<std::string> cannot_start() {
        auto impossible = spec(4);
        if (artifact_.image.empty())
            impossible.artifact = {.directory = stage_.nowhere()};
        else
            impossible.artifact = {.image = "ringmaster.invalid/no-such-image:1"};
        const auto endpoint = deploy(impossible, ports_.progress);
        if (endpoint) return wrong("deploy gave {} for an artifact that does not exist", endpoint->text());
        if (endpoint.error().kind() == ErrorKind::Interrupted) return Fail(endpoint.error());
        if (TRY(runtime_.find(impossible.show))) return wrong("deploy failed, but find finds the show");
        return endpoint.error().message();
    }

    Result<std::string> remove() {
        TRY(runtime_.remove(first_.show, ports_.progress));
        return "gone";
    }

    Result<std::string> find_removed() {
        if (TRY(runtime_.find(first_.show))) return wrong("find still finds the show that was removed");
        for (const auto& service : TRY(runtime_.list_managed()))
            if (service.show == first_.show) return wrong("list still has the show that was removed");
        return "not there any more";
    }

    Result<std::string> others_stay() {
        for (const auto* other : {&second_, &third_})
            if (std::ranges::find(started_, other->show) != started_.end() &&
                !TRY(runtime_.find(other->show)))
                return wrong("removing one show removed {} too", other->show.base_name());
        return "still there";
    }

    Result<std::string> nothing_left() {
        for (const auto& show : started_) TRY(runtime_.remove(show, ports_.progress));
        if (const auto all = TRY(runtime_.list_managed()); !all.empty())
            return wrong("all shows were removed, but list gives {}", all.size());
        return "the list is empty";
    }

 private:
    ExecRuntimeSettings runtime_settings(const SuiteSettings& settings) const {
        ExecRuntimeSettings runtime{.repository = stage_.repository(), .command = settings.command};
        if (runtime.command.empty() && settings.artifact.image.empty())
            runtime.command = SuiteStage::app_command();
        runtime.stop_grace = std::chrono::seconds(2);
        runtime.deploy_timeout = std::chrono::minutes(5);
        runtime.remove_timeout = std::chrono::minutes(5);
        return runtime;
    }

    ShowSpec spec(int number) {
        const auto commit = stage_.made_up_commit();
        ShowSpec made{.show = {stage_.repository(), number, commit.short_sha()},
                      .commit = commit,
                      .artifact = artifact_,
                      .requested_by = "check-plugin"};
        made.created_at = std::chrono::floor<std::chrono::seconds>(ports_.clock.now());
        made.expires_at = made.created_at + kLifetime;
        return made;
    }

    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) {
        started_.push_back(spec.show);
        return runtime_.deploy(spec, progress);
    }

    static Result<void> check_same(const Service& found, const ShowSpec& spec, const Endpoint& endpoint) {
        if (found.show != spec.show) return wrong("it is another show: {}", found.show.base_name());
        if (found.name.empty()) return wrong("it has no name");
        if (found.state == ServiceState::Exited || found.state == ServiceState::Removing)
            return wrong("its state has to be starting or running; detail: \"{}\"", found.detail);
        if (found.endpoint != endpoint)
            return wrong("its endpoint is {}, but deploy said {}",
                         found.endpoint ? found.endpoint->text() : "missing", endpoint.text());
        if (found.created_at != spec.created_at)
            return wrong("created_at is {}, but {} was given", format_iso8601(found.created_at),
                         format_iso8601(spec.created_at));
        if (found.expires_at != spec.expires_at)
            return wrong("expires_at is {}, but {} was given",
                         found.expires_at ? format_iso8601(*found.expires_at) : "missing",
                         format_iso8601(*spec.expires_at));
        return {};
    }

    SuitePorts ports_;
    SuiteStage stage_;
    Artifact artifact_;
    PluginProgram program_;
    ExecRuntime runtime_;
    ShowSpec first_;
    ShowSpec second_;
    ShowSpec third_;
    std::optional<Endpoint> endpoint_;
    std::vector<ShowId> started_;
};

}  // namespace

std::vector<SuiteCheck> runtime_suite(const SuiteSettings& settings, SuitePorts ports) {
    SuiteChecks<RuntimeSuite> checks(std::make_shared<RuntimeSuite>(settings, ports));
    checks.add("hello", &RuntimeSuite::hello, Needs::Nothing);
    checks.add("unknown show", &RuntimeSuite::unknown_show, Needs::Nothing);
    checks.add("deploy", &RuntimeSuite::deploy, Needs::Nothing);
    checks.add("answers", &RuntimeSuite::answers);
    checks.add("find", &RuntimeSuite::find);
    checks.add("list", &RuntimeSuite::list);
    checks.add("deploy twice", &RuntimeSuite::deploy_again);
    checks.add("logs", &RuntimeSuite::logs);
    checks.add("command", &RuntimeSuite::command);
    checks.add("two at once", &RuntimeSuite::two_at_once);
    checks.add("cannot start", &RuntimeSuite::cannot_start);
    checks.add("remove", &RuntimeSuite::remove);
    checks.add("remove twice", &RuntimeSuite::remove);
    checks.add("find removed", &RuntimeSuite::find_removed);
    checks.add("others stay", &RuntimeSuite::others_stay);
    checks.add("nothing left", &RuntimeSuite::nothing_left, Needs::Nothing);
    return checks.take();
}

}  // namespace ringmaster::exec
