#pragma once
// A command line, checked against its command: what was typed, by name.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace ringmaster::cli {

/// Asking for a name that the command does not have is a bug and asserts.
class Arguments {
 public:
    bool flag(std::string_view name) const;
    /// How often a flag was given (-vv: 2).
    int count(std::string_view name) const;
    /// A Switch: what was said, or nullopt.
    std::optional<bool> switched(std::string_view name) const;
    /// What was typed for an option or a positional; its default otherwise; nullopt if there is none.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<long long> integer(std::string_view name) const;
    bool was_given(std::string_view name) const { return values_.contains(name); }
    std::vector<std::string> all(std::string_view name) const;
    /// --json: the fields asked for; empty vector: all; nullopt: no --json.
    const std::optional<std::vector<std::string>>& json() const { return json_; }
    bool wants_help() const { return wants_help_; }
    const Command& command() const { return *command_; }

    /// The number of the pull request (positional "PR").
    int pull_request() const;

 private:
    friend Result<Arguments> parse_arguments(const Program&, const Command&, std::span<const std::string>);
    std::optional<std::string> default_of(std::string_view name) const;

    const Command* command_ = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::optional<std::vector<std::string>> json_;
    bool wants_help_ = false;
};

/// Reads what follows the command's name. Errors: InvalidInput, with the nearest option as the hint.
Result<Arguments> parse_arguments(const Program& program, const Command& command,
                                  std::span<const std::string> words);

/// How many words at the front are options of every command (`ringmaster --set KEY=VALUE status`), values
/// included.
std::size_t count_leading_options(const Program& program, std::span<const std::string> words);

}  // namespace ringmaster::cli
