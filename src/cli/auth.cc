#include "base/text.h"
#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Value to_value(const Access& access) {
    return Value::object()
        .set("host", access.host)
        .set("token_from", access.token_from)
        .set("token_kind", access.token_kind.empty() ? Value() : Value(access.token_kind))
        .set("unused", Value::list(access.unused))
        .set("account", access.account.empty() ? Value() : Value(access.account))
        .set("scopes", access.scopes)
        .set("expires", access.expires)
        .set("repository", access.repository)
        .set("permission", access.permission.empty() ? Value() : Value(access.permission))
        .set("requests_left", access.requests_left)
        .set("missing", Value::list(access.missing));
}

void print_access(Stream& stream, const Access& access) {
    Table table{.headings = {"WHAT", "IS"}};
    const auto add = [&](const char* name, const std::string& what) {
        if (!what.empty()) table.rows.push_back({name, what});
    };
    add("host", access.host);
    add("token", access.token_from + (access.token_kind.empty() ? "" : ", " + access.token_kind));
    add("not used", join(access.unused, ", "));
    add("account", access.account.empty() ? "none: the token is an app's or a workflow's" : access.account);
    add("scopes", access.scopes.value_or("of fine-grained kind; the forge does not tell them"));
    add("expires", access.expires.value_or(""));
    add("repository", access.repository);
    add("permission", access.permission.empty() ? "unknown" : access.permission);
    add("requests left", access.requests_left.value_or(""));
    print_table(stream, table);
}

Result<ExitCode> run_auth(Context& context, const Arguments& arguments) {
    const auto access = TRY(context.access());
    const auto code = access.missing.empty() ? kDone : kNotAuthorized;
    if (print_json_if_asked(context, arguments, to_value(access))) return code;
    print_access(context.out(), access);
    for (const auto& sentence : access.missing)
        context.err().line(context.err().paint(Style::Red, "missing:") + " " +
                           sanitize_for_terminal(sentence));
    if (access.missing.empty()) context.err().line("Everything that shows need is there.");
    return code;
}

}  // namespace

Command auth_command() {
    return {.name = "auth",
            .group = kSetUpGroup,
            .summary = "Show which token is used, where it is from, and what it may do",
            .description =
                "The token itself is never shown. Exit code 4 when something is missing that shows need.",
            .positionals = {{.name = "ACTION", .help = "What to do", .choices = {"status"}}},
            .examples = {{"ringmaster auth status", ""},
                         {"ringmaster auth status --json account,permission,missing", ""}},
            .json_fields = {"host", "token_from", "token_kind", "unused", "account", "scopes", "expires",
                            "repository", "permission", "requests_left", "missing"},
            .run = run_auth};
}

}  // namespace ringmaster::cli
