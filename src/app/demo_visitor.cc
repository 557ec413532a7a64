#include "app/demo_visitor.h"

#include <fmt/format.h>

#include "shows/labels.h"

namespace ringmaster::app {
namespace {

constexpr Duration kBetweenVisits = std::chrono::milliseconds(10);
constexpr Duration kPatience = std::chrono::seconds(5);  // longer than that a person calls broken

}  // namespace

std::optional<Endpoint> address_in(const std::vector<std::string>& labels) {
    const auto state = shows::parse_labels(labels);
    const Show* active = state.active_show();
    return active ? active->endpoint : std::nullopt;
}

Visitor::Visitor(Forge& forge, HttpClient& http, Clock& clock, int pull_request_number)
    : forge_(forge),
      http_(http),
      clock_(clock),
      number_(pull_request_number),
      thread_([this](const std::stop_token& stop) { visit_until_stopped(stop); }) {}

Visitor::~Visitor() = default;

Visits Visitor::so_far() const {
    const std::lock_guard lock(mutex_);
    return visits_;
}

Visits Visitor::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    return so_far();
}

void Visitor::visit_until_stopped(const std::stop_token& stop) {
    NoProgress nobody;
    while (!stop.stop_requested()) {
        visit_once();
        (void)clock_.sleep(kBetweenVisits, nobody);
    }
}

void Visitor::visit_once() {
    const auto where = address();
    if (!where) return;
    const std::string problem = problem_at(*where);
    const bool is_broken = !problem.empty() && address() == where;
    const std::lock_guard lock(mutex_);
    ++visits_.made;
    if (is_broken) {
        ++visits_.failed;
        visits_.last_failure = fmt::format("{}: {}", where->url(), problem);
    } else if (!problem.empty()) {
        ++visits_.moved;
    }
}

std::optional<Endpoint> Visitor::address() {
    const auto view = forge_.observe(number_);
    return view ? address_in(view->labels) : std::nullopt;
}

std::string Visitor::problem_at(const Endpoint& where) {
    const auto answer = http_.send({.url = where.url() + "/", .timeout = kPatience});
    if (!answer) return answer.error().message();
    return answer->status == 200 ? "" : fmt::format("status {}", answer->status);
}

}  // namespace ringmaster::app
