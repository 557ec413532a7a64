#include "cli/arguments.h"

#include <algorithm>

// The only file that sees CLI11: it costs seconds to compile.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::cli {

namespace {

std::string program_hint(const Program& program, const Command& command) {
    return fmt::format("see `{} {} --help`", program.name, command.name);
}

/// "-s,--long,!--no-long": how CLI11 names an option.
std::string cli11_name(const Option& option) {
    std::string name = "--" + option.name;
    if (!option.short_name.empty()) name = "-" + option.short_name + "," + name;
    if (option.kind == OptionKind::Switch) name += ",!--no-" + option.name;
    return name;
}

std::vector<std::string> option_words(const Program& program, const Command& command) {
    std::vector<std::string> words = {"--help"};
    const auto add = [&](const std::vector<Option>& options) {
        for (const auto& option : options) {
            if (option.hidden) continue;
            words.push_back("--" + option.name);
            if (option.kind == OptionKind::Switch) words.push_back("--no-" + option.name);
        }
    };
    add(command.options);
    add(program.common_options);
    if (!command.json_fields.empty()) words.emplace_back("--json");
    return words;
}

Error unknown_option(const Program& program, const Command& command, std::string_view word) {
    const std::string name(word.substr(0, word.find('=')));
    auto error = Error::invalid_input("unknown option {} for `{} {}`", sanitize_for_terminal(name),
                                      program.name, command.name);
    if (const auto near = nearest_word(name, option_words(program, command)))
        return std::move(error).hint(
            fmt::format("did you mean {}? {}", *near, program_hint(program, command)));
    return std::move(error).hint(program_hint(program, command));
}

Error leftover(const Program& program, const Command& command, const std::string& word) {
    if (word.size() > 1 && word[0] == '-' && !parse_integer(word))
        return unknown_option(program, command, word);
    return Error::invalid_input("`{} {}` does not know what to do with \"{}\"", program.name, command.name,
                                sanitize_for_terminal(word))
        .hint(program_hint(program, command));
}

Result<void> check_integer(const std::string& what, const std::string& typed, long long minimum) {
    const auto number = parse_integer(typed);
    if (number && *number >= minimum && *number <= 2'000'000'000) return {};
    return Fail(Error::invalid_input("{} must be a whole number, {} or more, but is \"{}\"", what, minimum,
                                     sanitize_for_terminal(typed))
                    .hint(what == "PR" ? "give the number of a pull request, such as 1234" : ""));
}

Result<void> check_choice(const std::string& what, const std::string& typed,
                          const std::vector<std::string>& choices) {
    if (choices.empty() || std::ranges::find(choices, typed) != choices.end()) return {};
    auto error = Error::invalid_input("{} cannot be \"{}\"", what, sanitize_for_terminal(typed));
    const auto near = nearest_word(typed, choices);
    return Fail(std::move(error).hint((near ? "did you mean " + *near + "? " : std::string()) +
                                      "it is one of: " + join(choices, ", ")));
}

Result<void> check_option(const Option& option, const std::vector<std::string>& typed) {
    const std::string what = "--" + option.name;
    for (const auto& value : typed) {
        if (option.kind == OptionKind::Integer) TRY(check_integer(what, value, option.minimum));
        TRY(check_choice(what, value, option.choices));
    }
    return {};
}

bool looks_like_fields(std::string_view word) {
    return !word.empty() && word[0] != '-' &&
           std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == ','; });
}

/// Takes --json, --json=FIELDS and --json FIELDS out of the words: its value is optional, so that a word
/// after it counts only if it could be a list of fields (`status --json 12` has none).
Result<std::optional<std::vector<std::string>>> take_json(const Command& command,
                                                          std::vector<std::string>& words) {
    std::optional<std::vector<std::string>> fields;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const bool has_value = words[i].starts_with("--json=");
        if (words[i] != "--json" && !has_value) continue;
        std::string list = has_value ? words[i].substr(7) : "";
        words.erase(words.begin() + static_cast<long>(i));
        if (!has_value && i < words.size() && looks_like_fields(words[i])) {
            list = words[i];
            words.erase(words.begin() + static_cast<long>(i));
        }
        fields.emplace();
        for (const auto field : split(list, ','))
            if (!field.empty()) fields->emplace_back(field);
        break;
    }
    for (const auto& field : fields.value_or(std::vector<std::string>{}))
        TRY(check_choice("a field of --json", field, command.json_fields));
    return fields;
}

/// Takes the words after "--" out, for a command whose last positional they are.
std::vector<std::string> take_rest(const Command& command, std::vector<std::string>& words) {
    if (command.positionals.empty() || !command.positionals.back().takes_rest) return {};
    const auto dashes = std::ranges::find(words, "--");
    if (dashes == words.end()) return {};
    std::vector<std::string> rest(dashes + 1, words.end());
    words.erase(dashes, words.end());
    return rest;
}

Error missing(const Program& program, const Command& command, const Positional& positional) {
    return Error::invalid_input("`{} {}` needs {}: {}", program.name, command.name, positional.name,
                                positional.help)
        .hint(command.examples.empty() ? program_hint(program, command)
                                       : "for example: " + command.examples[0].command);
}

/// CLI11's own words for what remains (an option without its value); the first line is enough.
Error from_cli11(const CLI::ParseError& problem, const Program& program, const Command& command) {
    std::string text = problem.what();
    text = text.substr(0, text.find('\n'));
    return Error::invalid_input("{}", sanitize_for_terminal(text)).hint(program_hint(program, command));
}

/// Whether the word is this option: "--set", "--set=…", "-R", "-Rowner/name", "-vv".
bool names_option(std::string_view word, const Option& option) {
    const std::string name = "--" + option.name;
    if (word == name || word.starts_with(name + "=")) return true;
    return !option.short_name.empty() && word.starts_with("-" + option.short_name);
}

/// Whether its value is the next word.
bool wants_next_word(std::string_view word, const Option& option) {
    const bool has_value = option.kind == OptionKind::Text || option.kind == OptionKind::Integer;
    return has_value && (word == "--" + option.name || word == "-" + option.short_name);
}

}  // namespace

std::size_t count_leading_options(const Program& program, std::span<const std::string> words) {
    std::size_t count = 0;
    while (count < words.size()) {
        const auto& options = program.common_options;
        const auto option =
            std::ranges::find_if(options, [&](const auto& each) { return names_option(words[count], each); });
        if (option == options.end()) break;
        count += wants_next_word(words[count], *option) ? 2 : 1;
    }
    return std::min(count, words.size());
}

Result<Arguments> parse_arguments(const Program& program, const Command& command,
                                  std::span<const std::string> given) {
    Arguments result;
    result.command_ = &command;
    std::vector<std::string> words(given.begin(), given.end());
    if (command.takes_rest) {
        if (!words.empty() && words.front() == "--") words.erase(words.begin());
        if (!words.empty()) result.values_[command.positionals.at(0).name] = std::move(words);
        return result;
    }
    auto after_dashes = take_rest(command, words);
    if (!command.json_fields.empty()) result.json_ = TRY(take_json(command, words));

    CLI::App app;
    app.set_help_flag("");
    app.allow_extras();
    auto* help = app.add_flag("-h,--help");
    std::map<std::string, std::vector<std::string>> typed;
    std::vector<std::pair<const Option*, CLI::Option*>> options;
    for (const auto* list : {&command.options, &program.common_options}) {
        for (const auto& option : *list) {
            const bool has_value = option.kind == OptionKind::Text || option.kind == OptionKind::Integer;
            auto* added = has_value ? app.add_option(cli11_name(option), typed[option.name])
                                    : app.add_flag(cli11_name(option));
            if (has_value) added->expected(1)->allow_extra_args(false)->take_all();
            options.emplace_back(&option, added);
        }
    }
    std::ranges::reverse(words);  // CLI11 takes them from the end
    try {
        app.parse(words);
    } catch (const CLI::ParseError& problem) {
        return Fail(from_cli11(problem, program, command));
    }
    result.wants_help_ = help->count() > 0;
    if (result.wants_help_) return result;

    auto rest = app.remaining();
    std::erase(rest, "--");
    for (const auto& word : rest)
        if (word.size() > 1 && word[0] == '-' && !parse_integer(word))
            return Fail(unknown_option(program, command, word));
    for (const auto& [option, added] : options) {
        if (added->count() == 0) continue;
        auto& values = result.values_[option->name];
        values = added->results();
        TRY(check_option(*option, values));
    }
    for (std::size_t i = 0; i < command.positionals.size(); ++i) {
        const auto& positional = command.positionals[i];
        if (positional.takes_rest) {
            if (after_dashes.empty()) return Fail(missing(program, command, positional));
            result.values_[positional.name] = std::move(after_dashes);
            break;
        }
        if (i >= rest.size()) {
            if (positional.is_required) return Fail(missing(program, command, positional));
            break;
        }
        if (positional.kind == OptionKind::Integer)
            TRY(check_integer(positional.name, rest[i], positional.minimum));
        TRY(check_choice(positional.name, rest[i], positional.choices));
        result.values_[positional.name] = {rest[i]};
        if (!positional.repeats) continue;
        result.values_[positional.name].assign(rest.begin() + static_cast<long>(i), rest.end());
        return result;
    }
    if (rest.size() > command.positionals.size())
        return Fail(leftover(program, command, rest[command.positionals.size()]));
    return result;
}

bool Arguments::flag(std::string_view name) const {
    return values_.contains(name);
}

int Arguments::count(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? 0 : static_cast<int>(found->second.size());
}

std::optional<bool> Arguments::switched(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second.back() != "false";
}

std::optional<std::string> Arguments::default_of(std::string_view name) const {
    for (const auto& option : command_->options)
        if (option.name == name && !option.default_value.empty()) return option.default_value;
    return std::nullopt;
}

std::optional<std::string> Arguments::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? default_of(name) : std::optional(found->second.back());
}

std::optional<long long> Arguments::integer(std::string_view name) const {
    const auto typed = text(name);
    return typed ? parse_integer(*typed) : std::nullopt;
}

std::vector<std::string> Arguments::all(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
}

int Arguments::pull_request() const {
    const auto number = integer("PR");
    RM_ASSERT(number.has_value(), "a command that asks for its pull request has the positional PR");
    return static_cast<int>(*number);
}

}  // namespace ringmaster::cli
