#pragma once
// What versions are like (some never build, some never answer), what was built, and what runs where: ours,
// another repository's, and things nobody tagged.

#include <map>
#include <string>

#include "ports/runtime.h"
#include "sim/random.h"

namespace ringmaster::sim {

/// A property of the version, so that building it again gives the same.
struct VersionTraits {
    enum class Ends { Well, InBuild, InStart, Unanswered };
    Ends ends = Ends::Well;
    Duration build{0};
    Duration start{0};   ///< until its address is known
    Duration answer{0};  ///< from then until it answers
    Duration removal{0};
};

class EngineModel {
 public:
    struct Unit {
        Service service;
        bool is_tagged = true;
        TimePoint answers_from;
        int seeds_begun = 0;
        bool is_seeded = false;  ///< one of them ended well
        bool is_healthy(TimePoint now) const {
            return service.state == ServiceState::Running && now >= answers_from;
        }
    };

    explicit EngineModel(std::uint64_t seed) : seed_(mix(seed, 0xe9)) {}

    VersionTraits traits(const ShortSha& sha) const;
    Unit* find(const ShowId& show);
    Unit* find_at(const std::string& url);
    std::string next_host();

    std::map<ShowId, Unit> units;
    std::map<ShowId, Artifact> artifacts;

 private:
    std::uint64_t seed_;
    int hosts_ = 0;
};

}  // namespace ringmaster::sim
