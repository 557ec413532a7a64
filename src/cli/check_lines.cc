#include "cli/check_lines.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::cli {

namespace {

const char* word(bool value) {
    return value ? "true" : "false";
}

std::string without_newlines(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

/// As the original names them: every label with "showtime-trigger-" in it, in the listing's order.
std::string trigger_labels(const std::vector<std::string>& labels) {
    std::vector<std::string> triggers;
    for (const auto& label : labels)
        if (label.find("showtime-trigger-") != std::string::npos) triggers.push_back(label);
    return join(triggers, ",");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> check_lines(const shows::CheckResult& check,
                                                             const Environment& environment,
                                                             const std::string& typed_sha) {
    const auto& decision = check.decision;
    const auto& authorization = check.observation.authorization;
    const auto& labels = check.observation.labels;
    std::vector<std::pair<std::string, std::string>> lines;
    const auto add = [&](const char* key, std::string value) {
        lines.emplace_back(key, without_newlines(std::move(value)));
    };
    add("build_needed", word(decision.build_needed()));
    add("sync_needed", word(decision.sync_needed()));
    add("pr_number", std::to_string(check.view.pull_request.number));
    add("target_sha", typed_sha.empty() ? check.request.target.text() : typed_sha);
    add("action_needed", std::string(shows::to_string(decision.action)));
    add("github_actor", std::string(environment.get("GITHUB_ACTOR").value_or("unknown")));
    add("permission_level", authorization.permission_level);
    add("auth_status", std::string(shows::to_string(authorization.status)));
    if (decision.blocked_reason)
        add("blocked_reason", std::string(shows::to_string(*decision.blocked_reason)));
    if (const auto triggers = trigger_labels(check.view.labels); !triggers.empty())
        add("trigger_labels", triggers);
    if (const auto* show = labels.find(check.request.target.short_sha()))
        add("target_show_status", std::string(to_string(show->status)));
    add("has_previous_shows", word(!labels.shows.empty()));
    add("action_reason", std::string(shows::to_string(decision.reason)));
    if (authorization.status == shows::AuthStatus::Error) add("auth_error", authorization.error);
    return lines;
}

}  // namespace ringmaster::cli
