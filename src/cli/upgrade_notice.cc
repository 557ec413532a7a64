#include "cli/upgrade_notice.h"

#include <array>

#include "base/text.h"

namespace ringmaster::cli {

namespace {

constexpr auto kOnceA = std::chrono::hours(24);

using Numbers = std::array<long long, 3>;

std::optional<Numbers> numbers_of(std::string_view version) {
    const auto parts = split(version, '.');
    Numbers numbers{};
    if (parts.size() != numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = parse_integer(parts[i]);
        if (!number || *number < 0 || parts[i].size() > 9) return std::nullopt;
        numbers[i] = *number;
    }
    return numbers;
}

/// A clock that was set back must not silence it for ever.
bool is_due(const std::optional<TimePoint>& last, TimePoint now) {
    return !last || *last > now || now - *last >= kOnceA;
}

std::string how_to_upgrade(Installation installation, std::string_view releases_page) {
    switch (installation) {
        case Installation::Apt:
            return "sudo apt update && sudo apt install --only-upgrade ringmaster";
        case Installation::Pip:
            return "pip install --upgrade ringmaster";
        case Installation::Binary:
            return fmt::format("get it from {}", releases_page);
    }
    return {};
}

}  // namespace

Installation installation_of(std::string_view program_path, bool is_of_a_package) {
    if (is_of_a_package) return Installation::Apt;
    // A wheel's program lies in site-packages (Debian: dist-packages), or beside its environment's python.
    for (const auto* part : {"/site-packages/", "/dist-packages/", "/.venv/", "/venv/", "/pipx/"})
        if (program_path.find(part) != std::string_view::npos) return Installation::Pip;
    return Installation::Binary;
}

UpgradeMemory parse_upgrade_memory(std::string_view text) {
    UpgradeMemory memory;
    for (const auto line : split_lines(text)) {
        const auto space = line.find(' ');
        if (space == std::string_view::npos) continue;
        const auto name = line.substr(0, space), value = line.substr(space + 1);
        if (name == "asked") memory.asked = parse_iso8601(value);
        if (name == "told") memory.told = parse_iso8601(value);
        if (name == "latest" && numbers_of(value)) memory.latest = std::string(value);
    }
    return memory;
}

std::string print_upgrade_memory(const UpgradeMemory& memory) {
    std::string text;
    if (memory.asked) text += fmt::format("asked {}\n", format_iso8601(*memory.asked));
    if (memory.told) text += fmt::format("told {}\n", format_iso8601(*memory.told));
    if (!memory.latest.empty()) text += fmt::format("latest {}\n", memory.latest);
    return text;
}

std::optional<std::string> version_of_tag(std::string_view tag) {
    if (tag.starts_with("v")) tag.remove_prefix(1);
    if (!numbers_of(tag)) return std::nullopt;
    return std::string(tag);
}

bool is_newer(std::string_view version, std::string_view than) {
    const auto one = numbers_of(version), other = numbers_of(than);
    return one && other && *one > *other;
}

bool may_tell_of_upgrades(const Environment& environment, const Traits& err, bool as_json) {
    if (as_json || !err.is_terminal) return false;
    // CI: most services; the others: Jenkins and TaskCluster (as gh looks for them).
    for (const auto* variable : {"CI", "GITHUB_ACTIONS", "BUILD_NUMBER", "RUN_ID"})
        if (environment.has(variable)) return false;
    return true;
}

UpgradeStep next_upgrade_step(const UpgradeMemory& memory, TimePoint now, std::string_view our_version,
                              Installation installation, std::string_view releases_page) {
    UpgradeStep step{.memory = memory};
    if (is_newer(memory.latest, our_version) && is_due(memory.told, now)) {
        step.notice = fmt::format("Ringmaster {} is there; this is {}. To upgrade: {}", memory.latest,
                                  our_version, how_to_upgrade(installation, releases_page));
        step.memory.told = now;
    }
    step.ask = is_due(memory.asked, now);
    if (step.ask) step.memory.asked = now;
    return step;
}

}  // namespace ringmaster::cli
