#include "sim/broken_ports.h"

#include <algorithm>

#include "ports/clock.h"
#include "shows/labels.h"

namespace ringmaster::sim {
namespace {

constexpr Duration kLease = std::chrono::minutes(5);
constexpr Duration kMargin = std::chrono::minutes(1);

}  // namespace

Result<Claimed> BrokenClaims::acquire_without_verify(const PullRequestView& seen) {
    int number = 1;
    for (const auto& token : seen.claim_tokens) {
        if (clock_.now() < token.expires_at + kMargin)
            return Fail(Error::busy("another worker has it").retry_after(std::chrono::seconds(5)));
        number = std::max(number, token.number + 1);
    }
    const TimePoint expires = clock_.now() + kLease;
    const std::string holder = fmt::format("{:032x}", line_.draw());
    const auto created = TRY(tokens_.create(seen.pull_request.number, number, holder, expires));
    if (!created) return Fail(Error::conflict("another worker was quicker"));
    return Claimed{
        {seen.pull_request.number, holder, expires - kMargin, {{number, created->id, holder, expires}}},
        TRY(forge_.observe(seen.pull_request.number))};
}

Result<Claimed> BrokenClaims::acquire_nothing(const PullRequestView& seen) {
    const TimePoint expires = clock_.now() + kLease;
    return Claimed{{seen.pull_request.number, "nobody", expires - kMargin, {{1, "TO_0", "nobody", expires}}},
                   TRY(forge_.observe(seen.pull_request.number))};
}

Result<Claimed> BrokenClaims::acquire(const PullRequestView& seen, Progress& progress) {
    switch (line_.world().options.broken) {
        case Broken::ClaimWithoutVerify:
            return acquire_without_verify(seen);
        case Broken::NoClaim:
            return acquire_nothing(seen);
        default:
            return claims_.acquire(seen, progress);
    }
}

Result<void> BrokenClaims::extend(Claim& claim) {
    return claims_.extend(claim);
}
Result<void> BrokenClaims::release(const Claim& claim) {
    return claims_.release(claim);
}
Result<void> BrokenClaims::release_holder(int number, std::string_view holder) {
    return claims_.release_holder(number, holder);
}

Result<Claimed> FencelessClaims::acquire(const PullRequestView& seen, Progress& progress) {
    auto claimed = claims_.acquire(seen, progress);
    if (claimed && line_.world().options.broken == Broken::NoFence)
        claimed->claim.valid_until += std::chrono::hours(24);
    return claimed;
}

Result<PullRequestView> BrokenForge::observe(int number) {
    PullRequestView view = TRY(forge_.observe(number));
    if (is(Broken::StopUnseen) && line_.world().actor().run != 0) {
        std::erase(view.labels, std::string(shows::kStopTrigger));
        view.pull_request.state = PullRequestState::Open;
    }
    if (is(Broken::EventCounts)) view.comment.reset();
    if (is(Broken::WantedVersionUnwatched))
        view.pull_request.head = first_heads_.try_emplace(number, view.pull_request.head).first->second;
    if (const auto told = told_heads_.find(number); is(Broken::EventBelieved) && told != told_heads_.end())
        view.pull_request.head = told->second;
    return view;
}

Result<ChangeOutcome> BrokenForge::apply(const PullRequestView& view, const PullRequestChange& change) {
    PullRequestChange altered = change;
    if (is(Broken::CommentStays) && view.comment) altered.comment.reset();
    if (is(Broken::StartStays)) std::erase(altered.remove_labels, std::string(shows::kStartTrigger));
    const Actor& actor = line_.world().actor();
    if (!is(Broken::AllLabelsReplaced) || actor.run == 0) {
        auto outcome = forge_.apply(view, altered);
        if (outcome && is(Broken::StopUnseen))
            std::erase(outcome->view.labels, std::string(shows::kStopTrigger));
        return outcome;
    }
    PullRequestView all = view;
    all.labels = line_.world().forge.item(view.pull_request.number).now.labels;
    for (const auto& name : all.labels)
        if (!shows::sha_of_label(name) && !std::ranges::binary_search(actor.labels_at_claim, name))
            altered.remove_labels.push_back(name);
    return forge_.apply(all, altered);
}

Result<std::vector<PullRequestSummary>> BrokenForge::or_what_came(
    Result<std::vector<PullRequestSummary>> listed) {
    if (listed || !is(Broken::PartialAsComplete)) return listed;
    return std::vector<PullRequestSummary>();
}

Result<std::vector<PullRequestSummary>> BrokenForge::list_open() {
    return or_what_came(forge_.list_open());
}
Result<std::vector<PullRequestSummary>> BrokenForge::list_labelled() {
    return or_what_came(forge_.list_labelled());
}

Result<Endpoint> BrokenRuntime::deploy(const ShowSpec& spec, Progress& progress) {
    if (is(Broken::DeleteBeforeSwitch)) {
        for (const auto& service : TRY(runtime_.list_managed())) {
            const bool is_old = service.show.pull_request_number == spec.show.pull_request_number &&
                                service.show.sha != spec.show.sha;
            if (is_old) TRY(runtime_.remove(service.show, progress));
        }
    }
    return runtime_.deploy(spec, progress);
}

Result<std::vector<Service>> BrokenRuntime::list_managed() {
    return runtime_.list_managed();
}

Result<void> BrokenRuntime::remove(const ShowId& show, Progress& progress) {
    if (is(Broken::LabelsBeforeRemoval)) return {};
    return runtime_.remove(show, progress);
}

}  // namespace ringmaster::sim
