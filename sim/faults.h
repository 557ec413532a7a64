#pragma once
// What can go wrong, and whether it does. Every single misfortune has a key that does not depend on the
// others, so that one can be taken out of a history and the rest stays (shrink.h).

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace ringmaster::sim {

enum class Fault : std::uint8_t {
    ErrorBefore,      ///< a request fails and had no effect
    LostReply,        ///< it had its effect, and the answer is lost
    LateEffect,       ///< the caller gives up waiting; the effect comes later
    RateLimit,        ///< the forge asks for patience
    Stall,            ///< a request takes very long
    PartialChange,    ///< the first part of a change is done, then the answer is an error
    PartialListing,   ///< a listing breaks off: an error, never a shorter list
    SkippedExtras,    ///< labels are changed, comment and deployment record are not
    Crash,            ///< the process is gone, at any call
    Interrupt,        ///< somebody presses Ctrl-C
    ServiceDeath,     ///< a running service ends by itself
    Lag,              ///< readings are old, each token by its own measure
    DuplicateTokens,  ///< two creations of one name within the lag both succeed
    ClockJump,        ///< somebody sets a machine's clock
    LostEvent,        ///< a webhook does not arrive
    DoubledEvent,     ///< it arrives twice
    LateEvent,        ///< it arrives after others that were sent later
};
inline constexpr std::size_t kFaults = 17;
std::string_view to_string(Fault fault);

class FaultSet {
 public:
    static FaultSet all();
    static FaultSet none() { return FaultSet(0); }
    /// "all", "none", names with commas, and "-name" for all but that one. Errors: InvalidInput.
    static Result<FaultSet> parse(std::string_view text);
    bool has(Fault fault) const { return ((bits_ >> static_cast<unsigned>(fault)) & 1U) != 0; }
    void add(Fault fault) { bits_ |= 1U << static_cast<unsigned>(fault); }
    void remove(Fault fault) { bits_ &= ~(1U << static_cast<unsigned>(fault)); }
    std::string text() const;

 private:
    explicit FaultSet(std::uint32_t bits) : bits_(bits) {}
    std::uint32_t bits_ = 0;
};

/// One thing that was drawn and happened; the key takes it out of the next run.
struct Mishap {
    std::uint64_t key = 0;
    std::string what;
};

/// What a port call can meet; others are never drawn for it.
enum class CallKind { Read, Listing, Change, Token, Engine, EngineListing, Pulse };

class Fate {
 public:
    /// Which kinds of faults a history has, and how many of each, is drawn from its seed too: histories with
    /// one kind go deeper into it than histories with all.
    Fate(std::uint64_t seed, FaultSet allowed, const std::set<std::uint64_t>& taken_out);

    /// What happens to call number `call` of the process `stream`.
    std::optional<Fault> of_call(CallKind kind, std::uint64_t stream, std::uint64_t call);
    /// Whether a fault that is no call's happens: `key` names the occasion.
    bool strikes(Fault fault, std::uint64_t key);
    /// Whether something people do in this history takes place.
    bool is_taken_out(std::uint64_t key) const { return taken_out_.contains(key); }
    bool has(Fault fault) const { return !is_over_ && rates_[static_cast<std::size_t>(fault)] > 0; }

    /// From now on nothing goes wrong any more.
    void end() { is_over_ = true; }
    bool is_over() const { return is_over_; }
    const std::vector<std::uint64_t>& struck() const { return struck_; }

 private:
    std::uint64_t seed_;
    const std::set<std::uint64_t>& taken_out_;
    std::array<std::uint32_t, kFaults> rates_{};  ///< per 100,000 occasions
    bool is_over_ = false;
    std::vector<std::uint64_t> struck_;
};

}  // namespace ringmaster::sim
