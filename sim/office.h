#pragma once
// One process's production objects, wired to the simulated ports as app/ wires them to the real ones.

#include "shows/ref_claims.h"
#include "shows/service.h"
#include "shows/token_claims.h"
#include "sim/broken_ports.h"
#include "sim/engine_ports.h"
#include "sim/ports.h"

namespace ringmaster::sim {

/// Tells the referee who has which lease; changes nothing.
class WatchedClaims final : public Claims {
 public:
    WatchedClaims(Claims& claims, Line& line) : claims_(claims), line_(line) {}
    Result<Claimed> acquire(const PullRequestView& seen, Progress& progress) override;
    Result<void> extend(Claim& claim) override;
    Result<void> release(const Claim& claim) override;
    Result<void> release_holder(int pull_request_number, std::string_view holder) override;

 private:
    Claims& claims_;
    Line& line_;
};

struct Office {
    Office(World& world, Process& process);

    Line line;
    SimClock clock;
    SimEntropy entropy;
    SimForge forge;
    SimBuilder builder;
    SimRuntime runtime;
    SimWeb web;
    SimHistory history;
    BrokenForge broken_forge;
    shows::TokenClaims token_claims;
    shows::RefClaims ref_claims;
    BrokenClaims broken_claims;
    WatchedClaims claims;
    FencelessClaims fenceless_claims;
    BrokenRuntime broken_runtime;
    shows::ShowService service;
};

}  // namespace ringmaster::sim
