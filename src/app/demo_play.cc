#include "app/demo_play.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "shows/labels.h"
#include "shows/sweep.h"

namespace ringmaster::app {
namespace {

using shows::parse_labels;

constexpr int kPullRequest = 1;  // the forge is new: the first branch is number 1
constexpr Duration kLookAgain = std::chrono::milliseconds(25);
constexpr Duration kActTimeout = std::chrono::seconds(30);  // an act takes about two
// What the visitor has to have seen of a replacement, before and after, so that the count means something.
constexpr int kVisitsAround = 10;

bool tells_the_story(std::string_view label) {
    return label.starts_with(shows::kTent) && label.find("🔑") == std::string_view::npos;
}

std::string page_title(std::string_view page) {
    const auto begin = page.find("<h1>");
    const auto end = page.find("</h1>");
    if (begin != std::string_view::npos && end != std::string_view::npos && begin < end)
        page = page.substr(begin + 4, end - begin - 4);
    return sanitize_for_terminal(
        truncate_utf8(trim(split_lines(page).empty() ? "" : split_lines(page).front()), 70));
}

}  // namespace

Result<void> DemoPlay::play_all() {
    TRY(play(1, "Ada pushes a branch: pull request #1 opens", &DemoPlay::open_pull_request));
    TRY(play(2, "She adds the start label: a show is built and runs", &DemoPlay::start));
    TRY(play(3, "A new commit replaces it, while somebody visits", &DemoPlay::replace));
    TRY(play(4, "The freeze label: a push changes nothing", &DemoPlay::freeze));
    TRY(play(5, "Its time is over, as for `ringmaster cleanup --older-than 0h`", &DemoPlay::expire));
    TRY(play(6, "The start label again: the newest commit runs", &DemoPlay::start_again));
    TRY(play(7, "The stop label: nothing is left", &DemoPlay::stop));
    return {};
}

Result<void> DemoPlay::play(int number, std::string_view title, Act act) {
    const auto& out = stage_.out;
    stage_.out.line(fmt::format("\n{} {}", out.paint(cli::Style::Bold, fmt::format("{}.", number)),
                                out.paint(cli::Style::Bold, title)));
    act_began_ = clock_.monotonic();
    const auto played = (this->*act)();
    stage_.flush();
    if (!played)
        return Fail(Error(played.error()).while_doing(fmt::format("playing act {}, \"{}\"", number, title)));
    return clock_.sleep(stage_.pause, stage_.interruption);
}

void DemoPlay::say(std::string_view text) {
    const double seconds = std::chrono::duration<double>(clock_.monotonic() - act_began_).count();
    stage_.out.line(
        fmt::format("  {}  {}", stage_.out.paint(cli::Style::Dim, fmt::format("{:5.2f} s", seconds)), text));
}

Result<PullRequestView> DemoPlay::observe() {
    return stage_.shows.outside().forge.observe(kPullRequest);
}

Result<void> DemoPlay::put_label(std::string_view name) {
    const auto view = TRY(observe());
    TRY(stage_.shows.outside().forge.apply(view, {.add_labels = {shows::define_label(name)}}));
    say(fmt::format("Ada adds {}", name));
    return {};
}

template <typename Done>
Result<PullRequestView> DemoPlay::watch(std::string_view for_what, Done done) {
    const Duration end = clock_.monotonic() + kActTimeout;
    for (;;) {
        const auto view = observe();
        if (view) print_changes(view->labels);
        if (view && done(*view)) return view;
        if (clock_.monotonic() > end)
            return Fail(Error::timed_out("{} did not come about within {}; the labels are: {}", for_what,
                                         format_duration_for_people(kActTimeout),
                                         view ? join(view->labels, ", ") : view.error().describe()));
        TRY(clock_.sleep(kLookAgain, stage_.interruption));
    }
}

void DemoPlay::print_changes(const std::vector<std::string>& labels) {
    std::vector<std::string> now, come, gone;
    std::ranges::copy_if(labels, std::back_inserter(now), tells_the_story);
    std::ranges::set_difference(now, shown_labels_, std::back_inserter(come));
    std::ranges::set_difference(shown_labels_, now, std::back_inserter(gone));
    shown_labels_ = now;
    const auto& out = stage_.out;
    if (!come.empty()) say(out.paint(cli::Style::Green, "+ ") + join(come, "   "));
    if (!gone.empty()) say(out.paint(cli::Style::Red, "− ") + out.paint(cli::Style::Dim, join(gone, "   ")));
}

Result<Endpoint> DemoPlay::wait_for_running(const CommitSha& wanted) {
    const auto is_running = [&](const PullRequestView& view) {
        const auto state = parse_labels(view.labels);
        const Show* show = state.active_show();
        return show && show->sha == wanted.short_sha() && show->status == ShowStatus::Running &&
               show->endpoint && state.shows.size() == 1 && !state.building;
    };
    const auto view = TRY(watch(fmt::format("a running show of {}", wanted.short_sha().text()), is_running));
    const Endpoint where = *address_in(view.labels);
    const auto page = TRY(stage_.shows.outside().http.send({.url = where.url() + "/"}));
    if (page.status != 200) return Fail(Error::failed("{} answers with status {}", where.url(), page.status));
    say(fmt::format("{} says \"{}\"", stage_.out.link(where.url(), where.url()), page_title(page.body)));
    address_ = where;
    return where;
}

Result<void> DemoPlay::open_pull_request() {
    TRY(stage_.repository.start_branch("friendlier"));
    newest_ = TRY(stage_.repository.push_greeting("Hello, world", "Greet the world"));
    TRY(watch("pull request #1", [](const auto&) { return true; }));
    const auto view = TRY(observe());
    say(fmt::format("{} \"{}\"", stage_.out.link(view.pull_request.url, view.pull_request.url),
                    sanitize_for_terminal(view.pull_request.title)));
    return {};
}

Result<void> DemoPlay::start() {
    TRY(put_label(shows::kStartTrigger));
    TRY(wait_for_running(*newest_));
    return {};
}

Result<void> DemoPlay::replace() {
    auto& outside = stage_.shows.outside();
    Visitor visitor(outside.forge, outside.http, clock_, kPullRequest);
    const auto visit_more = [&]() -> Result<void> {
        const int enough = visitor.so_far().made + kVisitsAround;
        while (visitor.so_far().made < enough) TRY(clock_.sleep(kLookAgain, stage_.interruption));
        return {};
    };
    TRY(visit_more());
    newest_ = TRY(stage_.repository.push_greeting("Hello, everybody", "Greet everybody"));
    say(fmt::format("Ada pushes {}", newest_->short_sha().text()));
    TRY(wait_for_running(*newest_));
    TRY(visit_more());
    visits_ = visitor.stop();
    say(fmt::format("meanwhile {} visits, {} failed", visits_.made, visits_.failed));
    if (visits_.failed == 0) return {};
    return Fail(Error::failed("{} of {} visits failed; the last one: {}", visits_.failed, visits_.made,
                              visits_.last_failure));
}

Result<void> DemoPlay::wait_until_settled(int looks_before, const CommitSha& head) {
    const auto has_settled = [&](const PullRequestView& view) {
        return view.pull_request.head == head && stage_.service.looks() > looks_before &&
               stage_.service.is_idle();
    };
    TRY(watch("a look at the new commit", has_settled));
    return {};
}

Result<void> DemoPlay::freeze() {
    const auto running = newest_->short_sha();
    int looks_before = stage_.service.looks();
    TRY(put_label(shows::kFreeze));
    TRY(wait_until_settled(looks_before, *newest_));
    looks_before = stage_.service.looks();
    newest_ = TRY(stage_.repository.push_greeting("Hello, moon", "Greet the moon"));
    say(fmt::format("Ada pushes {}", newest_->short_sha().text()));
    TRY(wait_until_settled(looks_before, *newest_));

    const auto checked = TRY(stage_.shows.check({.number = kPullRequest, .asker = shows::Asker::Event}));
    const Show* show = checked.observation.labels.active_show();
    if (checked.decision.reason != shows::Reason::Frozen || !show || show->sha != running)
        return Fail(Error::failed("the freeze did not hold: the decision is {}, {}",
                                  shows::to_string(checked.decision.action),
                                  shows::to_string(checked.decision.reason)));
    say(fmt::format("looked at, and left alone: {} still runs", running.text()));
    return {};
}

Result<void> DemoPlay::expire() {
    const shows::SweepOptions options{
        .expiry = {.respect_ttl_labels = false, .older_than = Ttl::hours(0), .max_age = {}}};
    const auto plan = TRY(shows::plan_sweep(stage_.shows, options));
    shows::SilentReporter reporter;
    const auto report = TRY(shows::perform_sweep(stage_.shows, plan, options, reporter, stage_.interruption));
    if (!report.failures.empty()) return Fail(report.failures.front());
    const auto old_address = address_;
    TRY(watch("the end of the show",
              [](const PullRequestView& view) { return parse_labels(view.labels).shows.empty(); }));
    if (report.expired != 1) return Fail(Error::failed("{} shows expired instead of one", report.expired));
    if (stage_.shows.outside().http.send({.url = old_address->url() + "/"}))
        return Fail(Error::failed("{} still answers", old_address->url()));
    say(fmt::format("{} answers no more", old_address->url()));
    return {};
}

Result<void> DemoPlay::start_again() {
    return start();
}

Result<Endpoint> DemoPlay::start_one_more() {
    act_began_ = clock_.monotonic();
    TRY(put_label(shows::kStartTrigger));
    return wait_for_running(*newest_);
}

Result<void> DemoPlay::stop() {
    TRY(put_label(shows::kStopTrigger));
    TRY(watch("the end of the show", [this](const PullRequestView& view) {
        return std::ranges::none_of(view.labels, tells_the_story) && stage_.service.is_idle();
    }));
    return check_nothing_is_left(address_);
}

Result<void> DemoPlay::check_nothing_is_left(const std::optional<Endpoint>& old_address) {
    const auto services = TRY(stage_.shows.outside().runtime.list_managed());
    if (!services.empty()) return Fail(Error::failed("{} still runs", services.front().name));
    if (old_address && stage_.shows.outside().http.send({.url = old_address->url() + "/"}))
        return Fail(Error::failed("{} still answers", old_address->url()));
    const int worktrees = TRY(stage_.repository.count_worktrees());
    if (worktrees != 0) return Fail(Error::failed("{} worktrees are left", worktrees));
    const auto view = TRY(observe());
    if (!view.claim_tokens.empty()) return Fail(Error::failed("a lease token is left"));
    if (!view.deployments.empty()) return Fail(Error::failed("a deployment record is left"));
    say("no process, no worktree, no label, no lease, no deployment record");
    return {};
}

}  // namespace ringmaster::app
