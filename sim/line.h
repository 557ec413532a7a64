#pragma once
// The line between a process and the world: every port call goes through here, takes time, meets its fate,
// and lets others run meanwhile.

#include <optional>
#include <string_view>

#include "sim/world.h"

namespace ringmaster::sim {

class Line {
 public:
    Line(World& world, Process& process) : world_(world), process_(process) {}

    World& world() { return world_; }
    Process& process() { return process_; }

    /// One request: `effect` happens at one moment on the way; `send_late` gives a copy of it that can happen
    /// after the caller has given up. Effect: `Result<T>(Fault, or nothing)` → Result<T>.
    template <typename Effect, typename SendLate>
    auto request(CallKind kind, std::string_view what, Effect effect, SendLate send_late)
        -> decltype(effect(std::optional<Fault>())) {
        const auto fault = begin(kind, what);
        if (fault == Fault::ErrorBefore || fault == Fault::RateLimit || fault == Fault::PartialListing) {
            travel(fault);
            return Fail(error_of(*fault, what));
        }
        if (fault == Fault::LateEffect) {
            world_.scheduler.at(world_.now() + kRequestTimeout + late_by(), send_late());
            wait(kRequestTimeout);
            return Fail(error_of(*fault, what));
        }
        if (fault == Fault::Crash && !dies_after_sending()) die();
        travel(fault, [&] { (void)effect(std::nullopt); });
        auto result = effect(fault);
        if (fault == Fault::Crash) die();
        travel(std::nullopt);
        if (fault == Fault::LostReply || fault == Fault::PartialChange) return Fail(error_of(*fault, what));
        return result;
    }
    /// One that changes nothing.
    template <typename Effect>
    auto read(CallKind kind, std::string_view what, Effect effect) -> decltype(effect()) {
        const auto fault = begin(kind, what);
        if (fault == Fault::Crash) die();
        travel(fault);
        auto result = effect();
        travel(std::nullopt);
        if (fault && *fault != Fault::Stall) return Fail(error_of(*fault, what));
        return result;
    }
    /// Waits for `length`, with a pulse a second.
    Result<void> wait_with_pulses(Duration length, Progress& progress);
    /// Ends a crashed process's code here.
    void check_alive();
    /// A number that depends on this call only.
    std::uint64_t draw() const { return mix(process_.stream, process_.calls ^ 0xd4a3000000ULL); }

    static constexpr Duration kRequestTimeout = std::chrono::seconds(15);

 private:
    std::optional<Fault> begin(CallKind kind, std::string_view what);
    /// Half of a request's time. `in_flight`: what arrives although its sender dies meanwhile.
    void travel(std::optional<Fault> fault, const std::function<void()>& in_flight = nullptr);
    void wait(Duration length);
    [[noreturn]] void die();
    bool dies_after_sending() const { return (draw() >> 40 & 1) != 0; }
    Duration late_by() const { return Duration(static_cast<std::int64_t>(draw() >> 8 & 0xfff)); }
    Error error_of(Fault fault, std::string_view what) const;

    World& world_;
    Process& process_;
};

}  // namespace ringmaster::sim
