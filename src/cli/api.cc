// `api`: any request to the forge, with the token and the patience of every other one.

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/registry.h"
#include "cli/run.h"
#include "cli/value.h"

namespace ringmaster::cli {

namespace {

// A page has at most 100 entries; whoever wants more than 100,000 of something wants another tool.
constexpr int kMostPages = 1000;

using Fields = std::vector<std::pair<std::string, Value>>;

struct ApiOptions {
    ForgeCall call;
    bool paginate = false;
    bool include = false;
};

/// "true", "7" and "null" as JSON has them, everything else as text.
Value typed(const std::string& text) {
    if (text == "true" || text == "false") return text == "true";
    if (text == "null") return {};
    if (const auto number = parse_integer(text)) return static_cast<std::int64_t>(*number);
    return text;
}

Result<void> add_fields(Fields& fields, const Arguments& arguments, const char* option, bool is_typed) {
    for (const auto& assignment : arguments.all(option)) {
        const auto equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0)
            return Fail(Error::invalid_input("--{} needs KEY=VALUE, but got \"{}\"", option,
                                             sanitize_for_terminal(assignment))
                            .hint("for instance: --field name=bug"));
        const auto value = assignment.substr(equals + 1);
        fields.emplace_back(assignment.substr(0, equals), is_typed ? typed(value) : Value(value));
    }
    return {};
}

std::string query_of(const Fields& fields) {
    std::string query;
    for (const auto& [name, value] : fields) {
        const auto* text = std::get_if<std::string>(&value.data());
        query += (query.empty() ? "" : "&") + percent_encode(name) + "=" +
                 percent_encode(text != nullptr ? *text : std::string(trim(value.print_compact())));
    }
    return query;
}

/// GraphQL's own shape: the query, and everything else as its variables.
Value graphql_body(const Fields& fields) {
    Value body = Value::object(), variables = Value::object();
    for (const auto& [name, value] : fields)
        if (name == "query")
            body.set(name, value);
        else
            variables.set(name, value);
    return body.set("variables", std::move(variables));
}

std::string body_of(const ForgeCall& call, const Fields& fields) {
    if (call.path == "graphql") return graphql_body(fields).print_compact();
    Value body = Value::object();
    for (const auto& [name, value] : fields) body.set(name, value);
    return body.print_compact();
}

Result<ApiOptions> parse(Context& context, const Arguments& arguments) {
    ApiOptions options{.paginate = arguments.flag("paginate"), .include = arguments.flag("include")};
    auto& call = options.call;
    call.path = *arguments.text("PATH");
    while (call.path.starts_with("/")) call.path.erase(0, 1);
    Fields fields;
    TRY(add_fields(fields, arguments, "raw-field", false));
    TRY(add_fields(fields, arguments, "field", true));
    const auto input = arguments.text("input");
    if (input && !fields.empty())
        return Fail(Error::invalid_input("--input is the whole body; fields cannot be added to it"));
    const bool has_body = input || !fields.empty() || call.path == "graphql";
    call.method = to_upper_ascii(arguments.text("method").value_or(has_body ? "POST" : "GET"));
    if (options.paginate && (call.method != "GET" || call.path == "graphql"))
        return Fail(Error::invalid_input("--paginate is for listings: GET and REST only"));
    if (input)
        call.body = TRY_WHILE(context.read_file(*input), "reading --input");
    else if (call.method == "GET" && !fields.empty())
        call.path += (call.path.find('?') == std::string::npos ? "?" : "&") + query_of(fields);
    else if (!fields.empty())
        call.body = body_of(call, fields);
    return options;
}

void print_head(Stream& stream, const ForgeAnswer& answer) {
    stream.line(fmt::format("HTTP {}", answer.status));
    for (const auto& [name, value] : answer.headers) stream.line(sanitize_for_terminal(name + ": " + value));
    stream.line("");
}

void print_body(Stream& stream, const std::string& body) {
    if (body.empty()) return;
    stream.write(stream.traits().is_terminal ? sanitize_for_terminal(body, Newlines::Keep) : body);
    if (!body.ends_with("\n")) stream.write("\n");
}

ExitCode finish(Context& context, const ForgeAnswer& answer) {
    if (!answer.problem) return kDone;
    print_error(context, *answer.problem, false);
    return exit_code_for(answer.problem->kind());
}

/// The pages of a listing as one: lists become one list; anything else is printed page by page.
Result<ExitCode> run_pages(Context& context, const ApiOptions& options) {
    std::string list;
    bool has_list = false;
    ForgeCall call = options.call;
    for (int page = 1;; ++page) {
        TRY(context.interruption().pulse());
        const auto answer = TRY(context.call_forge(call));
        if (options.include) print_head(context.out(), answer);
        const auto body = trim(answer.body);
        const bool is_list = !answer.problem && body.starts_with("[") && body.ends_with("]");
        if (is_list) {
            const auto inner = trim(body.substr(1, body.size() - 2));
            if (!list.empty() && !inner.empty()) list += ",\n";
            list += inner;
            has_list = true;
        } else {
            print_body(context.out(), answer.body);
        }
        if (!answer.problem && !answer.next_path.empty() && page < kMostPages) {
            call.path = answer.next_path;
            continue;
        }
        if (has_list && !answer.problem) print_body(context.out(), "[" + list + "]");
        if (!answer.problem && !answer.next_path.empty())
            return Fail(Error::failed("the listing has more than {} pages; the rest is not here", kMostPages)
                            .hint("ask for less, or page by page with -f page=N"));
        return finish(context, answer);
    }
}

Result<ExitCode> run_api(Context& context, const Arguments& arguments) {
    const auto options = TRY(parse(context, arguments));
    if (options.paginate) return run_pages(context, options);
    const auto answer = TRY(context.call_forge(options.call));
    if (options.include) print_head(context.out(), answer);
    print_body(context.out(), answer.body);
    return finish(context, answer);
}

}  // namespace

Command api_command() {
    return {
        .name = "api",
        .group = kOtherGroup,
        .summary = "Send the forge a request and print its answer",
        .description =
            "With the configured address and token, retries and rate limits minded. {owner} and {repo} in "
            "the path become the repository's. With fields the method is POST; for GET they become the "
            "query. Secrets belong into --input, not into fields: other users of the machine see what is "
            "typed.",
        .positionals =
            {{.name = "PATH",
              .help = "Below the API's address, for instance repos/{owner}/{repo}/labels; or graphql"}},
        .options = {{.name = "method",
                     .kind = OptionKind::Text,
                     .help = "GET, POST, PATCH, PUT or DELETE",
                     .value_name = "METHOD",
                     .short_name = "X"},
                    {.name = "raw-field",
                     .kind = OptionKind::Text,
                     .help = "A field of the body or the query, as text; may be repeated",
                     .value_name = "KEY=VALUE",
                     .short_name = "f"},
                    {.name = "field",
                     .kind = OptionKind::Text,
                     .help = "The same, but numbers, true, false and null are not text",
                     .value_name = "KEY=VALUE",
                     .short_name = "F"},
                    {.name = "input",
                     .kind = OptionKind::Text,
                     .help = "File with the whole body",
                     .value_name = "FILE"},
                    {.name = "paginate", .help = "Follow a listing to its end, as one list"},
                    {.name = "include", .help = "Also print status and headers", .short_name = "i"}},
        .examples = {{"ringmaster api repos/{owner}/{repo}/labels --paginate", ""},
                     {"ringmaster api repos/{owner}/{repo}/issues/1234/comments -f body=Hello", ""},
                     {"ringmaster api graphql -f query='{ viewer { login } }'", ""}},
        .run = run_api};
}

}  // namespace ringmaster::cli
