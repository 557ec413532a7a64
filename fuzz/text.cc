// base/text: whatever the bytes, the result is valid, within its bound and harmless.
#include "base/text.h"

#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    const std::string clean = sanitize_for_terminal(text);
    RM_ASSERT(is_valid_utf8(clean), "sanitized text is valid");
    RM_ASSERT(sanitize_for_terminal(clean) == clean, "sanitizing twice changes nothing");

    const std::string cut = truncate_utf8(text, 20);
    RM_ASSERT(cut.size() <= 20, "a cut text is within its bound");
    RM_ASSERT(!is_valid_utf8(text) || is_valid_utf8(cut), "cutting splits no character");

    const std::string escaped = escape_markdown(text);
    RM_ASSERT(escaped.find_first_of("<>\n") == std::string::npos, "escaped text has no tags and no lines");
    RM_ASSERT(percent_decode(percent_encode(text)) == text, "what was encoded decodes to itself");

    RM_ASSERT(count_code_points(text) <= utf16_length(text), "a code point has one or two units");
    RM_ASSERT(utf16_length(text) <= text.size(), "a unit takes at least a byte");
    const std::vector<std::string> words = {"labels", "list"};
    (void)nearest_word(text.substr(0, 64), words);
    (void)parse_integer(text);
    (void)split_lines(text);
}
