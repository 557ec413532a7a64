#include "adapters/exec/suite_parts.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::exec {

Result<std::string> check_hello(const PluginProgram& program, const std::vector<std::string>& needed,
                                Progress& progress) {
    const auto hello = TRY(program.hello(progress));
    std::vector<std::string> missing;
    for (const auto& operation : needed)
        if (std::ranges::find(hello.operations, operation) == hello.operations.end())
            missing.push_back(operation);
    if (!missing.empty())
        return Fail(Error::failed("it does not offer: {}", join(missing, ", "))
                        .hint("list in \"operations\" all that it can do"));
    return fmt::format("{}, protocol {}", hello.name, hello.protocol);
}

Finding finding_of(const Result<std::string>& outcome) {
    if (outcome) return {Finding::Verdict::Passed, *outcome, ""};
    return {Finding::Verdict::Failed, outcome.error().describe(), outcome.error().hint()};
}

}  // namespace ringmaster::exec
