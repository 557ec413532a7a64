#include "adapters/python_source/ignore_rules.h"

#include <optional>

#include "base/text.h"

namespace ringmaster::python_source {
namespace {

/// Whether `c` is in the class that begins at pattern[at] == '['; moves `at` behind it. nullopt: it never
/// ends.
std::optional<bool> class_matches(std::string_view pattern, std::size_t& at, char c) {
    std::size_t i = at + 1;
    const bool is_negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    if (is_negated) ++i;
    bool matches = false;
    for (bool is_first = true; i < pattern.size() && (pattern[i] != ']' || is_first); is_first = false) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
        const char low = pattern[i++];
        char high = low;
        if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
            high = pattern[i + 1];
            i += 2;
        }
        matches |= low <= c && c <= high;
    }
    if (i >= pattern.size()) return std::nullopt;
    at = i + 1;
    return matches != is_negated;
}

/// One character of the name against one item of the pattern, behind which `at` moves.
bool item_matches(std::string_view pattern, std::size_t& at, char c) {
    if (pattern[at] == '?') {
        ++at;
        return true;
    }
    if (pattern[at] == '[') return class_matches(pattern, at, c).value_or(false);
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return pattern[at++] == c;
}

bool has_wildcard(std::string_view pattern) {
    return pattern.find_first_of("*?[\\") != std::string_view::npos;
}

bool segment_matches(std::string_view pattern, std::string_view name) {
    return has_wildcard(pattern) ? glob_matches(pattern, name) : pattern == name;
}

/// "**" stands for any number of folders. Quadratic at most, whatever the pattern.
bool segments_match(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
    // reached[j]: the pattern up to here matches the first j parts of the path.
    std::vector<bool> reached(path.size() + 1, false);
    reached[0] = true;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        std::vector<bool> next(path.size() + 1, false);
        if (pattern[i] == "**") {
            // At the end it wants something inside: "a/**" is not "a".
            const bool is_last = i + 1 == pattern.size();
            bool any = false;
            for (std::size_t j = 0; j <= path.size(); ++j) {
                next[j] = any || (reached[j] && !is_last);
                any |= reached[j];
            }
        } else {
            for (std::size_t j = 0; j < path.size(); ++j)
                next[j + 1] = reached[j] && segment_matches(pattern[i], path[j]);
        }
        reached = std::move(next);
    }
    return reached[path.size()];
}

std::string_view without_trailing_spaces(std::string_view line) {
    while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
    return line;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view name) {
    std::size_t at = 0;
    std::size_t in_name = 0;
    std::size_t star = std::string_view::npos;  // behind the last '*', to come back to
    std::size_t star_in_name = 0;
    while (in_name < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = ++at;
            star_in_name = in_name;
            continue;
        }
        if (at < pattern.size() && item_matches(pattern, at, name[in_name])) {
            ++in_name;
            continue;
        }
        if (star == std::string_view::npos) return false;
        at = star;
        in_name = ++star_in_name;
    }
    while (at < pattern.size() && pattern[at] == '*') ++at;
    return at == pattern.size();
}

IgnoreRules::IgnoreRules(std::string_view text) {
    for (std::string_view line : split_lines(text)) {
        line = without_trailing_spaces(line);
        if (line.empty() || line.starts_with('#')) continue;
        Rule rule;
        rule.is_negated = line.starts_with('!');
        if (rule.is_negated) line.remove_prefix(1);
        rule.is_for_folders = line.ends_with('/');
        if (rule.is_for_folders) line.remove_suffix(1);
        const bool is_anchored = line.find('/') != std::string_view::npos;
        if (line.starts_with('/')) line.remove_prefix(1);
        if (line.empty()) continue;
        if (!is_anchored) rule.segments.emplace_back("**");
        for (const auto segment : split(line, '/')) rule.segments.emplace_back(segment);
        rules_.push_back(std::move(rule));
    }
}

IgnoreRules::Verdict IgnoreRules::judge(std::string_view path, PathKind kind) const {
    const std::vector<std::string_view> parts = split(path, '/');
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->is_for_folders && kind == PathKind::File) continue;
        const bool is_name =
            rule->segments.size() == 2 && rule->segments[0] == "**" && rule->segments[1] != "**";
        const bool matches = is_name ? segment_matches(rule->segments[1], parts.back())
                                     : segments_match(rule->segments, parts);
        if (matches) return rule->is_negated ? Verdict::Kept : Verdict::Ignored;
    }
    return Verdict::Silent;
}

}  // namespace ringmaster::python_source
