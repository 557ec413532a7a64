#pragma once
// What a step of a GitHub Actions workflow can tell its job: annotations and groups on its output, outputs
// and a summary in files whose names it is given.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/context.h"

namespace ringmaster::cli {

/// "::error::…" on stderr; nothing outside GitHub Actions.
void annotate_error(Context& context, std::string_view message);
void annotate_warning(Context& context, std::string_view message);

/// Appends to GITHUB_OUTPUT; each value between two lines of a delimiter that nobody can guess, so that no
/// value can set another. Nothing outside GitHub Actions. A file that cannot be written is a warning.
void write_step_outputs(Context& context, const std::vector<std::pair<std::string, std::string>>& outputs);
/// Appends Markdown to GITHUB_STEP_SUMMARY.
void write_step_summary(Context& context, std::string_view markdown);

/// A value for a workflow command: '%', CR and LF escaped as the runner undoes them.
std::string escape_workflow_data(std::string_view text);

}  // namespace ringmaster::cli
