#include "sim/people.h"

#include <algorithm>
#include <array>

#include "shows/labels.h"

namespace ringmaster::sim {
namespace {

using What = Deed::What;
using std::chrono::seconds;

struct Habit {
    What what;
    std::uint64_t weight;
};
constexpr std::array kHabits = {
    Habit{What::PutStart, 26},      Habit{What::TakeStart, 3},    Habit{What::PutStop, 10},
    Habit{What::TakeStop, 2},       Habit{What::Freeze, 4},       Habit{What::Thaw, 4},
    Habit{What::Block, 2},          Habit{What::Unblock, 4},      Habit{What::PutOwnLabel, 12},
    Habit{What::TakeOwnLabel, 4},   Habit{What::Push, 24},        Habit{What::PushOldHead, 4},
    Habit{What::PushOthersHead, 3}, Habit{What::Close, 5},        Habit{What::Merge, 2},
    Habit{What::Reopen, 8},         Habit{What::SetShortLife, 2}, Habit{What::RunCommand, 16},
    Habit{What::JumpClock, 2},
};
constexpr std::array<std::string_view, 3> kOwnLabels = {"bug", "circus 🎪", "size/XL"};
// Long enough for a few builds after one another, and for leases to run out.
constexpr std::int64_t kActiveSeconds = 40 * 60;

What draw_habit(Random& random) {
    std::uint64_t total = 0;
    for (const auto& habit : kHabits) total += habit.weight;
    std::uint64_t roll = random.below(total);
    for (const auto& habit : kHabits) {
        if (roll < habit.weight) return habit.what;
        roll -= habit.weight;
    }
    return What::Push;
}

CommitSha make_sha(std::uint64_t a, std::uint64_t b) {
    return *CommitSha::parse(fmt::format("{:016x}{:016x}{:08x}", mix(a, b), mix(b, a), 0));
}

}  // namespace

std::vector<Deed> plan_deeds(const Options& options, TimePoint start) {
    std::vector<Deed> deeds;
    Random random(mix(options.seed, 0x9e0));
    for (int number = 1; number <= options.pull_requests; ++number) {
        const auto count = random.between(3, 9);
        std::int64_t at = random.between(0, 300);
        for (std::int64_t i = 0; i < count; ++i) {
            Deed deed{.what = i == 0 && !random.one_in(5) ? What::PutStart : draw_habit(random),
                      .number = number,
                      .key = mix(0xdeed, static_cast<std::uint64_t>(number * 100 + i)),
                      .luck = random.next()};
            deed.when = start + Duration(at * 1000 + random.between(0, 999));
            deed.command = {static_cast<Command::What>(random.below(4)), number};
            deeds.push_back(deed);
            // People come in bursts: what is close together is what meets.
            at += random.one_in(2) ? random.between(0, 30) : random.between(0, kActiveSeconds / count);
        }
    }
    std::ranges::stable_sort(deeds, {}, &Deed::when);
    return deeds;
}

std::string describe(const Deed& deed) {
    switch (deed.what) {
        case What::PutStart:
            return "adds the start trigger";
        case What::TakeStart:
            return "takes the start trigger off";
        case What::PutStop:
            return "adds the stop trigger";
        case What::TakeStop:
            return "takes the stop trigger off";
        case What::Freeze:
            return "freezes";
        case What::Thaw:
            return "thaws";
        case What::Block:
            return "blocks";
        case What::Unblock:
            return "unblocks";
        case What::PutOwnLabel:
            return "adds a label of their own";
        case What::TakeOwnLabel:
            return "takes a label of their own off";
        case What::Push:
            return "pushes a new commit";
        case What::PushOldHead:
            return "force-pushes back to an earlier commit";
        case What::PushOthersHead:
            return "pushes the commit of another pull request";
        case What::Close:
            return "closes";
        case What::Merge:
            return "merges";
        case What::Reopen:
            return "reopens";
        case What::SetShortLife:
            return "adds the label 🎪 ⌛ 1h";
        case What::RunCommand:
            return fmt::format("runs `ringmaster {}`", to_string(deed.command.what));
        case What::JumpClock:
            return "sets a machine's clock";
    }
    return "";
}

void People::open_pull_request(int number) {
    const CommitSha head = make_sha(mix(world_.options.seed, 0x5a), static_cast<std::uint64_t>(number));
    world_.forge.open({.number = number,
                       .title = fmt::format("Change {}", number),
                       .author = "ada",
                       .head = head,
                       .head_subject = "A change",
                       .head_branch = fmt::format("change-{}", number)});
    world_.referee.watch(number);
    heads_[number] = {head};
}

CommitSha People::new_head(const Deed& deed) {
    auto& heads = heads_[deed.number];
    if (deed.what == What::PushOldHead) return heads[deed.luck % heads.size()];
    if (deed.what == What::PushOthersHead) {
        const int other =
            1 + static_cast<int>(deed.luck % static_cast<std::uint64_t>(world_.options.pull_requests));
        return world_.forge.item(other).now.pull_request.head;
    }
    return make_sha(deed.luck, world_.options.seed);
}

void People::put(int number, std::string_view label) {
    world_.forge.put_label(number, std::string(label), world_.now());
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
            return put(number, shows::kStartTrigger);
        case What::TakeStart:
            if (has(shows::kStartTrigger)) referee.contradicted(number);
            return take(number, shows::kStartTrigger);
        case What::PutStop:
            put(number, shows::kStopTrigger);
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
        case What::PushOthersHead: {
            if (!is_open) return;
            const CommitSha head = new_head(deed);
            world_.forge.change(number, world_.now()).now.pull_request.head = head;
            heads_[number].push_back(head);
            return;
        }
        case What::Close:
        case What::Merge:
            if (!is_open) return;
            set_state(number, deed.what == What::Merge ? PullRequestState::Merged : PullRequestState::Closed);
            return referee.asked_to_stop(number);
        case What::Reopen:
            if (content.pull_request.state != PullRequestState::Closed) return;
            set_state(number, PullRequestState::Open);
            return referee.reopened(number);
        case What::SetShortLife:
            referee.will_expire(number);
            return put(number, "🎪 ⌛ 1h");
        case What::RunCommand:
        case What::JumpClock:
            return;
    }
}

}  // namespace ringmaster::sim
