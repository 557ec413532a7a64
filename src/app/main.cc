// The program's entry: what the process was given becomes values, a command runs, its exit code goes back.

#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "app/application.h"
#include "base/text.h"
#include "cli/run.h"

extern char** environ;

namespace {

/// What libraries ask the environment for themselves, later; nothing in it is a secret.
bool stays(std::string_view name) {
    constexpr std::array<std::string_view, 12> kNames = {
        "PATH",    "HOME",          "USER",         "LANG",           "TZ",          "TMPDIR", "TERM",
        "COLUMNS", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "OPENSSL_CONF"};
    const bool is_sanitizers = name.ends_with("SAN_OPTIONS");
    return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("LC_") ||
           name.ends_with("_proxy") || name.ends_with("_PROXY") || is_sanitizers;
}

/// Reads the environment and overwrites the rest of it where the kernel shows it: what a build runs comes
/// from a pull request, has our user, and could read our token in /proc/PID/environ (proc(5)). For the same
/// reason nobody may look into our memory, and a crash leaves no core file (prctl(2), PR_SET_DUMPABLE);
/// against root nothing of this helps but the first.
ringmaster::cli::Environment take_environment() {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    ringmaster::cli::Environment::Map variables;
    char** kept = environ;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        if (equals != std::string_view::npos && stays(text.substr(0, equals)))
            *kept++ = *entry;
        else
            ::explicit_bzero(*entry, text.size());
    }
    *kept = nullptr;
    return ringmaster::cli::Environment(std::move(variables));
}

int run(int count, char** words) {
    std::error_code no_folder;
    const auto folder = std::filesystem::current_path(no_folder);
    ringmaster::app::Application application(count > 0 ? words[0] : "ringmaster", take_environment(),
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
