#include "cli/show_request.h"

#include "base/text.h"
#include "cli/display.h"
#include "cli/explain.h"
#include "cli/github_actions.h"
#include "cli/json_result.h"

namespace ringmaster::cli {

using shows::Action;
using shows::SyncOutcome;
using shows::SyncRequest;

shows::SyncRequest request_for(Context& context, int pull_request_number, shows::Purpose purpose) {
    SyncRequest request{.number = pull_request_number, .purpose = purpose};
    const auto& environment = context.environment();
    request.actor = environment.value_or("GITHUB_ACTOR", "");
    request.asker = environment.in_github_actions() ? shows::Asker::Workflow : shows::Asker::TokenOwner;
    return request;
}

Result<std::optional<std::string>> sha_option(const Arguments& arguments) {
    const auto typed = arguments.text("sha");
    if (!typed) return std::optional<std::string>();
    const auto sha = parse_sha_prefix(*typed);
    if (!sha) return Fail(Error::invalid_input("--sha: {}", sha.error().message()).hint(sha.error().hint()));
    return std::optional(*sha);
}

Option description_option() {
    return {.name = "description",
            .kind = OptionKind::Text,
            .help = "Why, in your own words; `ringmaster history` shows it",
            .value_name = "TEXT"};
}

Result<std::string> description_of(const Arguments& arguments) {
    constexpr std::size_t kMostBytes = 500;  // a sentence or two; the history is a list
    const auto text = arguments.text("description").value_or("");
    if (text.size() > kMostBytes)
        return Fail(Error::invalid_input("--description must be at most {} bytes long, but has {}",
                                         kMostBytes, text.size()));
    if (text.find('\n') != std::string::npos)
        return Fail(Error::invalid_input("--description must be one line"));
    return text;
}

shows::DryRun dry_run_option(const Arguments& arguments) {
    const bool all = arguments.flag("dry-run");
    return {.forge = all || arguments.flag("dry-run-github"),
            .runtime = all || arguments.flag("dry-run-aws"),
            .build = all || arguments.flag("dry-run-docker")};
}

Option partial_dry_run(std::string name) {
    return {.name = std::move(name), .help = "The same as --dry-run", .hidden = true};
}

Result<SyncOutcome> run_request(Context& context, SyncRequest request) {
    auto* service = TRY(context.shows());
    const auto file = context.holder_file(request.number);
    const auto display = make_display(context);
    if (file)
        request.on_claimed = [&](const std::string& holder) {
            if (const auto written = context.write_file(*file, holder + "\n", true); !written)
                display->warning("a cancelled run could not give its lease up: " +
                                 written.error().describe());
        };
    auto outcome = service->sync(request, *display, *display);
    display->clear();
    if (file) (void)context.remove_file(*file);
    return outcome;
}

namespace {

std::string asker_of(const SyncRequest& request) {
    if (request.asker == shows::Asker::TokenOwner) return "the owner of the token";
    return request.actor.empty() ? "whoever asked (GITHUB_ACTOR is not set)"
                                 : sanitize_for_terminal(request.actor);
}

std::string sentence(const SyncRequest& request, const SyncOutcome& outcome) {
    const auto why = explain(outcome.decision.reason);
    const auto sha = outcome.target.short_sha().text();
    const bool is_dry = request.dry_run.any();
    switch (outcome.decision.action) {
        case Action::CreateEnvironment:
            if (is_dry) return fmt::format("Would give #{} a show of {}: {}.", request.number, sha, why);
            return fmt::format("#{} runs at {} (version {}).", request.number, outcome.public_url(), sha);
        case Action::DestroyEnvironment:
            if (outcome.decision.nothing_left)
                return fmt::format("#{} has nothing to remove.", request.number);
            if (is_dry) return fmt::format("Would remove every show of #{}: {}.", request.number, why);
            return fmt::format("Every show of #{} is gone.", request.number);
        case Action::NoAction:
            return fmt::format("Nothing to do for #{}: {}.", request.number, why);
        case Action::Blocked:
            if (outcome.decision.blocked_reason == shows::BlockedReason::AuthorizationFailed)
                return fmt::format("#{} gets no show: {} may not ask for one.", request.number,
                                   asker_of(request));
            return fmt::format("#{} gets no show: {}.", request.number, why);
    }
    return {};
}

Value to_value(const SyncRequest& request, const SyncOutcome& outcome) {
    const auto& decision = outcome.decision;
    return Value::object()
        .set("pull_request", request.number)
        .set("action_taken", outcome.action_taken)
        .set("reason", shows::to_string(decision.reason))
        .set("blocked_reason",
             decision.blocked_reason ? Value(shows::to_string(*decision.blocked_reason)) : Value())
        .set("sha", outcome.target.text())
        .set("status", outcome.show ? Value(to_string(outcome.show->status)) : Value())
        .set("url", outcome.url.empty() ? Value() : Value(outcome.url))
        .set("dry_run", request.dry_run.any())
        .set("warnings", Value::list(outcome.warnings))
        .set("stable_url", outcome.stable_url.empty() ? Value() : Value(outcome.stable_url));
}

/// A refusal is a failure of what was asked for (contract §3.1); exit code 4 is for a token that may not.
ExitCode code_for(const SyncOutcome& outcome) {
    return outcome.decision.action == Action::Blocked ? kFailed : kDone;
}

}  // namespace

std::vector<std::string> outcome_fields() {
    return {"pull_request", "action_taken", "reason",  "blocked_reason", "sha",
            "status",       "url",          "dry_run", "warnings",       "stable_url"};
}

ExitCode report_outcome(Context& context, const Arguments& arguments, const SyncRequest& request,
                        const SyncOutcome& outcome) {
    const auto text = sentence(request, outcome);
    const auto code = code_for(outcome);
    write_step_outputs(context, {{"action_taken", outcome.action_taken},
                                 {"sha", outcome.target.text()},
                                 {"url", outcome.public_url()}});
    write_step_summary(
        context, (outcome.url.empty() ? text : fmt::format("[{}]({})", text, outcome.public_url())) + "\n");
    for (const auto& warning : outcome.warnings) {
        context.err().line("warning: " + sanitize_for_terminal(warning));
        annotate_warning(context, warning);
    }
    if (print_json_if_asked(context, arguments, to_value(request, outcome))) return code;
    if (code == kDone) {
        context.out().line(text);
    } else {
        context.err().line(context.err().paint(Style::Red, "error:") + " " + text);
        annotate_error(context, text);
    }
    const auto next = next_after(outcome.decision, {});
    if (!next.empty()) context.err().line(context.err().paint(Style::Dim, "hint:") + "  " + next);
    return code;
}

}  // namespace ringmaster::cli
