#pragma once
// Short names for what a check of `doctor` can find.

#include <string>
#include <utility>

#include "cli/context.h"
#include "cli/run.h"

namespace ringmaster::app {

using CheckOutcome = cli::Check::Outcome;

inline CheckOutcome passed(std::string detail) {
    return {cli::Verdict::Passed, std::move(detail), {}};
}
inline CheckOutcome failed(const Error& error) {
    return {cli::Verdict::Failed, error.describe(), cli::next_step(error)};
}
inline CheckOutcome failed(std::string detail, std::string mend) {
    return {cli::Verdict::Failed, std::move(detail), std::move(mend)};
}
inline CheckOutcome warning(std::string detail, std::string mend) {
    return {cli::Verdict::Warning, std::move(detail), std::move(mend)};
}
inline CheckOutcome skipped(std::string detail) {
    return {cli::Verdict::Skipped, std::move(detail), {}};
}

}  // namespace ringmaster::app
