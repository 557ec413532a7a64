#pragma once
// What Python's literals mean: the text of strings, the digits of whole numbers, docstrings as
// inspect.cleandoc gives them. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace ringmaster::python_source {

/// The letters before a string's quotes ("rb", "F", …).
struct StringPrefix {
    bool is_raw = false;
    bool is_bytes = false;
    bool is_format = false;
};
/// `start` is the prefix with the quotes, as in `f"""`.
StringPrefix read_prefix(std::string_view start);

/// What the characters between the quotes stand for. nullopt: an escape whose meaning we do not know
/// ("\N{DASH}", a lone surrogate) or that Python refuses.
std::optional<std::string> unescape(std::string_view content, StringPrefix prefix);

/// "0x1_0" → "16". nullopt: not a whole number, or beyond 64 bits.
std::optional<std::string> decimal_digits(std::string_view literal);

/// https://docs.python.org/3/library/inspect.html#inspect.cleandoc
std::string clean_docstring(std::string_view text);

}  // namespace ringmaster::python_source
