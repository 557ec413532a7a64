#pragma once
// Result<T> is a value or an Error; TRY() unwraps it or passes the error up. Every function that can fail
// returns one.
//
//     Result<Endpoint> deploy(...) {
//         const auto image = TRY(builder.build(spec, progress));      // passes the error up as it is
//         TRY_WHILE(runtime.start(image), "starting {}", spec.name);  // adds to the error's trail
//         return endpoint;
//     }

#include <expected>

#include "base/error.h"

namespace ringmaster {

template <typename T>
using Result = std::expected<T, Error>;

using Fail = std::unexpected<Error>;

namespace detail {
// std::expected<void> has no value to move out; this makes TRY work for both, and for an error type of a
// room's own (a parser's, with its place in the text).
template <typename T, typename E>
T take(std::expected<T, E>& result) {
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace ringmaster

// Each use has a variable of its own name, so that one TRY may stand inside another without shadowing it.
#define RM_RESULT_JOIN_(a, b) a##b
#define RM_RESULT_NAME_(counter) RM_RESULT_JOIN_(rm_result_, counter)

#define TRY(expression) RM_TRY_(RM_RESULT_NAME_(__COUNTER__), expression)
#define RM_TRY_(result, expression)                            \
    ({                                                         \
        auto result = (expression);                            \
        if (!result) [[unlikely]]                              \
            return std::unexpected(std::move(result).error()); \
        ::ringmaster::detail::take(result);                    \
    })

#define TRY_WHILE(expression, ...) RM_TRY_WHILE_(RM_RESULT_NAME_(__COUNTER__), expression, __VA_ARGS__)
#define RM_TRY_WHILE_(result, expression, ...)                                                          \
    ({                                                                                                  \
        auto result = (expression);                                                                     \
        if (!result) [[unlikely]]                                                                       \
            return ::ringmaster::Fail(std::move(result).error().while_doing(fmt::format(__VA_ARGS__))); \
        ::ringmaster::detail::take(result);                                                             \
    })
