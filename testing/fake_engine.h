#pragma once
// A builder, a runtime and a web in memory, each with state: what was built, what runs, and whether it
// answers.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/builder.h"
#include "ports/clock.h"
#include "ports/history.h"
#include "ports/http_client.h"
#include "ports/runtime.h"

namespace ringmaster::testing {

class FakeBuilder final : public Builder {
 public:
    explicit FakeBuilder(Clock& clock) : clock_(clock) {}

    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override {
        ++builds[spec.show.base_name()];
        progress.line("building " + spec.show.base_name());
        TRY(clock_.sleep(duration, progress));
        if (failure) {
            progress.line("the compiler is unhappy");
            return Fail(*failure);
        }
        built[spec.show.base_name()] = spec.commit.text();
        return Artifact{.directory = "/built/" + spec.show.base_name()};
    }
    Result<void> remove(const ShowId& show) override {
        built.erase(show.base_name());
        return {};
    }

    Duration duration = std::chrono::seconds(3);
    std::optional<Error> failure;
    std::map<std::string, int> builds;         ///< how often each was begun
    std::map<std::string, std::string> built;  ///< finished and not removed

 private:
    Clock& clock_;
};

class FakeRuntime final : public Runtime {
 public:
    explicit FakeRuntime(Clock& clock) : clock_(clock) {}

    std::string_view engine() const override { return "fake"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override {
        TRY(progress.pulse());
        if (deploy_failure) return Fail(*deploy_failure);
        const std::string name = spec.show.service_name();
        if (!services.contains(name))
            services.emplace(name, Service{.show = spec.show,
                                           .name = name,
                                           .state = ServiceState::Running,
                                           .endpoint = Endpoint{fmt::format("10.0.0.{}", ++next_host_), 8080},
                                           .created_at = clock_.now(),
                                           .expires_at = spec.expires_at});
        return *services.at(name).endpoint;
    }
    Result<std::optional<Service>> find(const ShowId& show) override {
        const auto found = services.find(show.service_name());
        if (found == services.end()) return std::optional<Service>();
        return std::optional(found->second);
    }
    Result<std::vector<Service>> list_managed() override {
        if (list_failure) return Fail(*list_failure);
        std::vector<Service> all;
        for (const auto& [name, service] : services) all.push_back(service);
        return all;
    }
    Result<PullRequestServices> list_of(int pull_request_number, Others) override {
        return pick_services(TRY(list_managed()), pull_request_number);
    }
    Result<void> remove(const ShowId& show, Progress& progress) override {
        TRY(progress.pulse());
        if (remove_failure) return Fail(*remove_failure);
        if (on_remove) on_remove(show);
        services.erase(show.service_name());
        return {};
    }
    Result<void> logs(const ShowId& show, const LogOptions& options, Progress& progress) override {
        asked_logs = options;
        if (!services.contains(show.service_name()))
            return Fail(Error::not_found("there is no {}", show.service_name()));
        for (const auto& line : log_lines) progress.line(line);
        return {};
    }

    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override {
        const auto found = services.find(show.service_name());
        if (found == services.end() || found->second.state != ServiceState::Running)
            return Fail(Error::not_found("there is no {} that runs", show.service_name()));
        if (on_command) on_command();
        commands.push_back({show.service_name(), command.arguments.front(), found->second.endpoint->text()});
        progress.line("running " + command.arguments.front());
        TRY(clock_.sleep(command_duration, progress));
        if (command_failure) return Fail(*command_failure);
        return {};
    }

    /// What was run in shows, in order: in which, what, and where that one was.
    struct Command {
        std::string service, program, endpoint;
        bool operator==(const Command&) const = default;
    };
    std::vector<Command> commands;
    std::function<void()> on_command;
    Duration command_duration{0};
    std::optional<Error> command_failure;
    std::map<std::string, Service> services;
    std::optional<Error> deploy_failure;
    std::optional<Error> list_failure;
    std::optional<Error> remove_failure;
    std::function<void(const ShowId&)> on_remove;
    std::vector<std::string> log_lines;  ///< what every show has written
    LogOptions asked_logs;               ///< of the last request

 private:
    Clock& clock_;
    int next_host_ = 0;
};

/// Answers 200 for every service that runs, unless told otherwise.
class FakeWeb final : public HttpClient {
 public:
    explicit FakeWeb(FakeRuntime& runtime) : runtime_(runtime) {}

    Result<HttpResponse> send(const HttpRequest& request) override {
        if (status != 200) return HttpResponse{.status = status};
        for (const auto& [name, service] : runtime_.services)
            if (service.endpoint && request.url.starts_with(service.endpoint->url() + "/"))
                return HttpResponse{.status = 200};
        return Fail(Error::unavailable("nothing answers at {}", request.url));
    }

    int status = 200;

 private:
    FakeRuntime& runtime_;
};

class FakeHistory final : public History {
 public:
    Result<void> record(const HistoryEvent& event) override {
        events.push_back(event);
        return {};
    }
    Result<std::vector<HistoryEvent>> recent(int number, int limit) override {
        std::vector<HistoryEvent> found;
        for (auto event = events.rbegin(); event != events.rend() && static_cast<int>(found.size()) < limit;
             ++event)
            if (number == 0 || event->pull_request_number == number) found.push_back(*event);
        return found;
    }

    std::vector<HistoryEvent> events;
};

}  // namespace ringmaster::testing
