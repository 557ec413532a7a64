#include "cli/label_reference.h"

#include "shows/labels.h"

namespace ringmaster::cli {

namespace {

struct StatePattern {
    const char* text;
    const char* example;  ///< gives the colour
    const char* meaning;
};
constexpr StatePattern kStatePatterns[] = {
    {"🎪 {sha} 🚦 {status}", "🎪 abc123f 🚦 running",
     "State of the show of this commit: building, built, deploying, running or failed"},
    {"🎪 🎯 {sha}", "🎪 🎯 abc123f", "The show that visitors get"},
    {"🎪 🏗️ {sha}", "🎪 🏗️ abc123f", "The show that is being prepared"},
    {"🎪 {sha} 📅 {time}", "🎪 abc123f 📅 2024-01-15T14-30", "When it was created (UTC)"},
    {"🎪 {sha} 🌐 {host:port}", "🎪 abc123f 🌐 52.1.2.3:8080", "Where it answers"},
    {"🎪 {sha} 🤡 {login}", "🎪 abc123f 🤡 ada", "Who asked for it"},
    {"🎪 ⌛ {n}{h|d|w}", "🎪 ⌛ 96h",
     "How long shows of this pull request live, any number of hours, days or weeks"},
};

std::vector<LabelReference> make_reference() {
    std::vector<LabelReference> result;
    for (const auto& label : shows::static_definitions())
        result.push_back({label.name, "you", label.color, label.description});
    for (const auto& pattern : kStatePatterns)
        result.push_back(
            {pattern.text, "ringmaster", shows::define_label(pattern.example).color, pattern.meaning});
    return result;
}

}  // namespace

const std::vector<LabelReference>& label_reference() {
    static const auto reference = make_reference();
    return reference;
}

}  // namespace ringmaster::cli
