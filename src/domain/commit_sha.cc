#include "domain/commit_sha.h"

#include "base/text.h"

namespace ringmaster {
namespace {

Result<std::string> parse_hex(std::string_view text, std::size_t shortest, std::size_t longest) {
    std::string lower = to_lower_ascii(text);
    if (lower.size() < shortest || lower.size() > longest || !is_lower_hex(lower)) {
        const std::string digits =
            shortest == longest ? fmt::format("{}", shortest) : fmt::format("{} to {}", shortest, longest);
        return Fail(Error::invalid_input("\"{}\" is not a commit: {} hexadecimal digits are needed",
                                         sanitize_for_terminal(truncate_utf8(text, 60)), digits));
    }
    return lower;
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
