#include "sim/broken.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace ringmaster::sim {
namespace {

constexpr std::array<std::pair<Broken, std::string_view>, 18> kNames = {{
    {Broken::Nothing, "nothing"},
    {Broken::ClaimWithoutVerify, "claim-without-verify"},
    {Broken::NoClaim, "no-claim"},
    {Broken::SwapWithoutCompare, "swap-without-compare"},
    {Broken::NoFence, "no-fence"},
    {Broken::WantedVersionUnwatched, "wanted-version-unwatched"},
    {Broken::StopUnseen, "stop-unseen"},
    {Broken::StartStays, "start-stays"},
    {Broken::DeleteBeforeSwitch, "delete-before-switch"},
    {Broken::PartialAsComplete, "partial-as-complete"},
    {Broken::ForeignListed, "foreign-listed"},
    {Broken::EventCounts, "event-counts"},
    {Broken::EventBelieved, "event-believed"},
    {Broken::LabelsBeforeRemoval, "labels-before-removal"},
    {Broken::TokensStay, "tokens-stay"},
    {Broken::CommentStays, "comment-stays"},
    {Broken::SeedLeftOut, "seed-left-out"},
    {Broken::AllLabelsReplaced, "all-labels-replaced"},
}};

}  // namespace

std::string_view to_string(Broken broken) {
    for (const auto& [value, name] : kNames)
        if (value == broken) return name;
    return "unknown";
}

Result<Broken> parse_broken(std::string_view text) {
    std::vector<std::string> names;
    for (const auto& [value, name] : kNames) {
        if (name == text) return value;
        names.emplace_back(name);
    }
    return Fail(Error::invalid_input("there is no broken variant \"{}\"", text)
                    .hint("the variants are: " + join(names, ", ")));
}

}  // namespace ringmaster::sim
