#pragma once
// What a program of the user's writes while it runs, understood: lines for people, and the one answer at the
// end. Whatever it writes, memory stays bounded, and what is wrong with it is said in a sentence.

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/exec/plugin_program.h"
#include "base/result.h"
#include "ports/progress.h"

namespace ringmaster::exec {

/// A listing of some two thousand shows fits.
constexpr std::size_t kLongestMessage = std::size_t{1} << 20;
/// Of all messages of one call; a log that is followed is the exception, it may go on for days.
constexpr std::size_t kMostOutput = std::size_t{64} << 20;

/// Hears both streams of one call. Its pulse fails as soon as the program has broken the protocol.
class PluginOutput final : public Progress {
 public:
    PluginOutput(std::string what, const PluginCall& call, Progress& progress)
        : what_(std::move(what)), call_(call), progress_(progress) {}

    /// Bytes of stdout.
    void read(std::string_view bytes);
    /// A line of stderr.
    void line(std::string_view text) override;
    Result<void> pulse() override;

    /// After its end. Errors: Corrupt, Failed.
    Result<PluginAnswer> answer(int exit_code);

 private:
    void message(std::string_view text);
    void say(std::string_view text);
    Result<void> understand(std::string_view text);
    std::string last_words() const;

    std::string what_;
    const PluginCall& call_;
    Progress& progress_;
    std::string pending_;
    std::size_t heard_ = 0;
    int messages_ = 0;
    std::optional<Error> problem_;
    std::optional<PluginAnswer> answer_;
    std::deque<std::string> complaints_;  ///< its last lines on stderr
};

}  // namespace ringmaster::exec
