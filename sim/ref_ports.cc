// The claim refs of one process: the register of the forge model, swapped and read over its line.

#include "sim/ports.h"

namespace ringmaster::sim {

Result<std::string> SimForge::write_claim(int, std::string_view holder, TimePoint expires_at) {
    World& world = line_.world();
    const auto write = [&world, holder = std::string(holder), expires_at]() -> Result<std::string> {
        if (!world.may(Right::Everything))
            return Fail(Error::unauthorized("writing a claim: the token may not do that (403)"));
        return world.forge.write_claim(holder, expires_at);
    };
    return line_.request(
        CallKind::Token, "claim object", [&](std::optional<Fault>) { return write(); },
        [&] { return [write] { (void)write(); }; });
}

Result<ClaimRefs::Swapped> SimForge::swap_claim(int pull_request_number,
                                                const std::optional<std::string>& before,
                                                const std::optional<std::string>& after) {
    World& world = line_.world();
    if (!after && world.options.broken == Broken::TokensStay) return Swapped{true, ""};
    const auto swap = [&world, pull_request_number, before, after,
                       who = line_.process().name]() -> Result<Swapped> {
        if (!world.may(Right::Everything))
            return Fail(Error::unauthorized("swapping a claim: the token may not do that (403)"));
        const auto expected = world.options.broken == Broken::SwapWithoutCompare
                                  ? world.forge.claim_ref(pull_request_number)
                                  : before;
        const bool is_done = world.forge.swap_claim(pull_request_number, expected, after, world.now());
        world.story.tell(world.now(), who, "#{}: {} its claim {}", pull_request_number,
                         after ? "writes" : "removes",
                         is_done ? "" : "in vain: the ref is at something else");
        return Swapped{is_done, is_done ? "" : "the ref is at something else"};
    };
    return line_.request(
        CallKind::Token, "swap", [&](std::optional<Fault>) { return swap(); },
        [&] { return [swap] { (void)swap(); }; });
}

Result<std::vector<int>> SimForge::claimed_pull_requests() {
    World& world = line_.world();
    auto listed = line_.read(CallKind::Listing, "list of claims", [&]() -> Result<std::vector<int>> {
        return world.forge.claimed_pull_requests();
    });
    if (!listed) world.actor().listing_broke = true;
    return listed;
}

}  // namespace ringmaster::sim
