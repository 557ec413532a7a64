#include "cli/github_actions.h"

#include "base/text.h"

namespace ringmaster::cli {

std::string escape_workflow_data(std::string_view text) {
    auto escaped = replace_all(std::string(text), "%", "%25");
    escaped = replace_all(std::move(escaped), "\r", "%0D");
    return replace_all(std::move(escaped), "\n", "%0A");
}

void annotate_error(Context& context, std::string_view message) {
    if (context.environment().in_github_actions())
        context.err().line("::error title=Ringmaster::" + escape_workflow_data(message));
}

void annotate_warning(Context& context, std::string_view message) {
    if (context.environment().in_github_actions())
        context.err().line("::warning title=Ringmaster::" + escape_workflow_data(message));
}

namespace {

void append_for_runner(Context& context, std::string_view variable, std::string_view text) {
    const std::string path = context.environment().value_or(variable, "");
    if (path.empty()) return;
    if (const auto written = context.append_file(path, text); !written)
        context.err().line(fmt::format("warning: {} could not be written: {}", variable,
                                       sanitize_for_terminal(written.error().describe())));
}

}  // namespace

void write_step_outputs(Context& context, const std::vector<std::pair<std::string, std::string>>& outputs) {
    if (!context.environment().in_github_actions()) return;
    std::string text;
    for (const auto& [name, value] : outputs) {
        const std::string delimiter = "ringmaster-" + context.random_hex(16);
        text += fmt::format("{}<<{}\n{}\n{}\n", name, delimiter, value, delimiter);
    }
    append_for_runner(context, "GITHUB_OUTPUT", text);
}

void write_step_summary(Context& context, std::string_view markdown) {
    if (context.environment().in_github_actions())
        append_for_runner(context, "GITHUB_STEP_SUMMARY", markdown);
}

}  // namespace ringmaster::cli
