#include "shows/labels.h"

#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/label_reference.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

Value to_value(const LabelReference& entry) {
    return Value::object()
        .set("label", entry.label)
        .set("kind", entry.kind)
        .set("color", entry.color)
        .set("meaning", entry.meaning);
}

Result<ExitCode> run_labels(Context& context, const Arguments& arguments) {
    Value list = Value::array();
    Table table{.headings = {"LABEL", "WHO SETS IT", "MEANING"}};
    for (const auto& entry : label_reference()) {
        list.add(to_value(entry));
        table.rows.push_back({{entry.label, Style::Bold}, entry.kind, entry.meaning});
    }
    if (!print_json_if_asked(context, arguments, list)) print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command labels_command() {
    return {.name = "labels",
            .group = kShowsGroup,
            .summary = "Explain the labels that are the state of a show",
            .description =
                "The labels on a pull request are the state of its shows, and the buttons to change "
                "it. `setup-labels` creates those that people set.",
            .examples = {{"ringmaster labels", ""}, {"ringmaster labels --json label,meaning", ""}},
            .json_fields = {"label", "kind", "color", "meaning"},
            .run = run_labels};
}

}  // namespace ringmaster::cli
