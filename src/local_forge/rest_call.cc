#include "local_forge/rest_call.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::int64_t kDefaultPageSize = 30;
constexpr std::int64_t kMaxPageSize = 100;

Refusal wrong_type(std::string_view field, std::string_view wanted) {
    return {422,
            fmt::format("Invalid request.\n\nFor 'properties/{}', the value is not a {}.", field, wanted)};
}

// The request's own query with another page.
std::string query_of_page(const Call& call, std::int64_t page) {
    std::string query;
    for (const std::string_view pair : split(call.request.query, '&'))
        if (!pair.empty() && !pair.starts_with("page=")) query += std::string(pair) + "&";
    return query + fmt::format("page={}", page);
}

http_server::Headers page_links(const Call& call, std::int64_t total) {
    const Window window = call.window();
    const std::int64_t page = window.offset / window.limit + 1;
    const std::int64_t last = std::max<std::int64_t>(1, (total + window.limit - 1) / window.limit);
    const std::string path = call.links.web + call.request.path;
    std::vector<std::string> links;
    const auto link = [&](std::int64_t to, std::string_view relation) {
        links.push_back(fmt::format("<{}?{}>; rel=\"{}\"", path, query_of_page(call, to), relation));
    };
    if (page > 1) link(std::min(page - 1, last), "prev");
    if (page < last) link(page + 1, "next"), link(last, "last");
    if (page > 1) link(1, "first");
    if (links.empty()) return {};
    return {{"Link", join(links, ", ")}};
}

}  // namespace

Answer<Repository> Call::repository() const {
    auto repository = TRY_ANSWER(store.repositories().visible(viewer, part(0), part(1)));
    TRY_ANSWER(store.refs().rescan_if_changed(repository));
    return repository;
}

std::string Call::parameter(std::string_view name, std::string_view otherwise) const {
    return request.parameter(name).value_or(std::string(otherwise));
}

Window Call::window() const {
    const auto size = std::clamp<std::int64_t>(
        parse_integer(parameter("per_page")).value_or(kDefaultPageSize), 1, kMaxPageSize);
    const auto page = std::clamp<std::int64_t>(parse_integer(parameter("page")).value_or(1), 1, 1'000'000);
    return {(page - 1) * size, size};
}

Answer<std::optional<std::string>> Call::text(std::string_view field) const {
    const auto found = body.is_object() ? body.find(field) : body.end();
    if (found == body.end() || found->is_null()) return std::nullopt;
    if (!found->is_string()) return Refuse(wrong_type(field, "string"));
    return found->get<std::string>();
}

Answer<std::string> Call::required_text(std::string_view field, std::string_view resource) const {
    const auto value = TRY_ANSWER(text(field));
    if (value) return *value;
    return Refuse(invalid_field({std::string(resource), std::string(field), "missing_field", "", ""}));
}

Answer<std::optional<bool>> Call::flag(std::string_view field) const {
    const auto found = body.is_object() ? body.find(field) : body.end();
    if (found == body.end() || found->is_null()) return std::nullopt;
    if (!found->is_boolean()) return Refuse(wrong_type(field, "boolean"));
    return found->get<bool>();
}

Answer<std::vector<std::string>> Call::texts(const nlohmann::json& value) const {
    if (!value.is_array()) return Refuse(wrong_type("", "array"));
    std::vector<std::string> result;
    for (const auto& item : value) {
        if (!item.is_string()) return Refuse(wrong_type("", "string"));
        result.push_back(item.get<std::string>());
    }
    return result;
}

Answer<std::int64_t> number_of(std::string_view text) {
    const auto number = parse_integer(text);
    if (!number || *number <= 0) return Refuse(not_found());
    return *number;
}

Reply paged(const Call& call, nlohmann::json items, std::int64_t total) {
    return {200, std::move(items), page_links(call, total)};
}

Reply paged_texts(const Call& call, std::span<const std::string> items, std::int64_t total) {
    return {200, nullptr, page_links(call, total), "[" + join(items, ",") + "]"};
}

}  // namespace ringmaster::local_forge
