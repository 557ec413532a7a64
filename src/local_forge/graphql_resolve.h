#pragma once
// From the store's values to a resolver's: `on<Label>(&Label::name)` resolves a field of an object made of a
// Label, whatever the function gives (a plain value, a time, a Result, an Answer).

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/time.h"
#include "graphql/schema.h"
#include "local_forge/answer.h"

namespace ringmaster::local_forge {

class GraphqlWorld;

/// The refusal as an entry of `errors`: GitHub's word for its type, and one sentence of its field errors.
graphql::Problem problem_of(const Refusal& refusal);

/// GitHub's times have whole seconds.
std::string graphql_time(TimePoint time);

GraphqlWorld& world_of(const graphql::Call& call);

namespace detail {

template <typename T>
struct is_expected : std::false_type {};
template <typename T, typename E>
struct is_expected<std::expected<T, E>> : std::true_type {};

template <typename T>
graphql::Value to_value(T&& value) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Plain, TimePoint>)
        return graphql_time(value);
    else if constexpr (std::is_same_v<Plain, std::optional<TimePoint>>)
        return value ? graphql::Value(graphql_time(*value)) : graphql::Value();
    else
        return graphql::Value(std::forward<T>(value));
}

inline graphql::Problem to_problem(graphql::Problem problem) {
    return problem;
}
inline graphql::Problem to_problem(const Refusal& refusal) {
    return problem_of(refusal);
}
inline graphql::Problem to_problem(const Error& error) {
    return problem_of(Refusal(error));
}

template <typename T>
graphql::Resolved to_resolved(T&& given) {
    if constexpr (is_expected<std::remove_cvref_t<T>>::value) {
        if (!given) return graphql::Unresolved(to_problem(std::forward<T>(given).error()));
        return to_value(*std::forward<T>(given));
    } else {
        return to_value(std::forward<T>(given));
    }
}

}  // namespace detail

/// A resolver from a member, or from a function of the parent, of the call, or of both.
template <typename Parent, typename Function>
graphql::Resolver on(const Function& function) {
    return [function](const graphql::Call& call) -> graphql::Resolved {
        if constexpr (std::is_invocable_v<Function, const Parent&, const graphql::Call&>)
            return detail::to_resolved(std::invoke(function, call.parent<Parent>(), call));
        else
            return detail::to_resolved(std::invoke(function, call.parent<Parent>()));
    };
}

/// A resolver that does not look at its parent.
template <typename Function>
graphql::Resolver from_call(Function function) {
    return [function](const graphql::Call& call) -> graphql::Resolved {
        return detail::to_resolved(function(call));
    };
}

/// Always the same: null, false, an empty list, "".
inline graphql::Resolver always(graphql::Value value) {
    return [value = std::move(value)](const graphql::Call&) -> graphql::Resolved { return value; };
}

}  // namespace ringmaster::local_forge
