#pragma once
// The log of a show: the app's output, each line after the instant at which it came
// ("2026-11-22T14:09:00.250Z visited /"), because apps rarely say when. A line that a rotation cuts goes on
// in the next file without a stamp, as it goes on without a newline. Writing is async-signal-safe, for the
// supervisor does it after fork().

#include <array>
#include <optional>
#include <string_view>

#include "adapters/support/rotating_log.h"
#include "base/time.h"

namespace ringmaster::process {

/// A stamp is "2026-11-22T14:09:00.250Z " with its space, always of this length.
inline constexpr std::size_t kStampLength = 25;
std::array<char, kStampLength> print_stamp(TimePoint time) noexcept;

struct StampedLine {
    std::optional<TimePoint> time;  ///< nullopt: it has none (a piece of a very long line, or of a cut one)
    std::string_view text;
};
StampedLine read_stamp(std::string_view line);

class StampedLog {
 public:
    explicit StampedLog(support::RotatingLog log) : log_(std::move(log)) {}
    /// Bytes as they came, all of them at `now`.
    void append(std::string_view bytes, TimePoint now) noexcept;
    int folder() const noexcept { return log_.folder(); }
    int file() const noexcept { return log_.file(); }

 private:
    support::RotatingLog log_;
    bool is_at_line_start_ = true;
};

/// Lines since an instant, without their stamps, in the order in which they were written. A line without a
/// stamp belongs to the one before it.
class SinceFilter {
 public:
    explicit SinceFilter(std::optional<TimePoint> since) : since_(since) {}
    /// nullopt: it is older.
    std::optional<std::string_view> pass(std::string_view line);

 private:
    std::optional<TimePoint> since_;
    bool has_begun_ = false;
};

}  // namespace ringmaster::process
