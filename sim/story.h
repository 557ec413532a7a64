#pragma once
// What happened, in words: one line an event, with the time since the start. Only written when somebody is
// going to read it.

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace ringmaster::sim {

class Story {
 public:
    Story(bool is_told, TimePoint start) : is_told_(is_told), start_(start) {}
    bool is_told() const { return is_told_; }

    template <typename... Args>
    void tell(TimePoint now, std::string_view who, fmt::format_string<Args...> text, Args&&... args) {
        if (!is_told_) return;
        const Duration since = now - start_;
        lines_.push_back(fmt::format("{:>3}:{:02}.{:03}  {:<12} {}", since.count() / 60'000,
                                     since.count() / 1000 % 60, since.count() % 1000, who,
                                     fmt::vformat(text, fmt::make_format_args(args...))));
    }
    const std::vector<std::string>& lines() const { return lines_; }

 private:
    bool is_told_;
    TimePoint start_;
    std::vector<std::string> lines_;
};

}  // namespace ringmaster::sim
