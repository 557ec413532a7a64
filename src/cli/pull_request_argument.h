#pragma once
#include "base/time.h"
#include "cli/arguments.h"

namespace ringmaster::cli {

/// The positional PR.
inline Positional pull_request_argument() {
    return {.name = "PR",
            .help = "Number of the pull request",
            .kind = OptionKind::Integer,
            .minimum = 1,
            .candidates = Candidates::PullRequests};
}

/// An option that is a duration; zero if it was not given and has no default. Errors: InvalidInput.
inline Result<Duration> duration_option(const Arguments& arguments, std::string_view name) {
    const auto typed = arguments.text(name);
    if (!typed) return Duration(0);
    auto parsed = parse_duration(*typed);
    if (parsed) return *parsed;
    return Fail(Error::invalid_input("--{}: {}", name, parsed.error().message()).hint(parsed.error().hint()));
}

}  // namespace ringmaster::cli
