// The program's entry: what the process was given becomes values, a command runs, its exit code goes back.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "app/application.h"
#include "base/text.h"
#include "cli/run.h"

extern char** environ;

namespace {

ringmaster::cli::Environment read_environment() {
    ringmaster::cli::Environment::Map variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return ringmaster::cli::Environment(std::move(variables));
}

int run(int count, char** words) {
    std::error_code no_folder;
    const auto folder = std::filesystem::current_path(no_folder);
    ringmaster::app::Application application(count > 0 ? words[0] : "ringmaster", read_environment(),
                                             no_folder ? "/" : folder.string());
    const std::vector<std::string> rest(words + (count > 0 ? 1 : 0), words + count);
    return application.finish(ringmaster::cli::run_program(application, rest));
}

}  // namespace

int main(int count, char** words) {
    try {
        return run(count, words);
    } catch (const std::exception& bug) {
        // Nothing in Ringmaster throws on what the world can do, so this is a defect of ours.
        std::fprintf(stderr,
                     "error: a defect in Ringmaster: %s\nhint:  please report it, with the command you ran\n",
                     bug.what());
        return 1;
    }
}
