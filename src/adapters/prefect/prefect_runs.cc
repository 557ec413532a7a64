// The half of PrefectOrchestrator that is about runs.

#include <algorithm>

#include "adapters/prefect/prefect_errors.h"
#include "adapters/prefect/prefect_orchestrator.h"
#include "adapters/prefect/run_document.h"
#include "base/text.h"

namespace ringmaster::prefect {
namespace {

using support::json_quote;
using support::JsonReader;

constexpr std::size_t kPageSize = 200;
// The server's clock may be before ours, and a run that was started this instant is due by its clock.
constexpr Duration kClocksDifferBy = std::chrono::seconds(5);

Result<std::string> start_document(const RunRequest& request, const std::string& key) {
    std::vector<std::string> parameters;
    for (const auto& [name, text] : request.parameters) {
        if (!JsonReader::parse(text, "the parameter"))
            return Fail(Error::invalid_input("the parameter {} is not JSON", name));
        parameters.push_back(json_quote(name) + ":" + text);
    }
    return fmt::format(R"({{"idempotency_key":{},"parameters":{{{}}}}})", json_quote(key),
                       join(parameters, ","));
}

std::string newest_document(const std::vector<std::string>& ids, TimePoint due_by) {
    std::vector<std::string> quoted;
    for (const auto& id : ids) quoted.push_back(json_quote(id));
    return fmt::format(
        R"({{"flow_runs":{{"deployment_id":{{"any_":[{}]}},"expected_start_time":{{"before_":"{}"}}}},)"
        R"("sort":"START_TIME_DESC","limit":{}}})",
        join(quoted, ","), format_iso8601(due_by), kPageSize);
}

}  // namespace

Result<FlowRun> PrefectOrchestrator::start(const RunRequest& request, Progress& progress) {
    const auto doing = "starting a run of deployment " + request.deployment_id;
    // With a key of our own a lost answer can be asked for again, and starts nothing twice.
    const auto key =
        request.idempotency_key.empty() ? "ringmaster-" + client_.entropy().hex(16) : request.idempotency_key;
    const auto path = fmt::format("/deployments/{}/create_flow_run", percent_encode(request.deployment_id));
    const auto body = TRY_WHILE(start_document(request, key), "{}", doing);
    const auto run =
        TRY(client_.json({.method = "POST", .path = path, .body = body, .doing = doing}, progress));
    return TRY_WHILE(read_run(run, client_.settings().ui_url), "{}", doing);
}

Result<FlowRun> PrefectOrchestrator::find(const std::string& run_id, Progress& progress) {
    const auto doing = "looking at run " + run_id;
    const auto run =
        TRY(client_.json({.path = "/flow_runs/" + percent_encode(run_id), .doing = doing}, progress));
    return TRY_WHILE(read_run(run, client_.settings().ui_url), "{}", doing);
}

Result<std::vector<FlowRun>> PrefectOrchestrator::newest_runs(const std::set<std::string>& deployment_ids,
                                                              Progress& progress) {
    const std::string doing = "looking at the latest runs";
    std::vector<std::string> asked(deployment_ids.begin(), deployment_ids.end());
    asked.resize(std::min(asked.size(), kPageSize));
    const auto body = newest_document(asked, client_.clock().now() + kClocksDifferBy);
    const auto answer = TRY(client_.json(
        {.method = "POST", .path = "/flow_runs/filter", .body = body, .doing = doing}, progress));
    std::vector<FlowRun> runs;
    for (const auto& run : TRY_WHILE(answer.as_items(), "{}", doing))
        runs.push_back(TRY_WHILE(read_run(run, client_.settings().ui_url), "{}", doing));
    return runs;
}

Result<std::map<std::string, FlowRun>> PrefectOrchestrator::latest(
    const std::vector<std::string>& deployment_ids, Progress& progress) {
    std::set<std::string> wanted;
    for (const auto& id : deployment_ids)
        if (is_uuid(id)) wanted.insert(to_lower_ascii(id));
    std::map<std::string, FlowRun> newest;
    // A page holds the newest runs of all that are asked for, so one that runs often hides the others: who
    // has been seen is not asked for again. Each round takes at least one away.
    while (!wanted.empty()) {
        const auto runs = TRY(newest_runs(wanted, progress));
        std::set<std::string> done;
        if (runs.size() < kPageSize) {
            auto last = wanted.begin();
            std::advance(last, std::min(wanted.size(), kPageSize));
            done.insert(wanted.begin(), last);
        }
        for (const auto& run : runs) {
            newest.try_emplace(run.deployment_id, run);
            done.insert(run.deployment_id);
        }
        if (done.empty())
            return Fail(Error::corrupt("Prefect gives runs of deployments that it was not asked for"));
        std::erase_if(wanted, [&](const auto& id) { return done.contains(id); });
    }
    return newest;
}

Result<std::vector<RunLogLine>> PrefectOrchestrator::logs(const std::string& run_id, std::size_t skip,
                                                          Progress& progress) {
    const auto doing = "reading the log of run " + run_id;
    std::vector<RunLogLine> lines;
    for (bool is_last = !is_uuid(run_id); !is_last;) {
        const auto body = fmt::format(
            R"({{"logs":{{"flow_run_id":{{"any_":[{}]}}}},"sort":"TIMESTAMP_ASC","limit":{},"offset":{}}})",
            json_quote(run_id), kPageSize, skip + lines.size());
        const auto answer = TRY(
            client_.json({.method = "POST", .path = "/logs/filter", .body = body, .doing = doing}, progress));
        const auto page = TRY_WHILE(answer.as_items(), "{}", doing);
        for (const auto& line : page) lines.push_back(TRY_WHILE(read_log_line(line), "{}", doing));
        is_last = page.size() < kPageSize;
    }
    // The log of a run that was never there is empty as well.
    if (lines.empty() && skip == 0) TRY(find(run_id, progress));
    return lines;
}

Result<void> PrefectOrchestrator::cancel(const std::string& run_id, Progress& progress) {
    const auto doing = "cancelling run " + run_id;
    // As Prefect's own command does. A run that has not begun is rejected into Cancelled at once; one that
    // has ended stays as it is (measured on 3.8.8).
    const auto answer =
        TRY(client_.json({.method = "POST",
                          .path = fmt::format("/flow_runs/{}/set_state", percent_encode(run_id)),
                          .body = R"({"state":{"type":"CANCELLING","name":"Cancelling"}})",
                          .doing = doing},
                         progress));
    const auto state = TRY_WHILE(answer.member("state"), "{}", doing);
    const auto type = run_state(TRY_WHILE(state.optional_string("type"), "{}", doing));
    if (type == RunState::Cancelling || is_final(type)) return {};
    return Fail(Error::failed("Prefect leaves the run {} in the state \"{}\"", run_id, to_string(type))
                    .while_doing(doing));
}

}  // namespace ringmaster::prefect
