#include "adapters/github/github_errors.h"

#include <algorithm>

#include "adapters/support/json_reader.h"
#include "base/text.h"

namespace ringmaster::github {
namespace {

using std::chrono::seconds;
using support::JsonReader;

// Without a word from GitHub on how long: "at least a minute" (github-facts 3.7).
constexpr Duration kWaitWhenNotTold = seconds(60);

/// GitHub's own words, fit for a terminal and without the token.
std::string quote(std::string_view text, const RequestContext& context) {
    std::string shown(text);
    if (!context.token.empty()) shown = replace_all(std::move(shown), context.token, "***");
    return sanitize_for_terminal(truncate_utf8(shown, 300));
}

/// "errors":[{"message"} or {"resource","field","code"}] of a validation error, in words.
std::string details_of(const JsonReader& body) {
    std::vector<std::string> details;
    const auto errors = body.items("errors");
    if (!errors) return "";
    for (const auto& error : *errors) {
        if (const auto text = error.as_string(); text) details.push_back(*text);
        if (!error.is_object()) continue;
        const auto message = error.optional_string("message").value_or("");
        const auto field = error.optional_string("field").value_or("");
        const auto code = error.optional_string("code").value_or("");
        if (!message.empty())
            details.push_back(message);
        else if (!code.empty())
            details.push_back(field + " " + code);
    }
    return join(details, "; ");
}

/// The message of a REST error body with its details; empty if there is none.
std::string message_of(const HttpResponse& response) {
    const auto body = JsonReader::parse(response.body, "an error");
    if (!body || !body->is_object()) return "";
    std::string message = body->optional_string("message").value_or("");
    const std::string details = details_of(*body);
    if (!details.empty()) message += (message.empty() ? "" : ": ") + details;
    return message;
}

bool speaks_of_a_limit(std::string_view message) {
    const std::string lower = to_lower_ascii(message);
    return lower.contains("rate limit") || lower.contains("abuse detection") ||
           lower.contains("submitted too quickly");
}

std::optional<Duration> seconds_header(const HttpResponse& response, std::string_view name) {
    const auto text = response.header(name);
    const auto count = text ? parse_integer(trim(*text)) : std::nullopt;
    // A day is beyond any limit's window; more is nonsense that must not overflow.
    if (!count || *count < 0) return std::nullopt;
    return seconds(std::min<long long>(*count, 86'400));
}

Duration until_reset(const HttpResponse& response, TimePoint now) {
    const auto text = response.header("x-ratelimit-reset");
    const auto reset = text ? parse_integer(trim(*text)) : std::nullopt;
    if (!reset || *reset < 0 || *reset > 100'000'000'000) return kWaitWhenNotTold;
    const auto date = response.header("date");
    const TimePoint server_now = (date ? parse_http_date(*date) : std::nullopt).value_or(now);
    // One second more: the reset and Date are whole seconds.
    return std::clamp<Duration>(TimePoint(seconds(*reset)) - server_now + seconds(1), seconds(1),
                                seconds(86'400));
}

Error limited(Duration wait, std::string_view message, const RequestContext& context) {
    const std::string said = message.empty() ? "" : fmt::format(" ({})", quote(message, context));
    return Error::rate_limited("GitHub asks to wait {} before going on with {}{}",
                               format_duration_for_people(wait), context.repository, said)
        .hint("run it again then; a token of its own (a GitHub App's) has a larger allowance")
        .retry_after(wait)
        .while_doing(context.doing);
}

Error forbidden(const HttpResponse& response, const std::string& message, const RequestContext& context) {
    std::string hint = missing_right_hint(message);
    // GitHub names the rights that would do: "issues=write; pull_requests=write".
    if (const auto accepted = response.header("x-accepted-github-permissions");
        accepted && !accepted->empty())
        hint = fmt::format("the token needs one of: {}", quote(*accepted, context));
    return Error::unauthorized("GitHub refuses this to the token in {} (403: {})", context.repository,
                               quote(message.empty() ? "no reason given" : message, context))
        .hint(std::move(hint));
}

Error not_found(const std::string& message, const RequestContext& context) {
    return Error::not_found("GitHub knows nothing of that in {}, or the token may not see it (404: {})",
                            context.repository, quote(message.empty() ? "Not Found" : message, context))
        .hint("check the repository's name and the number, and that the token has access to this repository");
}

Error moved(const HttpResponse& response, const RequestContext& context) {
    const std::string where = quote(response.header("location").value_or("another address"), context);
    return Error::not_found("{} has moved ({} to {})", context.repository, response.status, where)
        .hint("set the repository to its new name");
}

Error error_of_status(const HttpResponse& response, const RequestContext& context) {
    const std::string message = message_of(response);
    const std::string shown = quote(message.empty() ? "no reason given" : message, context);
    if (response.status >= 500) {
        return Error::unavailable("GitHub is in trouble ({} {})", response.status, shown)
            .hint("see https://www.githubstatus.com, then run the same command again");
    }
    if (response.status >= 300 && response.status < 400) return moved(response, context);
    switch (response.status) {
        case 401:
            return Error::unauthorized("GitHub does not accept the token (401: {})", shown)
                .hint("set GITHUB_TOKEN to a valid token, or run `gh auth login`");
        case 403:
            return forbidden(response, message, context);
        case 404:
            return not_found(message, context);
        case 409:
            return Error::conflict("GitHub sees a conflict in {} (409: {})", context.repository, shown);
        case 410:
            return Error::not_found("That is gone from {} (410: {})", context.repository, shown)
                .hint(
                    "issues may be switched off in the repository's settings; labels and comments need them");
        case 422:
            return Error::invalid_input("GitHub refuses the request as invalid (422: {})", shown);
        default:
            return Error::failed("GitHub refuses the request ({}: {})", response.status, shown);
    }
}

}  // namespace

std::optional<Error> rate_limit_error(const HttpResponse& response, const RequestContext& context,
                                      TimePoint now) {
    const bool may_be = response.status == 403 || response.status == 429;
    if (!may_be) return std::nullopt;
    const std::string message = message_of(response);
    const auto told = seconds_header(response, "retry-after");
    if (response.header("x-ratelimit-remaining") == "0")
        return limited(told.value_or(until_reset(response, now)), message, context);
    if (told) return limited(*told, message, context);
    if (response.status == 429 || speaks_of_a_limit(message))
        return limited(kWaitWhenNotTold, message, context);
    return std::nullopt;
}

Error error_of_response(const HttpResponse& response, const RequestContext& context, TimePoint now) {
    if (auto limit = rate_limit_error(response, context, now)) return std::move(*limit);
    return error_of_status(response, context).while_doing(context.doing);
}

bool GraphQlError::is_unknown_field() const {
    // GitHub's validator puts the code under extensions; older servers only have the sentence.
    return code == "undefinedField" || message.contains("doesn't exist on type");
}

Error error_of_graphql(const GraphQlError& error, const RequestContext& context) {
    const std::string shown = quote(error.message, context);
    const auto make = [&]() -> Error {
        if (error.is_not_found()) {
            return Error::not_found("GitHub finds no such thing in {} ({})", context.repository, shown)
                .hint("check the repository's name and the number, and that the token has access to it");
        }
        if (error.type == "FORBIDDEN" || error.type == "INSUFFICIENT_SCOPES") {
            return Error::unauthorized("GitHub refuses this to the token in {} ({})", context.repository,
                                       shown)
                .hint(missing_right_hint(error.message));
        }
        if (error.type == "UNPROCESSABLE")
            return Error::invalid_input("GitHub refuses the request as invalid ({})", shown);
        if (error.type == "STALE_DATA") return Error::conflict("GitHub sees a conflict ({})", shown);
        if (error.is_unknown_field()) {
            return Error::failed("This GitHub server is too old for what was asked ({})", shown)
                .hint("update GitHub Enterprise Server");
        }
        if (!error.type.empty() && error.type != "INTERNAL" && error.type != "SERVICE_UNAVAILABLE" &&
            error.type != "RESOURCE_LIMITS_EXCEEDED")
            return Error::failed("GitHub refuses the request ({}: {})", quote(error.type, context), shown);
        return Error::unavailable("GitHub could not answer ({})", shown).hint("run the same command again");
    };
    if (error.type == "RATE_LIMITED" || error.type == "RATE_LIMIT" || speaks_of_a_limit(error.message))
        return limited(kWaitWhenNotTold, error.message, context);
    return make().while_doing(context.doing);
}

bool is_already_exists(const HttpResponse& response) {
    if (response.status != 422) return false;
    const auto body = JsonReader::parse(response.body, "an error");
    if (!body) return false;
    const auto errors = body->items("errors");
    if (!errors || errors->size() != 1 || !errors->front().is_object()) return false;
    return errors->front().optional_string("field").value_or("") == "name" &&
           errors->front().optional_string("code").value_or("") == "already_exists";
}

std::string missing_right_hint(std::string_view message) {
    const std::string lower = to_lower_ascii(message);
    if (lower.contains("create labels") || lower.contains("createlabel") || lower.contains("deletelabel") ||
        lower.contains("updatelabel")) {
        // `pull-requests: write` alone stopped being enough in 2025 (github-facts 1.22).
        return "label definitions need the right `issues: write` (in a workflow: permissions: issues: write)";
    }
    if (lower.contains("deployment")) return "deployment records need the right `deployments: write`";
    if (lower.contains("locked")) return "unlock the conversation, or give the token write access";
    return "the token needs `issues: write` and `pull-requests: write` (in a workflow: under "
           "`permissions:`); a workflow "
           "that a fork's pull request started has neither";
}

}  // namespace ringmaster::github
