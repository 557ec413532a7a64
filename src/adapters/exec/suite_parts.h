#pragma once
// What the two suites of check-plugin have in common: hearing what a program says, and turning the methods of
// a suite into checks.

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "adapters/exec/plugin_suite.h"

namespace ringmaster::exec {

/// Counts lines; stops with somebody else's pulse. One for each thread.
class CountingProgress final : public Progress {
 public:
    explicit CountingProgress(Progress& inner) : inner_(inner) {}
    void line(std::string_view) override { ++lines_; }
    Result<void> pulse() override { return inner_.pulse(); }
    int lines() const { return lines_; }

 private:
    Progress& inner_;
    int lines_ = 0;
};

/// A pulse for several threads at once.
class SharedPulse final : public Progress {
 public:
    explicit SharedPulse(Progress& inner) : inner_(inner) {}
    void line(std::string_view) override {}
    Result<void> pulse() override {
        const std::lock_guard lock(mutex_);
        return inner_.pulse();
    }

 private:
    Progress& inner_;
    std::mutex mutex_;
};

/// Whether a check makes sense before the first deploy or build has worked.
enum class Needs { Nothing, TheFirst };

/// "what it should have done, but what it did".
template <typename... Args>
Fail wrong(fmt::format_string<Args...> text, Args&&... args) {
    return Fail(Error(ErrorKind::Failed, fmt::vformat(text, fmt::make_format_args(args...))));
}

/// "hello": the protocol, and that it offers all of these. Gives a line about it.
Result<std::string> check_hello(const PluginProgram& program, const std::vector<std::string>& needed,
                                Progress& progress);

Finding finding_of(const Result<std::string>& outcome);

/// The methods of `Suite`, in order, on one object that lives as long as they do. `Suite` has a member
/// `has_first()`.
template <typename Suite>
class SuiteChecks {
 public:
    using Method = Result<std::string> (Suite::*)();
    explicit SuiteChecks(std::shared_ptr<Suite> suite) : suite_(std::move(suite)) {}

    void add(std::string name, Method method, Needs needs = Needs::TheFirst) {
        checks_.push_back({std::move(name), [suite = suite_, method, needs]() -> Finding {
                               if (needs == Needs::TheFirst && !suite->has_first())
                                   return {Finding::Verdict::Skipped, "there is nothing to try it on", ""};
                               return finding_of(((*suite).*method)());
                           }});
    }
    std::vector<SuiteCheck> take() { return std::move(checks_); }

 private:
    std::shared_ptr<Suite> suite_;
    std::vector<SuiteCheck> checks_;
};

}  // namespace ringmaster::exec
