#pragma once
// The environment variables the program was started with, read once in main and handed down as a value:
// nothing else looks at the process's environment.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ringmaster::cli {

class Environment {
 public:
    using Map = std::map<std::string, std::string, std::less<>>;

    Environment() = default;
    explicit Environment(Map variables) : variables_(std::move(variables)) {}

    /// nullopt: not set. A variable that is set to nothing is "".
    std::optional<std::string_view> get(std::string_view name) const {
        const auto found = variables_.find(name);
        if (found == variables_.end()) return std::nullopt;
        return found->second;
    }
    /// `fallback` when the variable is not set or empty.
    std::string value_or(std::string_view name, std::string_view fallback) const {
        const auto value = get(name);
        return std::string(value && !value->empty() ? *value : fallback);
    }
    bool has(std::string_view name) const { return !value_or(name, "").empty(); }
    /// Whether we run as a step of a GitHub Actions workflow (contract §3.3: exactly "true").
    bool in_github_actions() const { return get("GITHUB_ACTIONS") == "true"; }
    const Map& variables() const { return variables_; }

 private:
    Map variables_;
};

}  // namespace ringmaster::cli
