#pragma once
#include <string_view>

#include "base/result.h"

namespace ringmaster {

/// Where a long operation reports, and where it learns that it should stop. Every port function that can take
/// longer than a second takes one and calls pulse() at least once a second, output or not: that is where the
/// lease is extended, a Ctrl-C is seen, and a newer commit or a stop trigger is noticed.
class Progress {
 public:
    virtual ~Progress() = default;
    /// One line of output, without its newline; from outside, so not trusted.
    virtual void line(std::string_view text) = 0;
    /// An error means: stop now, remove what this operation began (child processes included), and return this
    /// error.
    virtual Result<void> pulse() = 0;
};

/// Hears nothing and never stops.
class NoProgress final : public Progress {
 public:
    void line(std::string_view) override {}
    Result<void> pulse() override { return {}; }
};

}  // namespace ringmaster
