#include "cli/arguments.h"
#include "cli/label_reference.h"
#include "cli/registry.h"
#include "cli/showtime.h"
#include "shows/labels.h"

namespace ringmaster::cli::showtime {

namespace {

constexpr const char* kWorkflowExamples = R"(
🎪 How it goes
  Start an environment:   add "🎪 ⚡ showtime-trigger-start"
  Update it:              push a commit; the newest one replaces the old without a gap
  Keep it as it is:       add "🎪 🧊 showtime-freeze"
  Stop it:                add "🎪 🛑 showtime-trigger-stop", or close the pull request
)";

Result<ExitCode> run_labels(Context& context, const Arguments&) {
    auto& out = context.out();
    std::string kind;
    for (const auto& entry : label_reference()) {
        if (kind != entry.kind)
            out.line(entry.kind == "you" ? "🎪 Labels you set" : "\n🎪 Labels that show the state");
        kind = entry.kind;
        out.line(fmt::format("  {}\n      {}", entry.label, entry.meaning));
    }
    out.write(kWorkflowExamples);
    return kDone;
}

Result<ExitCode> setup_labels(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    const auto& wanted = shows::static_definitions();
    auto& out = context.out();
    if (arguments.flag("dry-run")) {
        for (const auto& label : wanted) out.line("🎪 Would create or update: " + label.name);
        return kDone;
    }
    const auto outcomes = TRY(service->outside().forge.put_definitions(wanted, Existing::Overwrite));
    int created = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool is_new = outcomes[i] == DefinitionOutcome::Created;
        created += is_new;
        out.line(fmt::format("✅ {}: {}", is_new ? "Created" : "Updated", wanted[i].name));
    }
    out.line(fmt::format("🎪 Label setup complete: {} created, {} updated, 0 failed", created,
                         static_cast<int>(wanted.size()) - created));
    return kDone;
}

Result<ExitCode> run_setup_labels(Context& context, const Arguments& arguments) {
    const auto code = setup_labels(context, arguments);
    return code ? *code : fail(context, code.error());
}

}  // namespace

Command labels_command() {
    return {.name = "labels", .group = kShowsGroup, .summary = "Explain the labels", .run = run_labels};
}

Command setup_labels_command() {
    return {.name = "setup-labels",
            .group = kShowsGroup,
            .summary = "Create or update the labels that people set",
            .options = {{.name = "dry-run", .help = "Only say what would be done"}},
            .run = run_setup_labels};
}

}  // namespace ringmaster::cli::showtime
