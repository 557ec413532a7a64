#include "base/time_zone.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace ringmaster {

using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kMostChanges = 10'000;  // the richest zone of tzdata 2025 has 300

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
    return value;
}

}  // namespace

/// One pass over the file's bytes. Its first part is for programs of 32 bits, and is passed over where there
/// is a second.
class TimeZoneReader {
 public:
    explicit TimeZoneReader(std::string_view bytes) : left_(bytes) {}

    Result<TimeZone> read() {
        auto header = TRY(read_header());
        std::size_t time_bytes = 4;
        if (header.version >= '2') {
            TRY(take(header.size(4)));
            header = TRY(read_header());
            time_bytes = 8;
        }
        auto zone = TRY(read_body(header, time_bytes));
        zone.has_later_ = false;
        if (header.version < '2') return zone;
        const auto rule = footer();
        if (rule.empty()) return zone;
        const auto later = PosixZone::parse(rule);
        if (!later) return Fail(wrong());
        zone.later_ = *later;
        zone.has_later_ = true;
        return zone;
    }

 private:
    struct Header {
        char version = 0;
        std::size_t universal = 0, standard = 0, leaps = 0, times = 0, types = 0, characters = 0;
        std::size_t size(std::size_t time_bytes) const {
            return times * (time_bytes + 1) + types * 6 + characters + leaps * (time_bytes + 4) + standard +
                   universal;
        }
    };

    static Error wrong() { return Error::corrupt("that is no time zone file"); }

    Result<std::string_view> take(std::size_t count) {
        if (count > left_.size()) return Fail(wrong());
        const auto taken = left_.substr(0, count);
        left_.remove_prefix(count);
        return taken;
    }

    Result<Header> read_header() {
        const auto bytes = TRY(take(kHeaderBytes));
        if (!bytes.starts_with("TZif")) return Fail(wrong());
        Header header{.version = bytes[4]};
        std::size_t at = 20;
        for (auto* count : {&header.universal, &header.standard, &header.leaps, &header.times, &header.types,
                            &header.characters}) {
            *count = big_endian(bytes.substr(at, 4));
            at += 4;
            if (*count > kMostChanges) return Fail(wrong());
        }
        return header;
    }

    Result<TimeZone> read_body(const Header& header, std::size_t time_bytes) {
        const auto times = TRY(take(header.times * time_bytes));
        const auto types_of_times = TRY(take(header.times));
        const auto types = TRY(take(header.types * 6));
        TRY(take(header.size(time_bytes) - header.times * (time_bytes + 1) - header.types * 6));
        const auto offset = [&](std::size_t type) {
            return seconds(static_cast<std::int32_t>(big_endian(types.substr(type * 6, 4))));
        };
        if (header.types == 0) return Fail(wrong());
        TimeZone zone;
        zone.first_ = offset(0);
        for (std::size_t i = 0; i < header.times; ++i) {
            const auto type = static_cast<unsigned char>(types_of_times[i]);
            if (type >= header.types) return Fail(wrong());
            const auto bits = big_endian(times.substr(i * time_bytes, time_bytes));
            const auto time =
                time_bytes == 4 ? static_cast<std::int32_t>(bits) : static_cast<std::int64_t>(bits);
            zone.changes_.push_back({sys_seconds(seconds(time)), offset(type)});
        }
        if (!std::ranges::is_sorted(zone.changes_, {}, &TimeZone::Change::time)) return Fail(wrong());
        return zone;
    }

    std::string_view footer() const {
        if (left_.empty() || left_.front() != '\n') return {};
        const auto text = left_.substr(1);
        return text.substr(0, text.find('\n'));
    }

    std::string_view left_;
};

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
    return TimeZoneReader(bytes).read();
}

seconds TimeZone::offset_at(sys_seconds time) const {
    const auto after = std::ranges::upper_bound(changes_, time, {}, &Change::time);
    if (after == changes_.end() && has_later_) return later_.offset_at(time);
    return after == changes_.begin() ? first_ : std::prev(after)->offset;
}

std::chrono::local_seconds TimeZone::local_of(sys_seconds time) const {
    return std::chrono::local_seconds((time + offset_at(time)).time_since_epoch());
}

// Offsets stay within a day, and no zone ever changed twice within two, so those in force a day before and a
// day after are all that can count.
std::vector<sys_seconds> TimeZone::instants_of(std::chrono::local_seconds local) const {
    const sys_seconds unshifted(local.time_since_epoch());
    const auto before = offset_at(unshifted - std::chrono::days(1));
    const auto after = offset_at(unshifted + std::chrono::days(1));
    std::set<sys_seconds> instants;
    for (const auto offset : {before, after})
        if (offset_at(unshifted - offset) == offset) instants.insert(unshifted - offset);
    if (instants.empty()) instants.insert(unshifted - before);
    return {instants.begin(), instants.end()};
}

}  // namespace ringmaster
