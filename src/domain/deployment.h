#pragma once
// A deployment: what an orchestrator holds of how to run one flow in one environment. The same value says
// what somebody wants and what a server has, so that a plan is the difference of two of them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace ringmaster {

/// When a deployment runs by itself. Exactly one of cron, interval and rrule is set.
struct Schedule {
    std::string cron;
    std::optional<Duration> interval;
    std::string rrule;     ///< RFC 5545
    std::string timezone;  ///< IANA; empty = UTC, which is never written out
    bool is_active = true;
    bool operator==(const Schedule&) const = default;
    /// "0 12 * * 1-5 (Europe/Warsaw)", "every 15m".
    std::string text() const;
};

/// Where a worker gets the code from, when no image holds it.
struct CodeSource {
    std::string repository;  ///< address to clone, without credentials
    std::string commit;      ///< full sha
    bool operator==(const CodeSource&) const = default;
};

/// Everything of a deployment that a deploy decides. Texts called JSON are compact, with sorted keys, so that
/// equal values are equal texts.
struct DeploymentSpec {
    std::string flow_record;  ///< name of the orchestrator's record of the flow: "hello-world"
    std::string name;         ///< "acme-demo--main--hello-world--dev"
    std::string entrypoint;   ///< "src/acme/hello.py:hello_world"
    std::string version;      ///< "main-abc1234"
    std::string description;
    std::vector<std::string> tags;
    std::string work_pool;
    std::string work_queue;  ///< empty = the pool's default ("default", which is never written out)
    std::vector<Schedule> schedules;
    bool is_paused = false;
    std::optional<int> concurrency_limit;              ///< nullopt = none
    std::map<std::string, std::string> parameters;     ///< name to JSON
    std::string parameter_schema;                      ///< JSON: an OpenAPI object; empty = none
    std::string image;                                 ///< container image; empty = none
    std::map<std::string, std::string> environment;    ///< variables of the run
    std::map<std::string, std::string> job_variables;  ///< the rest of them: name to JSON
    std::optional<CodeSource> code;
    /// JSON: the orchestrator's own way to the code where `code` cannot say it; then `code` is empty. It may
    /// hold secrets: it is compared and copied, and never shown.
    std::string code_steps;
    std::string path;  ///< folder that the entrypoint is relative to; empty = where the code is put
    bool operator==(const DeploymentSpec&) const = default;
};

enum class RunState {
    Scheduled,
    Pending,
    Running,
    Completed,
    Failed,
    Crashed,
    Cancelling,
    Cancelled,
    Paused,
    Unknown
};
/// "completed", …
std::string_view to_string(RunState state);
/// Nothing will happen to it any more.
bool is_final(RunState state);

struct FlowRun {
    std::string id;
    std::string name;  ///< as the orchestrator shows it
    std::string deployment_id;
    RunState state = RunState::Unknown;
    std::string state_text;  ///< the orchestrator's own words: "Late", "AwaitingRetry", a message
    std::string version;     ///< of the deployment, when it ran; empty = not known
    std::optional<TimePoint> expected_at;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> ended_at;
    std::string url;  ///< page for people; may be empty
};

/// A deployment as a server has it.
struct Deployment {
    std::string id;
    std::string flow_id;
    DeploymentSpec spec;
    std::optional<TimePoint> created_at;
    std::optional<TimePoint> updated_at;
    std::string created_text;  ///< as the server wrote it
    std::string updated_text;
    std::string url;     ///< page for people; may be empty
    std::string status;  ///< the orchestrator's word: "READY"; may be empty
};

}  // namespace ringmaster
