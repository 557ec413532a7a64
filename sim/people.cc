#include "sim/people.h"

#include <algorithm>
#include <array>

#include "shows/labels.h"

namespace ringmaster::sim {
namespace {

using What = Deed::What;

constexpr std::array<std::string_view, 3> kOwnLabels = {"bug", "circus 🎪", "size/XL"};

CommitSha make_sha(std::uint64_t a, std::uint64_t b) {
    return *CommitSha::parse(fmt::format("{:016x}{:016x}{:08x}", mix(a, b), mix(b, a), 0));
}

}  // namespace

void People::open_pull_request(int number) {
    const CommitSha head = make_sha(mix(world_.options.seed, 0x5a), static_cast<std::uint64_t>(number));
    Random random(mix(world_.options.seed, 0xf0, static_cast<std::uint64_t>(number)));
    world_.forge.open({.number = number,
                       .is_draft = random.one_in(8),
                       .title = fmt::format("Change {}", number),
                       .author = "ada",
                       .head = head,
                       .head_subject = "A change",
                       .head_branch = fmt::format("change-{}", number),
                       .is_from_fork = random.one_in(6)});
    world_.referee.watch(number);
    world_.forge.item(number).commits = {head};
}

CommitSha People::new_head(const Deed& deed) {
    const auto& heads = world_.forge.item(deed.number).commits;
    if (deed.what == What::PushOldHead) return heads[deed.luck % heads.size()];
    if (deed.what == What::PushOthersHead) {
        const int other =
            1 + static_cast<int>(deed.luck % static_cast<std::uint64_t>(world_.options.pull_requests));
        return world_.forge.item(other).now.pull_request.head;
    }
    return make_sha(deed.luck, world_.options.seed);
}

void People::put(int number, std::string_view label, std::string_view login) {
    world_.forge.put_label(number, std::string(label), std::string(login), world_.now());
}
/// A trigger that somebody put on who had no right to is in the way: it goes first.
void People::put_trigger(int number, std::string_view label) {
    const auto setter = world_.forge.label_setter(number, std::string(label));
    if (setter && *setter != kMaintainer) take(number, label);
    put(number, label);
}
void People::take(int number, std::string_view label) {
    world_.forge.take_label(number, std::string(label), world_.now());
}

void People::set_state(int number, PullRequestState state) {
    world_.forge.change(number, world_.now()).now.pull_request.state = state;
}

void People::carry_out(const Deed& deed) {
    const int number = deed.number;
    auto& referee = world_.referee;
    auto& content = world_.forge.item(number).now;
    const bool is_open = content.pull_request.is_open();
    const auto has = [&](std::string_view label) {
        return std::ranges::binary_search(content.labels, std::string(label));
    };
    const auto put_own = [&](std::string_view label) {
        if (!has(label)) put(number, label);
        referee.put_label(number, std::string(label));
    };
    const auto take_own = [&](std::string_view label) {
        referee.took_label(number, std::string(label));
        take(number, label);
    };
    const std::string_view own = kOwnLabels[deed.luck % kOwnLabels.size()];
    switch (deed.what) {
        case What::PutStart:
            referee.asked_to_start(number);
            return put_trigger(number, shows::kStartTrigger);
        case What::TakeStart:
            if (has(shows::kStartTrigger)) referee.contradicted(number);
            return take(number, shows::kStartTrigger);
        case What::PutStop:
            if (world_.forge.label_setter(number, std::string(shows::kStopTrigger)) == kMaintainer) return;
            put_trigger(number, shows::kStopTrigger);
            return referee.asked_to_stop(number);
        case What::TakeStop:
            if (has(shows::kStopTrigger)) referee.contradicted(number);
            return take(number, shows::kStopTrigger);
        case What::Freeze:
            return put_own(shows::kFreeze);
        case What::Thaw:
            return take_own(shows::kFreeze);
        case What::Block:
            return put_own(shows::kBlocked);
        case What::Unblock:
            return take_own(shows::kBlocked);
        case What::PutOwnLabel:
            return put_own(own);
        case What::TakeOwnLabel:
            return take_own(own);
        case What::Push:
        case What::PushOldHead:
        case What::PushOthersHead:
            if (is_open) push(deed);
            return;
        case What::Close:
        case What::Merge:
            if (!is_open) return;
            set_state(number, deed.what == What::Merge ? PullRequestState::Merged : PullRequestState::Closed);
            return referee.asked_to_stop(number);
        case What::Reopen:
            if (content.pull_request.state != PullRequestState::Closed) return;
            set_state(number, PullRequestState::Open);
            return referee.reopened(number);
        case What::SetLife:
            referee.will_expire(number);
            return put(number, life_label(deed));
        case What::MarkDraft:
        case What::MarkReady:
            world_.forge.change(number, world_.now()).now.pull_request.is_draft =
                deed.what == What::MarkDraft;
            return;
        case What::Approve:
            referee.approved(number, content.pull_request.head.short_sha());
            return put(number,
                       shows::approval_label(content.pull_request.head.short_sha(), kMaintainer).name);
        case What::PutStartInVain:
            referee.asked_in_vain(number);
            return put(number, shows::kStartTrigger, kOnlooker);
        case What::RunCommand:
        case What::JumpClock:
        case What::TakeRight:
            return;
    }
}

void People::push(const Deed& deed) {
    const CommitSha head = new_head(deed);
    auto& item = world_.forge.change(deed.number, world_.now());
    item.now.pull_request.head = head;
    item.commits.push_back(head);
}

}  // namespace ringmaster::sim
