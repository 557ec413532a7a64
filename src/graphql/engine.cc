#include "graphql/engine.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <span>

#include "graphql/coerce.h"
#include "graphql/execute.h"
#include "graphql/parser.h"
#include "graphql/validate.h"

namespace ringmaster::graphql {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Key order as GitHub writes it.
ordered_json error_json(const ErrorEntry& error) {
    ordered_json entry = ordered_json::object();
    if (!error.type.empty()) entry["type"] = error.type;
    if (!error.path.empty()) {
        entry["path"] = ordered_json::array();
        for (const PathSegment& segment : error.path)
            std::visit([&](const auto& value) { entry["path"].push_back(value); }, segment);
    }
    if (!error.code.empty()) entry["extensions"]["code"] = error.code;
    if (!error.locations.empty()) {
        entry["locations"] = ordered_json::array();
        for (const Location& location : error.locations)
            entry["locations"].push_back({{"line", location.line}, {"column", location.column}});
    }
    entry["message"] = error.message;
    return entry;
}

std::string errors_json(std::span<const ErrorEntry> errors) {
    ordered_json list = ordered_json::array();
    for (const ErrorEntry& error : errors) list.push_back(error_json(error));
    return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

HttpAnswer refused(std::span<const ErrorEntry> errors) {
    return {200, "{\"errors\":" + errors_json(errors) + "}"};
}
HttpAnswer refused(ErrorEntry error) {
    return refused(std::span<const ErrorEntry>(&error, 1));
}

std::expected<const Operation*, ErrorEntry> choose_operation(const Document& document, const json& name) {
    if (name.is_string() && !name.get_ref<const std::string&>().empty()) {
        const auto& wanted = name.get_ref<const std::string&>();
        for (const Operation& operation : document.operations)
            if (operation.name == wanted) return &operation;
        return std::unexpected(ErrorEntry{.message = fmt::format("No operation named \"{}\"", wanted)});
    }
    if (document.operations.size() == 1) return &document.operations.front();
    return std::unexpected(ErrorEntry{.message = document.operations.empty()
                                                     ? "The document has no operation"
                                                     : "An operation name is required"});
}

HttpAnswer answer_query(const Schema& schema, const std::string& query, const json& variables,
                        const json& name, void* world, const Limits& limits) {
    const auto document = parse_document(query, limits);
    if (!document)
        return refused({.message = document.error().message,
                        .code = "parseError",
                        .locations = {document.error().location}});
    if (const auto errors = validate(schema, *document, limits); !errors.empty()) return refused(errors);
    const auto operation = choose_operation(*document, name);
    if (!operation) return refused(operation.error());
    const auto values = coerce_variables(schema, **operation, variables);
    if (!values) return refused(values.error());

    Execution execution = execute(schema, *document, **operation, *values, world, limits);
    std::string body = "{\"data\":" + std::move(execution.data);
    if (!execution.errors.empty()) body += ",\"errors\":" + errors_json(execution.errors);
    return {200, body + "}"};
}

}  // namespace

HttpAnswer answer_request(const Schema& schema, std::string_view request_body, void* world,
                          const Limits& limits) {
    const json request = json::parse(request_body, nullptr, /*allow_exceptions=*/false);
    if (request.is_discarded()) return {400, R"({"message":"Problems parsing JSON"})"};
    if (!request.is_object()) return {400, R"({"message":"Body should be a JSON object"})"};
    const auto member = [&](const char* key) { return request.contains(key) ? request[key] : json(); };
    const json query = member("query");
    if (!query.is_string())
        return refused({.message = "A query attribute must be specified and must be a string."});
    const json variables = member("variables");
    if (!variables.is_null() && !variables.is_object())
        return refused({.message = "Variables must be an object"});
    return answer_query(schema, query.get_ref<const std::string&>(), variables, member("operationName"),
                        world, limits);
}

}  // namespace ringmaster::graphql
