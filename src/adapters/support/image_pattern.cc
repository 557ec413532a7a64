#include "adapters/support/image_pattern.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ringmaster::support {
namespace {

// https://github.com/distribution/reference/blob/main/reference.go: a tag has at most this many characters.
constexpr std::size_t kMostTagLength = 128;

constexpr std::array<std::string_view, 4> kWords = {"pr", "sha", "full_sha", "branch"};

std::string value_of(std::string_view word, const BuildSpec& spec) {
    if (word == "pr") return std::to_string(spec.show.pull_request_number);
    if (word == "sha") return spec.show.sha.text();
    if (word == "full_sha") return spec.commit.text();
    return branch_for_tag(spec.branch);
}

bool is_tag_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

/// Calls `on_text` and `on_word` for the parts, in order. Errors: InvalidInput.
template <typename OnText, typename OnWord>
Result<void> walk(std::string_view pattern, OnText on_text, OnWord on_word) {
    for (;;) {
        const auto open = pattern.find('{');
        on_text(pattern.substr(0, open));
        if (open == std::string_view::npos) return {};
        const auto close = pattern.find('}', open);
        if (close == std::string_view::npos)
            return Fail(Error::invalid_input("the image \"{}\" has a '{{' without its '}}'", pattern));
        const auto word = pattern.substr(open + 1, close - open - 1);
        if (std::ranges::find(kWords, word) == kWords.end())
            return Fail(Error::invalid_input("the image has an unknown word {{{}}}", word)
                            .hint("known are {pr}, {sha}, {full_sha} and {branch}"));
        on_word(word);
        pattern.remove_prefix(close + 1);
    }
}

bool has_tag(std::string_view reference) {
    const auto name =
        reference.substr(reference.rfind('/') == std::string_view::npos ? 0 : reference.rfind('/'));
    return name.find(':') != std::string_view::npos || name.find('@') != std::string_view::npos;
}

}  // namespace

std::string branch_for_tag(std::string_view branch) {
    std::string tag(branch.substr(0, kMostTagLength));
    for (auto& c : tag)
        if (!is_tag_character(c)) c = '-';
    return tag;
}

Result<ImagePattern> ImagePattern::parse(std::string_view text) {
    bool has_word = false;
    TRY(walk(text, [](std::string_view) {}, [&](std::string_view) { has_word = true; }));
    if (text.empty() || text.find_first_of(" \t\r\n") != std::string_view::npos)
        return Fail(Error::invalid_input("\"{}\" is not the name of an image", sanitize_for_terminal(text)));
    const bool is_complete = has_word || has_tag(text);
    return ImagePattern(std::string(text) + (is_complete ? "" : ":pr-{pr}-{sha}-ci"));
}

Result<std::string> ImagePattern::fill(const BuildSpec& spec) const {
    std::string filled;
    TRY(walk(
        text_, [&](std::string_view part) { filled += part; },
        [&](std::string_view word) { filled += value_of(word, spec); }));
    const auto colon = filled.rfind(':');
    const auto tag = colon == std::string::npos || filled.find('/', colon) != std::string::npos
                         ? std::string_view()
                         : std::string_view(filled).substr(colon + 1);
    if (tag.size() > kMostTagLength || filled.ends_with(":"))
        return Fail(Error::invalid_input("\"{}\" is not the name of an image: its tag has {} characters",
                                         filled, tag.size())
                        .hint("a tag has 1 to 128; {sha} is short and says enough"));
    return filled;
}

}  // namespace ringmaster::support
