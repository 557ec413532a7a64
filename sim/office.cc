#include "sim/office.h"

namespace ringmaster::sim {
namespace {

shows::Settings settings_of(const World& world) {
    return {.repository = world.repository, .policy = world.policy};
}

bool uses_refs(const World& world) {
    return world.options.claims == ClaimsKind::Refs;
}

}  // namespace

Result<Claimed> WatchedClaims::acquire(const PullRequestView& seen, Progress& progress) {
    auto claimed = claims_.acquire(seen, progress);
    World& world = line_.world();
    if (!claimed) return claimed;
    world.actor().run = world.referee.claim_taken(line_.process(), claimed->claim);
    world.actor().run_number = claimed->claim.pull_request_number;
    world.actor().labels_at_claim = claimed->view.labels;
    world.story.tell(world.now(), line_.process().name, "#{}: has the lease", seen.pull_request.number);
    return claimed;
}

Result<void> WatchedClaims::extend(Claim& claim) {
    World& world = line_.world();
    auto extended = claims_.extend(claim);
    const int run = world.actor().run;
    if (extended)
        world.referee.claim_extended(run, claim);
    else
        world.referee.claim_ended(run);
    world.story.tell(world.now(), line_.process().name, "#{}: lease {}", claim.pull_request_number,
                     extended ? "extended" : "lost");
    return extended;
}

Result<void> WatchedClaims::release(const Claim& claim) {
    World& world = line_.world();
    // From the moment it is sent, nothing of this run may reach the world any more.
    world.referee.claim_ended(world.actor().run);
    world.actor().run = 0;
    return claims_.release(claim);
}

Result<void> WatchedClaims::release_holder(int pull_request_number, std::string_view holder) {
    return claims_.release_holder(pull_request_number, holder);
}

Office::Office(World& world, Process& process)
    : line(world, process),
      clock(line),
      entropy(mix(process.stream, 0xe17)),
      forge(line),
      builder(line),
      runtime(line),
      web(line),
      history(line),
      broken_forge(forge, line),
      token_claims(broken_forge, forge, clock, entropy, {}),
      ref_claims(broken_forge, forge, clock, entropy, {}),
      broken_claims(uses_refs(world) ? static_cast<Claims&>(ref_claims) : token_claims, forge, forge, clock,
                    line),
      claims(broken_claims, line),
      fenceless_claims(claims, line),
      broken_runtime(runtime, line),
      service({.forge = broken_forge,
               .claims = fenceless_claims,
               .builder = builder,
               .runtime = broken_runtime,
               .http = web,
               .clock = clock,
               .history = history,
               .leftovers = uses_refs(world) ? &ref_claims : nullptr},
              settings_of(world)) {}

}  // namespace ringmaster::sim
