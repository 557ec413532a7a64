#pragma once
#include <string_view>

#include "base/time.h"

namespace ringmaster::shows {

/// The steps a run can pass, in order. Their names are stable: history, `--json` and the comment use them.
enum class Step { Observe, Claim, Build, Deploy, Health, Seed, Switch, Retire, Remove, Record, Release };
std::string_view to_string(Step step);

/// Where a run tells a person what it is doing. Side channel only: it never changes an outcome.
class Reporter {
 public:
    virtual ~Reporter() = default;
    virtual void step_started(Step step, std::string_view what) = 0;
    virtual void step_finished(Step step, bool succeeded, Duration took) = 0;
    /// One line of a build's or a service's output: from outside, not trusted.
    virtual void log_line(std::string_view line) = 0;
    virtual void note(std::string_view sentence) = 0;
    virtual void warning(std::string_view sentence) = 0;
};

class SilentReporter final : public Reporter {
 public:
    void step_started(Step, std::string_view) override {}
    void step_finished(Step, bool, Duration) override {}
    void log_line(std::string_view) override {}
    void note(std::string_view) override {}
    void warning(std::string_view) override {}
};

}  // namespace ringmaster::shows
