#include "adapters/github/graphql_reply.h"

namespace ringmaster::github {
namespace {

using support::JsonReader;

/// Strict about what the answer means, lenient about what is only told: an error whose path cannot be read is
/// an error of the whole.
Result<GraphQlError> parse_error(const JsonReader& entry) {
    GraphQlError error;
    error.message = TRY(entry.optional_string("message"));
    error.type = TRY(entry.optional_string("type"));
    if (const auto extensions = TRY(entry.find("extensions")); extensions && extensions->is_object())
        error.code = extensions->optional_string("code").value_or("");
    if (const auto path = TRY(entry.find("path"))) {
        for (const auto& step : TRY(path->as_items())) error.path.push_back(step.as_string().value_or("#"));
    }
    return error;
}

}  // namespace

const GraphQlError* GraphQlReply::error_of(std::string_view alias) const {
    for (const auto& error : errors)
        if (!error.path.empty() && error.path.front() == alias) return &error;
    return nullptr;
}

Result<JsonReader> GraphQlReply::complete(const RequestContext& context) const {
    if (!errors.empty()) return Fail(error_of_graphql(errors.front(), context));
    if (!data) return Fail(Error::corrupt("GitHub answered without data").while_doing(context.doing));
    return *data;
}

Result<GraphQlReply> parse_graphql_reply(std::string_view body) {
    const auto root = TRY(JsonReader::parse(body, "GitHub's answer"));
    GraphQlReply reply;
    reply.data = TRY(root.find("data"));
    if (const auto errors = TRY(root.find("errors"))) {
        for (const auto& entry : TRY(errors->as_items())) reply.errors.push_back(TRY(parse_error(entry)));
    }
    if (reply.data && !reply.data->is_object()) return Fail(reply.data->wrong("an object"));
    if (!reply.data && reply.errors.empty()) return Fail(root.wrong("data or errors"));
    return reply;
}

}  // namespace ringmaster::github
