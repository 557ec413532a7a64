#pragma once
// What can go wrong, as a value. An Error has a kind, which alone drives policy (retry, give way, tell a
// person), a sentence for a person, a hint that says what to try next, and the trail of what was being done.
//
//     return Error::unavailable("GitHub did not answer in {} while adding labels to #{}", timeout, number)
//         .hint("check the network, then run the same command again");
//
// Exceptions are for bugs only; nothing in Ringmaster throws on what the world can do.

#include <fmt/core.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaster {

enum class ErrorKind {
    Unavailable,   ///< The other side did not answer or broke: try again. The effect may or may not have
                   ///< happened.
    RateLimited,   ///< The other side asks for patience; see Error::retry_after().
    TimedOut,      ///< A bound of ours ran out.
    Conflict,      ///< The world changed under us (a lost lease included): observe again.
    Busy,          ///< Somebody else holds the lease. A normal result, not a failure.
    NotFound,      ///< It is not there. Success for a delete.
    Unauthorized,  ///< We, or the person who asked, may not do this.
    InvalidInput,  ///< What was given to us makes no sense; nothing was changed.
    Corrupt,       ///< An answer or a file that should make sense does not.
    Failed,        ///< What was asked for was tried and did not work (a build, a start, a health check).
    Interrupted,   ///< We were told to stop.
};

/// The kind's name in snake_case, stable: `--json` prints it as the error's code.
std::string_view to_string(ErrorKind kind);

class [[nodiscard]] Error {
 public:
    Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

    ErrorKind kind() const { return kind_; }
    /// What happened, without the trail.
    const std::string& message() const { return message_; }
    /// What the reader can do about it; may be empty.
    const std::string& hint() const { return hint_; }
    /// How long the other side asked us to wait (RateLimited, Busy, Unavailable), if it said.
    std::optional<std::chrono::milliseconds> retry_after() const { return retry_after_; }
    /// "message (while deploying show abc1234, while syncing #12)".
    std::string describe() const;

    Error&& hint(std::string text) &&;
    Error&& retry_after(std::chrono::milliseconds wait) &&;
    /// Adds to the trail; innermost first. `doing` reads after "while".
    Error&& while_doing(std::string doing) &&;

    template <typename... Args>
    static Error make(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
        return Error(kind, fmt::vformat(text, fmt::make_format_args(args...)));
    }
#define RM_ERROR_FACTORY(function, kind)                                        \
    template <typename... Args>                                                 \
    static Error function(fmt::format_string<Args...> text, Args&&... args) {   \
        return Error(kind, fmt::vformat(text, fmt::make_format_args(args...))); \
    }
    RM_ERROR_FACTORY(unavailable, ErrorKind::Unavailable)
    RM_ERROR_FACTORY(rate_limited, ErrorKind::RateLimited)
    RM_ERROR_FACTORY(timed_out, ErrorKind::TimedOut)
    RM_ERROR_FACTORY(conflict, ErrorKind::Conflict)
    RM_ERROR_FACTORY(busy, ErrorKind::Busy)
    RM_ERROR_FACTORY(not_found, ErrorKind::NotFound)
    RM_ERROR_FACTORY(unauthorized, ErrorKind::Unauthorized)
    RM_ERROR_FACTORY(invalid_input, ErrorKind::InvalidInput)
    RM_ERROR_FACTORY(corrupt, ErrorKind::Corrupt)
    RM_ERROR_FACTORY(failed, ErrorKind::Failed)
    RM_ERROR_FACTORY(interrupted, ErrorKind::Interrupted)
#undef RM_ERROR_FACTORY

 private:
    ErrorKind kind_;
    std::string message_;
    std::string hint_;
    std::optional<std::chrono::milliseconds> retry_after_;
    std::vector<std::string> trail_;
};

}  // namespace ringmaster
