#include "domain/commit_sha.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster {
namespace {

Result<std::string> parse_hex(std::string_view text, std::size_t shortest, std::size_t longest) {
    const auto is_digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    if (text.size() < shortest || text.size() > longest || !std::ranges::all_of(text, is_digit)) {
        const std::string digits =
            shortest == longest ? fmt::format("{}", shortest) : fmt::format("{} to {}", shortest, longest);
        return Fail(Error::invalid_input("\"{}\" is not a commit: {} hexadecimal digits are needed",
                                         sanitize_for_terminal(truncate_utf8(text, 60)), digits));
    }
    return to_lower_ascii(text);
}

}  // namespace

Result<ShortSha> ShortSha::parse(std::string_view text) {
    return ShortSha(TRY(parse_hex(text, kLength, kLength)));
}

Result<CommitSha> CommitSha::parse(std::string_view text) {
    return CommitSha(TRY(parse_hex(text, kLength, kLength)));
}

ShortSha CommitSha::short_sha() const {
    return *ShortSha::parse(std::string_view(text_).substr(0, ShortSha::kLength));
}

Result<std::string> parse_sha_prefix(std::string_view text) {
    return parse_hex(text, ShortSha::kLength, CommitSha::kLength);
}

}  // namespace ringmaster
