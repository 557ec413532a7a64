#pragma once
// What a program has to be able to do before shows depend on it, tried one thing after the other with shows,
// commits and addresses made up for it: `ringmaster check-plugin`. The C++ contract suites ask the same of
// our own engines; these are for people who write one, so a failure says what their program did.

#include <functional>
#include <string>
#include <vector>

#include "adapters/exec/plugin_program.h"
#include "ports/builder.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/http_client.h"
#include "ports/subprocess.h"

namespace ringmaster::exec {

struct Finding {
    enum class Verdict { Passed, Failed, Skipped } verdict = Verdict::Passed;
    std::string detail;
    std::string mend;  ///< what to do about a failure; may be empty
};

/// They build on each other: look in their order, once each. What they make is removed by the last of them,
/// and when all of them are gone.
struct SuiteCheck {
    std::string name;
    std::function<Finding()> look;
};

struct SuiteSettings {
    PluginSettings program;
    /// What the app is started with, or a version built with; empty: something of our own.
    std::vector<std::string> command;
    Artifact artifact;  ///< what a runtime is to run; neither image nor folder: a folder of our own
    /// Of pull requests, with {pr} in it; one that does not tell repositories apart: something of our own.
    std::string address;
};

struct SuitePorts {
    Subprocess& subprocess;
    Clock& clock;
    Entropy& entropy;
    HttpClient& http;
    Progress& progress;
};

std::vector<SuiteCheck> runtime_suite(const SuiteSettings& settings, SuitePorts ports);
std::vector<SuiteCheck> builder_suite(const SuiteSettings& settings, SuitePorts ports);
std::vector<SuiteCheck> router_suite(const SuiteSettings& settings, SuitePorts ports);

}  // namespace ringmaster::exec
