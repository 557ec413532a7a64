#include "sim/line.h"

#include <algorithm>

namespace ringmaster::sim {

void Line::check_alive() {
    if (process_.is_dead) throw Crashed{};
}

void Line::die() {
    world_.story.tell(world_.now(), process_.name, "is killed");
    world_.kill(process_);
    throw Crashed{};
}

void Line::wait(Duration length) {
    check_alive();
    world_.scheduler.wait_until(world_.now() + length);
    check_alive();
}

std::optional<Fault> Line::begin(CallKind kind, std::string_view what) {
    check_alive();
    ++process_.calls;
    ++world_.stats.port_calls;
    const bool is_forge =
        kind != CallKind::Engine && kind != CallKind::EngineListing && kind != CallKind::Pulse;
    if (is_forge) ++world_.stats.forge_requests;
    const auto fault = world_.fate.of_call(kind, process_.stream, process_.calls);
    if (fault) {
        ++world_.stats.changes;
        world_.story.tell(world_.now(), process_.name, "{}: meets {} [{:x}]", what, to_string(*fault),
                          mix(process_.stream, process_.calls));
    }
    return fault;
}

void Line::travel(std::optional<Fault> fault, const std::function<void()>& in_flight) {
    // Most requests take some 10 ms each way, a stalled one up to 10 s (its timeout is 15).
    const std::uint64_t chance = draw() >> (in_flight ? 16 : 4);
    const auto length = fault == Fault::Stall ? Duration(static_cast<std::int64_t>(chance % 10'000))
                                              : Duration(static_cast<std::int64_t>(chance % 40));
    world_.scheduler.wait_until(world_.now() + length);
    if (!process_.is_dead) return;
    if (in_flight && (chance >> 20 & 1) != 0) in_flight();  // it was on its way already
    throw Crashed{};
}

Result<void> Line::wait_with_pulses(Duration length, Progress& progress) {
    for (Duration left = length;;) {
        const auto fault = begin(CallKind::Pulse, "a wait");
        if (fault == Fault::Crash) die();
        if (fault == Fault::Interrupt) return Fail(Error::interrupted("somebody pressed Ctrl-C"));
        TRY(progress.pulse());
        if (left <= Duration(0)) return {};
        const Duration step = std::min<Duration>(left, std::chrono::seconds(1));
        wait(step);
        left -= step;
    }
}

Error Line::error_of(Fault fault, std::string_view what) const {
    switch (fault) {
        case Fault::RateLimit:
            return Error::rate_limited("{}: too many requests", what)
                .retry_after(std::chrono::seconds(5 + static_cast<int>(draw() % 60)));
        case Fault::LateEffect:
            return Error::timed_out("{}: no answer in time", what);
        case Fault::PartialListing:
            return Error::corrupt("{}: the listing broke off", what);
        default:
            return Error::unavailable("{}: the connection broke", what);
    }
}

}  // namespace ringmaster::sim
