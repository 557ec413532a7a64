#include "sim/faults.h"

#include <span>

#include "base/text.h"
#include "sim/random.h"

namespace ringmaster::sim {
namespace {

constexpr std::uint32_t kOccasions = 100'000;

struct FaultTraits {
    Fault fault;
    std::string_view name;
    std::uint32_t rate;  ///< per kOccasions, in a history of average misfortune
};
constexpr std::array<FaultTraits, kFaults> kTraits = {{
    {Fault::ErrorBefore, "error-before", 700},
    {Fault::LostReply, "lost-reply", 700},
    {Fault::LateEffect, "late-effect", 300},
    {Fault::RateLimit, "rate-limit", 300},
    {Fault::Stall, "stall", 500},
    {Fault::PartialChange, "partial-change", 1000},
    {Fault::PartialListing, "partial-listing", 3000},
    {Fault::SkippedExtras, "skipped-extras", 1000},
    {Fault::Crash, "crash", 300},
    {Fault::Interrupt, "interrupt", 30},
    {Fault::ServiceDeath, "service-death", 10'000},
    {Fault::Lag, "lag", kOccasions},
    {Fault::DuplicateTokens, "duplicate-tokens", 50'000},
    {Fault::ClockJump, "clock-jump", 20'000},
    {Fault::LostEvent, "lost-event", 15'000},
    {Fault::DoubledEvent, "doubled-event", 15'000},
    {Fault::LateEvent, "late-event", 15'000},
}};

std::span<const Fault> faults_of(CallKind kind) {
    using enum Fault;
    static constexpr std::array kRead = {ErrorBefore, LostReply, RateLimit, Stall, Crash};
    static constexpr std::array kListing = {ErrorBefore, PartialListing, RateLimit, Stall, Crash};
    static constexpr std::array kChange = {ErrorBefore, LostReply,     LateEffect,    RateLimit,
                                           Stall,       PartialChange, SkippedExtras, Crash};
    static constexpr std::array kToken = {ErrorBefore, LostReply, LateEffect, RateLimit, Stall, Crash};
    static constexpr std::array kEngine = {ErrorBefore, LostReply, Stall, Crash};
    static constexpr std::array kPulse = {Interrupt, Crash};
    switch (kind) {
        case CallKind::Read:
            return kRead;
        case CallKind::Listing:
        case CallKind::EngineListing:
            return kListing;
        case CallKind::Change:
            return kChange;
        case CallKind::Token:
            return kToken;
        case CallKind::Engine:
            return kEngine;
        case CallKind::Pulse:
            return kPulse;
    }
    return {};
}

// A build waits hundreds of times for each request that is sent.
constexpr std::uint32_t kPulsesPerRequest = 30;

}  // namespace

std::string_view to_string(Fault fault) {
    return kTraits[static_cast<std::size_t>(fault)].name;
}

FaultSet FaultSet::all() {
    return FaultSet((1U << kFaults) - 1);
}

Result<FaultSet> FaultSet::parse(std::string_view text) {
    if (text == "all") return all();
    if (text == "none" || text.empty()) return none();
    FaultSet set = text.starts_with('-') ? all() : none();
    for (auto word : split(text, ',')) {
        const bool takes_away = word.starts_with('-');
        if (takes_away) word.remove_prefix(1);
        const FaultTraits* found = nullptr;
        for (const auto& traits : kTraits)
            if (traits.name == word) found = &traits;
        if (!found) {
            std::vector<std::string> names;
            for (const auto& traits : kTraits) names.emplace_back(traits.name);
            return Fail(Error::invalid_input("there is no fault \"{}\"", word)
                            .hint("the faults are: " + join(names, ", ")));
        }
        if (takes_away)
            set.remove(found->fault);
        else
            set.add(found->fault);
    }
    return set;
}

std::string FaultSet::text() const {
    std::vector<std::string> names;
    for (const auto& traits : kTraits)
        if (has(traits.fault)) names.emplace_back(traits.name);
    if (names.size() == kFaults) return "all";
    return names.empty() ? "none" : join(names, ",");
}

Fate::Fate(std::uint64_t seed, FaultSet allowed, const std::set<std::uint64_t>& taken_out)
    : seed_(mix(seed, 0xfa7e)), taken_out_(taken_out) {
    Random random(seed_);
    for (const auto& traits : kTraits) {
        // Half of the kinds are absent from a history; the others are up to four times rarer or commoner.
        const bool is_there = random.one_in(2);
        const auto quarters = static_cast<std::uint32_t>(random.between(1, 16));
        const std::uint32_t rate = traits.rate == kOccasions ? kOccasions : traits.rate * quarters / 4;
        if (is_there && allowed.has(traits.fault)) rates_[static_cast<std::size_t>(traits.fault)] = rate;
    }
}

std::optional<Fault> Fate::of_call(CallKind kind, std::uint64_t stream, std::uint64_t call) {
    if (is_over_) return std::nullopt;
    const std::uint64_t key = mix(stream, call);
    std::uint32_t roll = static_cast<std::uint32_t>(mix(seed_, key) % kOccasions);
    for (const Fault fault : faults_of(kind)) {
        std::uint32_t rate = rates_[static_cast<std::size_t>(fault)];
        if (kind == CallKind::Pulse) rate /= kPulsesPerRequest;
        if (roll < rate) {
            if (taken_out_.contains(key)) return std::nullopt;
            struck_.push_back(key);
            return fault;
        }
        roll -= rate;
    }
    return std::nullopt;
}

bool Fate::strikes(Fault fault, std::uint64_t key) {
    if (is_over_) return false;
    const std::uint32_t rate = rates_[static_cast<std::size_t>(fault)];
    if (rate == 0) return false;
    const std::uint64_t own_key = mix(key, static_cast<std::uint64_t>(fault));
    if (mix(seed_, own_key) % kOccasions >= rate || taken_out_.contains(own_key)) return false;
    struck_.push_back(own_key);
    return true;
}

}  // namespace ringmaster::sim
