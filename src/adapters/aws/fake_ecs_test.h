#pragma once
// A small honest ECS: services start tasks, tasks take time to run and to stop, names are unique, revisions
// are numbered. It answers over HttpClient as AWS does; what it is not made for fails the test. EC2 and
// CloudWatch Logs as far as a show needs them.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/aws/credentials.h"
#include "adapters/aws/wire.h"
#include "ports/clock.h"
#include "ports/http_client.h"

namespace ringmaster::aws {

class FakeEcs final : public HttpClient {
 public:
    explicit FakeEcs(Clock& clock) : clock_(clock) {}

    Result<HttpResponse> send(const HttpRequest& request) override;

    struct Task {
        std::string arn;
        std::string service;
        std::string revision;
        TimePoint created;
        std::optional<TimePoint> stopped;
        std::string stop_code, stopped_reason;
        std::optional<int> exit_code;
        std::string network_interface;
    };
    struct ServiceState {
        std::string status = "ACTIVE";
        std::string revision;
        std::map<std::string, std::string> tags;
        std::string event;
        TimePoint created;
        std::string target_group;
    };
    struct Revision {
        std::string family;
        bool is_active = true;
        std::map<std::string, std::string> tags;
        std::string body;
    };
    struct Call {
        std::string action;  ///< "CreateService"
        std::string body;
    };

    std::map<std::string, ServiceState> services;
    std::map<std::string, Revision> revisions;
    std::vector<Task> tasks;
    std::map<std::string, std::vector<std::string>> logs;  ///< by stream; a line a second since kFirstLine
    static constexpr TimePoint kFirstLine{std::chrono::milliseconds(1'767'614'400'000)};
    std::vector<Call> calls;

    Duration start_time = std::chrono::seconds(3);  ///< from a task's creation to RUNNING
    Duration stop_time = std::chrono::seconds(2);   ///< from being told to stop to STOPPED
    std::string start_problem;                      ///< tasks end with it instead of running
    std::optional<int> exits_with;                  ///< tasks end with it as soon as they run
    int page_size = 100;
    /// Asked before each call; a value is the answer instead. Called with the lock held.
    std::function<std::optional<Result<HttpResponse>>(const std::string& action)> intercept;
    /// Asked after each call; an error is what arrives of its answer.
    std::function<std::optional<Error>(const std::string& action)> lose_answer;

    /// What still runs or could be run: services that are not gone, tasks that live, active revisions.
    std::vector<std::string> remains();
    int count(const std::string& action) const;

    static HttpResponse refusal(int status, const std::string& code, const std::string& message);

 private:
    friend class FakeEcsCall;
    void pass_time();
    void start_task(const std::string& service);
    std::string status_of(const Task& task) const;
    HttpResponse answer_ec2(const std::string& body) const;

    Clock& clock_;
    std::mutex mutex_;
    int made_ = 0;
};

/// Keys that are always there.
class FixedKeys final : public CredentialSource {
 public:
    Result<Credentials> get(Progress&) override {
        return Credentials{.access_key_id = "AKID", .secret_access_key = "secret"};
    }
    void forget(const Credentials&) override {}
};

}  // namespace ringmaster::aws
