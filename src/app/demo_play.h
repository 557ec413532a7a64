#pragma once
// The acts of the demo, in the order of a show's life. Each does what a person would do (push, add a label),
// waits for what should come of it, prints the labels as they change, and fails with a sentence if it does
// not.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo_repository.h"
#include "app/demo_visitor.h"
#include "app/service.h"
#include "cli/output.h"
#include "shows/service.h"

namespace ringmaster::app {

/// What the acts are played with; everything outlives the play.
struct DemoStage {
    shows::ShowService& shows;
    Service& service;
    DemoRepository& repository;
    cli::Stream& out;
    std::function<void()> flush;  ///< shows what was written to `out` so far
    Progress& interruption;
    Duration pause{0};  ///< after each act, for the reader
};

class DemoPlay {
 public:
    explicit DemoPlay(DemoStage stage) : stage_(stage), clock_(stage.shows.outside().clock) {}

    /// Plays all acts; stops at the first that fails, which is then in the error's trail. Errors: Failed,
    /// TimedOut, Interrupted, and those of the parts.
    Result<void> play_all();
    /// Starts a show once more, without an act around it, to have one to explore.
    Result<Endpoint> start_one_more();
    const Visits& visits() const { return visits_; }

 private:
    using Act = Result<void> (DemoPlay::*)();
    Result<void> play(int number, std::string_view title, Act act);

    Result<void> open_pull_request();
    Result<void> start();
    Result<void> replace();
    Result<void> freeze();
    Result<void> expire();
    Result<void> start_again();
    Result<void> stop();

    Result<PullRequestView> observe();
    Result<void> put_label(std::string_view name);
    /// Until a show runs at the repository's newest commit and answers; prints what it says.
    Result<Endpoint> wait_for_running(const CommitSha& wanted);
    Result<void> wait_until_settled(int looks_before, const CommitSha& head);
    Result<void> check_nothing_is_left(const std::optional<Endpoint>& old_address);
    /// Observes until `done`; prints labels as they come and go. Errors: TimedOut, with the labels.
    template <typename Done>
    Result<PullRequestView> watch(std::string_view for_what, Done done);
    void print_changes(const std::vector<std::string>& labels);
    void say(std::string_view text);

    DemoStage stage_;
    Clock& clock_;
    Duration act_began_{0};
    std::vector<std::string> shown_labels_;
    std::optional<CommitSha> newest_;
    std::optional<Endpoint> address_;
    Visits visits_;
};

}  // namespace ringmaster::app
