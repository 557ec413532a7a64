#pragma once
// Small text functions that more than one room needs. UTF-8 in, UTF-8 out; none of them depends on a locale.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaster {

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> split_lines(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
bool is_lower_hex(std::string_view text);
bool equal_ignoring_ascii_case(std::string_view a, std::string_view b);

/// A whole decimal number within long long; no sign unless negative, no spaces, nothing after it.
std::optional<long long> parse_integer(std::string_view text);

/// Length in UTF-16 code units (GitHub's limits are counted so here: right under code points too). Invalid
/// bytes count one each.
std::size_t utf16_length(std::string_view text);
std::size_t count_code_points(std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Cut to at most `max_bytes` without splitting a code point; appends "…" when something was cut.
std::string truncate_utf8(std::string_view text, std::size_t max_bytes);

/// Replaces control characters (escape sequences included) so that text from outside cannot move a terminal's
/// cursor, colour it, or forge log lines. Keeps tabs; newlines only if asked.
enum class Newlines { Keep, Escape };
std::string sanitize_for_terminal(std::string_view text, Newlines newlines = Newlines::Escape);
/// Text from outside as inline Markdown/HTML text: no markup, no mention, no reference and no link survives
/// on GitHub.
std::string escape_markdown(std::string_view text);
/// Percent-encodes everything but RFC 3986's unreserved characters; '/' is encoded too.
std::string percent_encode(std::string_view text);
/// Errors (a bad escape) give nullopt.
std::optional<std::string> percent_decode(std::string_view text);

/// The candidate nearest to `word` by edit distance, if near enough to be a likely slip (at most a third of
/// its length, at least 1).
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates);

}  // namespace ringmaster
