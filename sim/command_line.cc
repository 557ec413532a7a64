#include "sim/command_line.h"

#include "base/text.h"

namespace ringmaster::sim {
namespace {

constexpr long long kMostSeeds = 1'000'000'000;

Result<std::uint64_t> number_of(std::string_view option, const std::string& text, long long least,
                                long long most) {
    const auto number = parse_integer(text);
    if (!number || *number < least || *number > most)
        return Fail(Error::invalid_input("{} takes a number from {} to {}, not \"{}\"", option, least, most,
                                         sanitize_for_terminal(text)));
    return static_cast<std::uint64_t>(*number);
}

Result<void> take_option(CommandLine& line, const std::string& option, const std::string& value) {
    Options& options = line.options;
    if (option == "--seeds") {
        line.seeds = TRY(number_of(option, value, 1, kMostSeeds));
    } else if (option == "--from") {
        options.seed = TRY(number_of(option, value, 0, INT64_MAX));
    } else if (option == "--seconds") {
        line.seconds = TRY(number_of(option, value, 1, 86'400));
    } else if (option == "--workers") {
        options.workers = static_cast<int>(TRY(number_of(option, value, 1, 20)));
    } else if (option == "--pull-requests") {
        options.pull_requests = static_cast<int>(TRY(number_of(option, value, 1, 500)));
    } else if (option == "--replay") {
        options.seed = TRY(number_of(option, value, 0, INT64_MAX));
        line.replays = true;
    } else if (option == "--faults") {
        options.faults = TRY(FaultSet::parse(value));
    } else if (option == "--broken") {
        options.broken = TRY(parse_broken(value));
    } else if (option == "--claims") {
        if (value != "labels" && value != "refs")
            return Fail(Error::invalid_input("--claims takes labels or refs, not \"{}\"",
                                             sanitize_for_terminal(value)));
        options.claims = value == "refs" ? ClaimsKind::Refs : ClaimsKind::Labels;
    } else {
        return Fail(Error::invalid_input("there is no option {}", sanitize_for_terminal(option))
                        .hint("see ringmaster-sim --help"));
    }
    return {};
}

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments) {
    CommandLine line;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& option = arguments[i];
        if (option == "--help" || option == "-h") {
            line.wants_help = true;
        } else if (option == "--shrink") {
            line.shrinks = true;
        } else if (option == "--hooks") {
            line.options.has_hooks = true;
        } else if (option == "--keep-going") {
            line.keeps_going = true;
        } else if (i + 1 == arguments.size()) {
            return Fail(
                Error::invalid_input("{} needs a value, or is no option", sanitize_for_terminal(option))
                    .hint("see ringmaster-sim --help"));
        } else {
            TRY(take_option(line, option, arguments[++i]));
        }
    }
    return line;
}

std::string usage() {
    return "Simulates histories of servers, commands, people and faults, each from one seed, and checks the\n"
           "invariants of docs/architecture.md after every step.\n\n"
           "ringmaster-sim [--seeds N] [--from SEED] [--seconds S] [--keep-going] [--shrink]\n"
           "ringmaster-sim --replay SEED [--shrink]      tells one history in words\n\n"
           "  --seeds N           so many histories (1000)\n"
           "  --from SEED         the first one's seed (1)\n"
           "  --seconds S         begin no new history after that long\n"
           "  --workers N         server replicas (3)\n"
           "  --pull-requests N   pull requests (4)\n"
           "  --claims KIND       what leases are made of: labels or refs (labels)\n"
           "  --hooks             shows are seeded, and take their leave\n"
           "  --faults LIST       all, none, names with commas, or -name for all but that one\n"
           "  --broken VARIANT    be wrong on purpose; an unknown name prints all\n"
           "  --shrink            take deeds and mishaps out of a failing history while it fails the same "
           "way\n"
           "  --keep-going        one line a failing seed, and go on\n\n"
           "Exit code: 0 all invariants held, 1 one was broken, 2 wrong usage.\n";
}

std::string replay_command(const Options& options) {
    std::string text = fmt::format("ringmaster-sim --replay {} --workers {} --pull-requests {}", options.seed,
                                   options.workers, options.pull_requests);
    if (options.faults.text() != "all") text += " --faults " + options.faults.text();
    if (options.claims == ClaimsKind::Refs) text += " --claims refs";
    if (options.has_hooks) text += " --hooks";
    if (options.broken != Broken::Nothing) text += fmt::format(" --broken {}", to_string(options.broken));
    return text;
}

}  // namespace ringmaster::sim
