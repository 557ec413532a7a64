#include "cli/commands.h"
#include "cli/json_result.h"
#include "cli/registry.h"
#include "shows/labels.h"

namespace ringmaster::cli {

namespace {

std::string_view to_word(DefinitionOutcome outcome) {
    return outcome == DefinitionOutcome::Created   ? "created"
           : outcome == DefinitionOutcome::Updated ? "updated"
                                                   : "unchanged";
}

/// What would become of each definition, by what is there now.
std::vector<DefinitionOutcome> foresee(const std::vector<StoredLabel>& stored) {
    std::vector<DefinitionOutcome> outcomes;
    for (const auto& wanted : shows::static_definitions()) {
        auto outcome = DefinitionOutcome::Created;
        for (const auto& label : stored)
            if (label.definition.name == wanted.name)
                outcome =
                    label.definition == wanted ? DefinitionOutcome::Unchanged : DefinitionOutcome::Updated;
        outcomes.push_back(outcome);
    }
    return outcomes;
}

Result<ExitCode> run_setup_labels(Context& context, const Arguments& arguments) {
    auto* service = TRY(context.shows());
    auto& forge = service->outside().forge;
    const bool is_dry = arguments.flag("dry-run");
    const auto& wanted = shows::static_definitions();
    const auto outcomes =
        is_dry ? foresee(TRY_WHILE(forge.list_definitions(shows::kTent), "listing the labels"))
               : TRY_WHILE(forge.put_definitions(wanted, Existing::Overwrite), "creating the labels");
    Value list = Value::array();
    Table table{.headings = {is_dry ? "WOULD BE" : "NOW", "LABEL"}};
    for (std::size_t i = 0; i < wanted.size() && i < outcomes.size(); ++i) {
        const auto word = std::string(to_word(outcomes[i]));
        list.add(Value::object().set("label", wanted[i].name).set("outcome", word).set("dry_run", is_dry));
        table.rows.push_back({{word, outcomes[i] == DefinitionOutcome::Unchanged ? Style::Dim : Style::Green},
                              wanted[i].name});
    }
    if (!print_json_if_asked(context, arguments, list)) print_table(context.out(), table);
    return kDone;
}

}  // namespace

Command setup_labels_command() {
    return {.name = "setup-labels",
            .group = kUpkeepGroup,
            .summary = "Create the labels that people set",
            .description =
                "Creates the nine labels of `ringmaster labels` that people put on pull requests, and puts "
                "their colours and descriptions right.",
            .options = {{.name = "dry-run", .help = "Only say what would be done"}},
            .examples = {{"ringmaster setup-labels", ""}, {"ringmaster setup-labels --dry-run", ""}},
            .json_fields = {"label", "outcome", "dry_run"},
            .run = run_setup_labels};
}

}  // namespace ringmaster::cli
