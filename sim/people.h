#pragma once
// What people do in a history: planned from the seed before it begins, carried out when its time comes, each
// deed removable by its key.

#include <string>
#include <vector>

#include "sim/replica.h"

namespace ringmaster::sim {

struct Deed {
    enum class What {
        PutStart,
        TakeStart,
        PutStop,
        TakeStop,
        Freeze,
        Thaw,
        Block,
        Unblock,
        PutOwnLabel,
        TakeOwnLabel,
        Push,
        PushOldHead,     ///< a force-push back to what was there before
        PushOthersHead,  ///< the same commit as another pull request's
        Close,
        Merge,
        Reopen,
        SetLife,
        MarkDraft,
        MarkReady,
        Approve,         ///< of a fork's newest commit, by its label
        PutStartInVain,  ///< by somebody who may put labels on and nothing else
        TakeRight,       ///< the servers' token may not do something for some minutes
        RunCommand,
        JumpClock,
    };
    TimePoint when;
    What what = What::Push;
    int number = 0;
    std::uint64_t key = 0;
    std::uint64_t luck = 0;
    Command command;
};

std::vector<Deed> plan_deeds(const Options& options, TimePoint start);
/// The label that SetLife puts on.
std::string life_label(const Deed& deed);
/// What TakeRight takes.
Right right_of(const Deed& deed);
/// In words, for the story.
std::string describe(const Deed& deed);

class People {
 public:
    explicit People(World& world) : world_(world) {}
    void open_pull_request(int number);
    /// Commands, clocks and rights are not theirs to carry out here.
    void carry_out(const Deed& deed);

 private:
    CommitSha new_head(const Deed& deed);
    void put(int number, std::string_view label, std::string_view login = kMaintainer);
    void put_trigger(int number, std::string_view label);
    void push(const Deed& deed);
    void take(int number, std::string_view label);
    void set_state(int number, PullRequestState state);

    World& world_;
};

}  // namespace ringmaster::sim
