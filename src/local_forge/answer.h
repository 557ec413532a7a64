#pragma once
// What the forge says to a client that may not have what it asked for: a status, a message and field errors,
// the three parts of GitHub's error bodies (github-facts 1.1, 1.12). REST prints a Refusal as a body; GraphQL
// as an entry of `errors` whose `type` is type(). An Error (the disk, the database, git) becomes a 500.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringmaster::local_forge {

struct FieldError {
    std::string resource;  ///< "Label", "PullRequest", …
    std::string field;
    std::string code;     ///< already_exists, missing_field, invalid, custom, unprocessable, unauthorized
    std::string message;  ///< printed when not empty
    std::string value;    ///< printed when not empty
};

struct Refusal {
    int status = 500;
    std::string message;
    std::vector<FieldError> errors;

    Refusal(int http_status, std::string text, std::vector<FieldError> fields = {})
        : status(http_status), message(std::move(text)), errors(std::move(fields)) {}
    /// The forge's own failure; not explicit, so that a Result's error passes up through an Answer.
    Refusal(const Error& error) : status(500), message(error.describe()) {}

    /// GraphQL's word: NOT_FOUND, FORBIDDEN, UNPROCESSABLE, UNAUTHORIZED, INTERNAL.
    std::string_view type() const;
};

template <typename T>
using Answer = std::expected<T, Refusal>;
using Refuse = std::unexpected<Refusal>;

Refusal not_found();
Refusal forbidden(std::string_view message);
/// 422 "Validation Failed" with one field error.
Refusal invalid_field(FieldError error);

namespace detail {
template <typename T, typename E>
T take_answer(std::expected<T, E>& result) {
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace ringmaster::local_forge

/// TRY for functions that return an Answer; takes an Answer or a Result. May stand inside another one.
#define TRY_ANSWER(expression)                                                         \
    ({                                                                                 \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\""); \
        auto rm_answer_ = (expression);                                                \
        _Pragma("GCC diagnostic pop");                                                 \
        if (!rm_answer_) [[unlikely]]                                                  \
            return ::ringmaster::local_forge::Refuse(                                  \
                ::ringmaster::local_forge::Refusal(std::move(rm_answer_).error()));    \
        ::ringmaster::local_forge::detail::take_answer(rm_answer_);                    \
    })
