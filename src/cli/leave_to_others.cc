// --detach of start and stop: the label is the button, and somebody else hears it.

#include "cli/json_result.h"
#include "cli/show_request.h"
#include "shows/labels.h"

namespace ringmaster::cli {

namespace {

Result<void> check_options(const Arguments& arguments, const shows::SyncRequest& request) {
    for (const char* name : {"sha", "force", "description", "wait"}) {
        const bool means_yes = request.purpose == shows::Purpose::Stop && std::string_view(name) == "force";
        if (!means_yes && arguments.was_given(name))
            return Fail(Error::invalid_input("--detach only puts a label on, which cannot carry --{}", name)
                            .hint("leave one of the two out"));
    }
    if (request.dry_run.any())
        return Fail(Error::invalid_input("--detach and --dry-run contradict each other")
                        .hint("leave one of the two out"));
    return {};
}

}  // namespace

Option detach_option() {
    return {.name = "detach", .help = "Only put the label on, for the service or a workflow to act on"};
}

Result<ExitCode> leave_to_others(Context& context, const Arguments& arguments,
                                 const shows::SyncRequest& request) {
    TRY(check_options(arguments, request));
    const bool is_start = request.purpose == shows::Purpose::Start;
    auto* service = TRY(context.shows());
    auto& forge = service->outside().forge;
    const auto view = TRY_WHILE(forge.observe(request.number), "reading #{}", request.number);
    if (is_start && !view.pull_request.is_open())
        return Fail(Error::failed("#{} is closed", request.number).hint("reopen it first"));
    PullRequestChange change{
        .add_labels = {shows::define_label(is_start ? shows::kStartTrigger : shows::kStopTrigger)}};
    if (request.ttl) change.add_labels.push_back(shows::ttl_label(*request.ttl));
    TRY_WHILE(forge.apply(view, change), "labelling #{}", request.number);
    const auto value = Value::object()
                           .set("pull_request", request.number)
                           .set("action_taken", is_start ? "start_requested" : "stop_requested")
                           .set("reason", Value())
                           .set("blocked_reason", Value())
                           .set("sha", view.pull_request.head.text())
                           .set("status", Value())
                           .set("url", Value())
                           .set("dry_run", false)
                           .set("warnings", Value::array())
                           .set("stable_url", Value());
    if (print_json_if_asked(context, arguments, value)) return kDone;
    context.out().line(fmt::format("A {} of #{} is asked for.", is_start ? "start" : "stop", request.number));
    context.err().line(fmt::format(
        "The service, a workflow or the next sync does it; `ringmaster status {} --watch` waits for it.",
        request.number));
    return kDone;
}

}  // namespace ringmaster::cli
