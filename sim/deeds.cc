#include <algorithm>
#include <array>

#include "sim/people.h"

namespace ringmaster::sim {
namespace {

using What = Deed::What;
struct Habit {
    What what;
    std::uint64_t weight;
};
constexpr std::array kHabits = {
    Habit{What::PutStart, 26},      Habit{What::TakeStart, 3},      Habit{What::PutStop, 10},
    Habit{What::TakeStop, 2},       Habit{What::Freeze, 4},         Habit{What::Thaw, 4},
    Habit{What::Block, 2},          Habit{What::Unblock, 4},        Habit{What::PutOwnLabel, 12},
    Habit{What::TakeOwnLabel, 4},   Habit{What::Push, 24},          Habit{What::PushOldHead, 4},
    Habit{What::PushOthersHead, 3}, Habit{What::Close, 5},          Habit{What::Merge, 2},
    Habit{What::Reopen, 8},         Habit{What::SetLife, 5},        Habit{What::RunCommand, 18},
    Habit{What::JumpClock, 2},      Habit{What::MarkDraft, 2},      Habit{What::MarkReady, 4},
    Habit{What::Approve, 8},        Habit{What::PutStartInVain, 2}, Habit{What::TakeRight, 4},
};
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
            deed.command = {static_cast<Command::What>(random.below(6)), number};
            deeds.push_back(deed);
            // People come in bursts: what is close together is what meets.
            at += random.one_in(2) ? random.between(0, 30) : random.between(0, kActiveSeconds / count);
        }
    }
    std::ranges::stable_sort(deeds, {}, &Deed::when);
    return deeds;
}

std::string life_label(const Deed& deed) {
    // What is over within a history, what is not, and what nobody can read.
    static constexpr std::array<std::string_view, 7> kLives = {"1h", "1h",    "2h",  "24h",
                                                               "1w", "close", "soon"};
    return fmt::format("🎪 ⌛ {}", kLives[deed.luck % kLives.size()]);
}

Right right_of(const Deed& deed) {
    return static_cast<Right>(deed.luck % kRights);
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
        case What::SetLife:
            return fmt::format("adds the label {}", life_label(deed));
        case What::MarkDraft:
            return "makes it a draft";
        case What::MarkReady:
            return "says that it is no draft any more";
        case What::Approve:
            return "approves its newest commit";
        case What::PutStartInVain:
            return "adds the start trigger without the right to";
        case What::TakeRight:
            return fmt::format("takes a right from the token: {}", to_string(right_of(deed)));
        case What::RunCommand:
            return fmt::format("runs `ringmaster {}`", to_string(deed.command.what));
        case What::JumpClock:
            return "sets a machine's clock";
    }
    return "";
}

}  // namespace ringmaster::sim
