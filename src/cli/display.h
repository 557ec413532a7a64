#pragma once
// How a run tells a person what it is doing, on stderr: on a terminal one line a step, updated in place, with
// the newest line of output under it; piped one line a step; in GitHub Actions a group a step.

#include <memory>
#include <optional>
#include <string>

#include "cli/context.h"
#include "ports/progress.h"
#include "shows/reporter.h"

namespace ringmaster::cli {

/// Both sides of a run: what it reports, and where it learns of Ctrl-C.
class Display : public shows::Reporter, public Progress {
 public:
    explicit Display(Context& context) : context_(context) {}

    void note(std::string_view sentence) override;
    void warning(std::string_view sentence) override;
    void line(std::string_view text) override { log_line(text); }
    Result<void> pulse() override;
    /// Takes what is drawn in place off the screen; before anything else is printed.
    virtual void clear() {}

 protected:
    /// Called at least once a second during a step.
    virtual void tick() {}
    Stream& stream() { return context_.err(); }
    Context& context() { return context_; }

 private:
    Context& context_;
};

/// The display that fits the stream and the environment.
std::unique_ptr<Display> make_display(Context& context);

/// "Building" for Step::Build: what a person reads.
std::string_view title_of(shows::Step step);

}  // namespace ringmaster::cli
