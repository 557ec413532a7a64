#pragma once
// Watches every step of a history for the seven invariants of docs/architecture.md, "Simulation", and judges
// what is left when all has settled. It knows the truth and what people asked for; it never tells.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/show.h"
#include "ports/claims.h"

namespace ringmaster::sim {

struct World;
struct Process;
struct Actor;

/// What people last asked of a pull request.
enum class Wish {
    NoShow,
    Show,
    Either,  ///< they contradicted themselves, or a machine's delay decides what they meant
};

struct Violation {
    int invariant = 0;  ///< 1 to 7, as in docs/reliability.md; 8: it does not settle; 9: too many requests;
                        ///< 10: what the repository forbids
    std::string what;
};

class Referee {
 public:
    explicit Referee(World& world) : world_(world) {}

    /// The first one, if there is any.
    const std::optional<Violation>& violation() const { return violation_; }
    /// The name of a limit of the design (docs/reliability.md) that this history ran into; what comes after
    /// it is not judged.
    const std::string& limit() const { return limit_; }
    bool is_decided() const { return violation_ || !limit_.empty(); }
    void violated(int invariant, std::string what);

    // What people do.
    void asked_to_start(int number);
    void asked_to_stop(int number);
    void contradicted(int number);
    /// A show of it may end by itself; from now on both outcomes are right.
    void will_expire(int number);
    /// A command to start or stop is under way: until it ends nobody can tell which it will be. Returns what
    /// command_ended needs.
    int command_began(int number);
    /// The comment or the records could not be written although they were to be; `all`: now they were.
    void extras_written(int number, bool all, const std::string& by);
    /// They must not be: it is tried again for two minutes, and then only while labels of ours are there.
    void extras_forbidden(int number) { shows_.at(number).may_miss_extras = true; }
    /// A command that is run by somebody with the right to takes any trigger for his own wish.
    void sync_began(int number);
    void sync_ended(int number) { --shows_.at(number).syncs; }
    void asked_in_vain(int number);
    void command_ended(int number, int deeds_before, std::optional<Wish> result);
    /// A command of any kind is over. What it tried twice to write beside the labels may stay as it is.
    void process_ended(const Process& process);
    void reopened(int number);
    /// That version of it may run, should it be a fork's.
    void approved(int number, const ShortSha& sha) { shows_.at(number).approvals.insert(sha); }
    void put_label(int number, const std::string& name);
    void took_label(int number, const std::string& name);
    Wish wish(int number) const { return shows_.at(number).wish; }
    void watch(int number) { shows_[number]; }

    // Leases. A run is the time from taking one to giving it up.
    int claim_taken(const Process& process, const Claim& claim);
    void claim_extended(int run, const Claim& claim);
    void claim_ended(int run);
    void process_died(const Process& process);

    // Effects on the world, each reported when it happens.
    /// `run` of a lease's holder changes something of the pull request that others can see.
    void acts(int run, const std::string& who, int number, std::string_view what);
    void will_change(int number);  ///< right before any effect of a worker …
    void has_changed(int number);  ///< … and right after it
    /// `run`: whose doing it is. `looked_at`: the newest moment of this pull request that whoever does it has
    /// certainly read.
    void comes_alive(int run, int number, std::string_view what, std::optional<TimePoint> looked_at);
    /// Code of that version is run: built or started.
    void uses(const ShowId& show);
    void service_died(int number) { shows_.at(number).died_at = now(); }
    void sweeps_after_broken_listing(std::string_view what);

    /// What must be so when nothing goes wrong any more and everybody looked.
    void judge_settled();
    void judge_requests();
    /// What people and visitors find of each pull request, and how often it was written: the same event
    /// delivered again must not change it.
    std::map<int, std::string> pictures() const;
    void judge_repetition(const std::map<int, std::string>& before);

 private:
    struct Holder {
        int number = 0;
        const Process* process = nullptr;
        TimePoint relied_on_until;
        TimePoint expires_at;  ///< as everybody reads it
        /// His lease's name was there when he created it (the fault `dup`).
        bool is_duplicate = false;
    };
    struct Watched {
        Wish wish = Wish::NoShow;
        bool is_gone = true;         ///< what was asked to end has ended
        TimePoint end_asked_at{};    ///< when people last wanted it to end
        TimePoint start_asked_at{};  ///< when people last wanted a show
        bool may_go_dark = false;    ///< a rebuild was asked for: it takes the service away for a while
        bool was_visitable = false;
        bool is_short_lived = false;
        std::optional<TimePoint> died_at;  ///< when a service of it last ended by itself
        int deeds = 0;                     ///< how often anybody asked for anything
        int latest_run = 0;
        int syncs = 0;
        int commands = 0;              ///< that start or stop, under way
        std::string owes_extras;       ///< the process that could not write comment or records
        int extra_tries = 0;           ///< how often in a row it could not
        bool may_miss_extras = false;  ///< it died with the knowledge of it, or it tried again in vain
        std::set<ShortSha> approvals;
        std::set<std::string> own_labels;  ///< what people put on and did not take off
    };
    TimePoint now() const;
    std::optional<std::string> visitable_at(int number) const;
    bool has_traces(int number) const;
    void note_end(int number);
    void check_own_labels(int number);
    void judge_closed_or_stopped(int number, std::string_view why);
    void judge_show(int number);
    void judge_running(int number, const Show& wanted);
    void judge_lifetime(int number);
    bool is_about_to_end(int number) const;
    bool is_held(int number) const;
    bool is_refused(int number) const;
    int shows_elsewhere(int number) const;
    void judge_tokens();
    void judge_comment(int number, bool is_live);
    std::string name_of(int number) const;
    std::string picture_of(int number) const;

    World& world_;
    std::optional<Violation> violation_;
    std::string limit_;
    std::map<int, Watched> shows_;
    std::map<int, Holder> holders_;
    int last_run_ = 0;
};

}  // namespace ringmaster::sim
