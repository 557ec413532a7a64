#pragma once
// Typed reading of JSON that came from outside. A field that is missing or of another type is an Error
// (Corrupt) that names the place by its JSON pointer (RFC 6901), never an exception; so the parsers on top
// are straight TRYs.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringmaster::support {

/// A value somewhere in a document; copies share the document.
class JsonReader {
 public:
    /// `what` names the document in error messages ("GitHub's answer"). Errors: Corrupt.
    static Result<JsonReader> parse(std::string_view text, std::string what);

    /// The member of that name. Errors: Corrupt if it is missing, null, or this is not an object.
    Result<JsonReader> member(std::string_view key) const;
    /// nullopt: missing or null. Errors: Corrupt if this is not an object.
    Result<std::optional<JsonReader>> find(std::string_view key) const;

    /// Members by type. Errors: Corrupt.
    Result<std::string> string(std::string_view key) const;
    Result<long long> integer(std::string_view key) const;
    Result<bool> boolean(std::string_view key) const;
    /// Any number, as a double.
    Result<double> number(std::string_view key) const;
    /// The elements of an array.
    Result<std::vector<JsonReader>> items(std::string_view key) const;
    /// As `string`, but missing and null give "".
    Result<std::string> optional_string(std::string_view key) const;

    /// This value itself. Errors: Corrupt if it is of another type.
    Result<std::string> as_string() const;
    Result<std::vector<JsonReader>> as_items() const;
    bool is_object() const;
    bool is_string() const;
    /// This value as JSON: compact, keys sorted, so that equal values are equal texts.
    std::string text() const;

    /// The keys of an object, in alphabetical order; none for anything else.
    std::vector<std::string> keys() const;
    /// Where this value stands: "/data/repository", "" for the whole document.
    const std::string& pointer() const { return pointer_; }
    /// An Error (Corrupt) about this place: "GitHub's answer: /data/x should be …".
    Error wrong(std::string_view should_be) const;

 private:
    JsonReader(std::shared_ptr<const nlohmann::json> document, const nlohmann::json* value,
               std::string pointer, std::shared_ptr<const std::string> what);
    JsonReader child(const nlohmann::json& value, std::string_view key) const;

    std::shared_ptr<const nlohmann::json> document_;
    const nlohmann::json* value_;
    std::string pointer_;
    std::shared_ptr<const std::string> what_;
};

/// The text as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace ringmaster::support
