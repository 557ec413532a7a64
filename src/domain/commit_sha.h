#pragma once
// A commit's name. ShortSha is the seven hexadecimal digits that labels, services and images carry; CommitSha
// is the whole forty. Both are lower case, whatever was read.

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster {

class ShortSha {
 public:
    static constexpr std::size_t kLength = 7;  // what superset-showtime writes; part of the label grammar

    /// Exactly seven hexadecimal digits of either case. Errors: InvalidInput.
    static Result<ShortSha> parse(std::string_view text);
    const std::string& text() const { return text_; }
    auto operator<=>(const ShortSha&) const = default;

 private:
    explicit ShortSha(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

class CommitSha {
 public:
    static constexpr std::size_t kLength = 40;

    /// Exactly forty hexadecimal digits of either case. Errors: InvalidInput.
    static Result<CommitSha> parse(std::string_view text);
    const std::string& text() const { return text_; }
    ShortSha short_sha() const;
    auto operator<=>(const CommitSha&) const = default;

 private:
    explicit CommitSha(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// What a person may type after --sha: 7 to 40 hexadecimal digits, lower-cased. It still has to be resolved
/// to a commit of the pull request. Errors: InvalidInput (contract D14).
Result<std::string> parse_sha_prefix(std::string_view text);

}  // namespace ringmaster
