#pragma once
// Result<T> is a value or an Error; TRY() unwraps it or passes the error up. Every function that can fail returns one.
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
// std::expected<void> has no value to move out; this makes TRY work for both, and for an error type of a room's own
// (a parser's, with its place in the text).
template <typename T, typename E>
T take(std::expected<T, E>& result) {
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace ringmaster

#define TRY(expression)                                                        \
    ({                                                                         \
        auto rm_result_ = (expression);                                        \
        if (!rm_result_) [[unlikely]]                                          \
            return std::unexpected(std::move(rm_result_).error());              \
        ::ringmaster::detail::take(rm_result_);                                \
    })

#define TRY_WHILE(expression, ...)                                                                 \
    ({                                                                                             \
        auto rm_result_ = (expression);                                                            \
        if (!rm_result_) [[unlikely]]                                                              \
            return ::ringmaster::Fail(std::move(rm_result_).error().while_doing(fmt::format(__VA_ARGS__))); \
        ::ringmaster::detail::take(rm_result_);                                                    \
    })
