#include "flows/window.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kMinutesOfDay = 24 * 60;

Error bad(std::string_view text) {
    return Error::invalid_input("\"{}\" is no window", sanitize_for_terminal(text))
        .hint("write days, hours and a time zone, such as \"Mon-Thu 09:00-17:00 Europe/Warsaw\"");
}

std::optional<int> day(std::string_view word) {
    const auto lower = to_lower_ascii(word);
    for (int i = 0; i < 7; ++i)
        if (lower == kDays[i]) return i;
    return std::nullopt;
}

std::optional<int> minute(std::string_view word) {
    const auto colon = word.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto hours = parse_integer(word.substr(0, colon));
    const auto minutes = parse_integer(word.substr(colon + 1));
    if (!hours || !minutes || *hours < 0 || *minutes < 0 || *minutes > 59) return std::nullopt;
    const auto total = *hours * 60 + *minutes;
    if (total > kMinutesOfDay) return std::nullopt;
    return static_cast<int>(total);
}

bool add_days(std::string_view word, std::array<bool, 7>& days) {
    for (const auto part : split(word, ',')) {
        const auto dash = part.find('-');
        const auto first = day(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : day(part.substr(dash + 1));
        if (!first || !last) return false;
        for (int i = *first;; i = (i + 1) % 7) {  // "Fri-Mon" goes over Sunday
            days.at(static_cast<std::size_t>(i)) = true;
            if (i == *last) break;
        }
    }
    return true;
}

}  // namespace

Result<Window> Window::parse(std::string_view text) {
    std::vector<std::string_view> words;
    for (const auto word : split(text, ' '))
        if (!word.empty()) words.push_back(word);
    Window window;
    if (words.empty() || words.size() > 3 || !add_days(words[0], window.days)) return Fail(bad(text));
    std::size_t next = 1;
    if (next < words.size() && words[next].contains(':')) {
        const auto dash = words[next].find('-');
        if (dash == std::string_view::npos) return Fail(bad(text));
        const auto from = minute(words[next].substr(0, dash));
        const auto to = minute(words[next].substr(dash + 1));
        if (!from || !to || *from >= *to) return Fail(bad(text));
        window.from_minute = *from;
        window.to_minute = *to;
        ++next;
    }
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (next < words.size() && is_letter(words[next].front())) window.zone = words[next++];
    if (next != words.size()) return Fail(bad(text));
    return window;
}

bool Window::contains(TimePoint now, Duration offset) const {
    const auto local = now + offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::weekday weekday{std::chrono::sys_days(midnight)};
    const auto of_day = std::chrono::duration_cast<std::chrono::minutes>(local - midnight).count();
    return days.at(weekday.iso_encoding() - 1) && of_day >= from_minute && of_day < to_minute;
}

}  // namespace ringmaster::flows
