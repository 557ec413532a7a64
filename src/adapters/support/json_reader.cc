#include "adapters/support/json_reader.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::support {

using Json = nlohmann::json;

JsonReader::JsonReader(std::shared_ptr<const Json> document, const Json* value, std::string pointer,
                       std::shared_ptr<const std::string> what)
    : document_(std::move(document)), value_(value), pointer_(std::move(pointer)), what_(std::move(what)) {}

Result<JsonReader> JsonReader::parse(std::string_view text, std::string what) {
    auto document = std::make_shared<const Json>(Json::parse(text, nullptr, /*allow_exceptions=*/false));
    if (document->is_discarded()) {
        return Fail(
            Error::corrupt("{} is not JSON: \"{}\"", what, sanitize_for_terminal(truncate_utf8(text, 80))));
    }
    const Json* root = document.get();
    return JsonReader(std::move(document), root, "", std::make_shared<const std::string>(std::move(what)));
}

JsonReader JsonReader::child(const Json& value, std::string_view key) const {
    std::string escaped = replace_all(replace_all(std::string(key), "~", "~0"), "/", "~1");
    return JsonReader(document_, &value, pointer_ + "/" + escaped, what_);
}

Error JsonReader::wrong(std::string_view should_be) const {
    return Error::corrupt("{}: {} should be {}", *what_, pointer_.empty() ? "the whole of it" : pointer_,
                          should_be);
}

Result<std::optional<JsonReader>> JsonReader::find(std::string_view key) const {
    if (!value_->is_object()) return Fail(wrong("an object"));
    const auto found = value_->find(key);
    if (found == value_->end() || found->is_null()) return std::optional<JsonReader>();
    return std::optional(child(*found, key));
}

Result<JsonReader> JsonReader::member(std::string_view key) const {
    auto found = TRY(find(key));
    if (!found) return Fail(child(*value_, key).wrong("there"));
    return std::move(*found);
}

Result<std::string> JsonReader::as_string() const {
    if (!value_->is_string()) return Fail(wrong("a string"));
    return value_->get<std::string>();
}

Result<std::vector<JsonReader>> JsonReader::as_items() const {
    if (!value_->is_array()) return Fail(wrong("an array"));
    std::vector<JsonReader> all;
    all.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) all.push_back(child((*value_)[i], std::to_string(i)));
    return all;
}

bool JsonReader::is_object() const {
    return value_->is_object();
}

bool JsonReader::is_string() const {
    return value_->is_string();
}

std::string JsonReader::text() const {
    return value_->dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

std::vector<std::string> JsonReader::keys() const {
    std::vector<std::string> names;
    if (value_->is_object())
        for (const auto& [key, unused] : value_->items()) names.push_back(key);
    return names;
}

Result<std::string> JsonReader::string(std::string_view key) const {
    return TRY(member(key)).as_string();
}

Result<std::string> JsonReader::optional_string(std::string_view key) const {
    const auto found = TRY(find(key));
    return found ? found->as_string() : std::string();
}

Result<std::vector<JsonReader>> JsonReader::items(std::string_view key) const {
    return TRY(member(key)).as_items();
}

Result<long long> JsonReader::integer(std::string_view key) const {
    const auto found = TRY(member(key));
    const bool fits =
        found.value_->is_number_integer() &&
        !(found.value_->is_number_unsigned() &&
          found.value_->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()});
    if (!fits) return Fail(found.wrong("a whole number"));
    return found.value_->get<std::int64_t>();
}

Result<double> JsonReader::number(std::string_view key) const {
    const auto found = TRY(member(key));
    if (!found.value_->is_number()) return Fail(found.wrong("a number"));
    return found.value_->get<double>();
}

Result<bool> JsonReader::boolean(std::string_view key) const {
    const auto found = TRY(member(key));
    if (!found.value_->is_boolean()) return Fail(found.wrong("true or false"));
    return found.value_->get<bool>();
}

std::string json_quote(std::string_view text) {
    return Json(text).dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace ringmaster::support
