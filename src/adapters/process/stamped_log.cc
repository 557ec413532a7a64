#include "adapters/process/stamped_log.h"

#include <utility>

namespace ringmaster::process {
namespace {

char* put_digits(char* at, unsigned value, int digits) noexcept {
    for (int i = digits - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
    return at + digits;
}

}  // namespace

std::array<char, kStampLength> print_stamp(TimePoint time) noexcept {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, kStampLength> stamp{};
    auto put = [at = stamp.data()](auto value, int digits, char after) mutable noexcept {
        at = put_digits(at, static_cast<unsigned>(value), digits);
        *at++ = after;
    };
    put(static_cast<int>(date.year()), 4, '-');
    put(static_cast<unsigned>(date.month()), 2, '-');
    put(static_cast<unsigned>(date.day()), 2, 'T');
    put(clock.hours().count(), 2, ':');
    put(clock.minutes().count(), 2, ':');
    put(clock.seconds().count(), 2, '.');
    put(clock.subseconds().count(), 3, 'Z');
    stamp.back() = ' ';
    return stamp;
}

StampedLine read_stamp(std::string_view line) {
    const bool has_form =
        line.size() >= kStampLength && line[kStampLength - 2] == 'Z' && line[kStampLength - 1] == ' ';
    const auto time = has_form ? parse_iso8601(line.substr(0, kStampLength - 1)) : std::nullopt;
    return {time, time ? line.substr(kStampLength) : line};
}

void StampedLog::append(std::string_view bytes, TimePoint now) noexcept {
    const auto stamp = print_stamp(now);
    // One write for many short lines; on the stack, for there is no allocating after fork().
    std::array<char, 16384> buffer;
    std::size_t used = 0;
    const auto put = [&](std::string_view text) {
        while (!text.empty()) {
            if (used == buffer.size()) log_.append({buffer.data(), std::exchange(used, 0)});
            const auto size = text.copy(buffer.data() + used, buffer.size() - used);
            used += size;
            text.remove_prefix(size);
        }
    };
    while (!bytes.empty()) {
        if (is_at_line_start_) put({stamp.data(), stamp.size()});
        const auto newline = bytes.find('\n');
        const auto length = newline == std::string_view::npos ? bytes.size() : newline + 1;
        put(bytes.substr(0, length));
        is_at_line_start_ = newline != std::string_view::npos;
        bytes.remove_prefix(length);
    }
    log_.append({buffer.data(), used});
}

std::optional<std::string_view> SinceFilter::pass(std::string_view line) {
    const auto [time, text] = read_stamp(line);
    if (time) has_begun_ = !since_ || *time >= *since_;
    // Before the first stamp stands the end of a line whose beginning was rotated away.
    if (has_begun_ || !since_) return text;
    return std::nullopt;
}

}  // namespace ringmaster::process
