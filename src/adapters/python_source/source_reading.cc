#include "adapters/python_source/source_reading.h"

#include "adapters/python_source/flow_report.h"
#include "adapters/python_source/source_text.h"

namespace ringmaster::python_source {

bool may_have_flows(std::string_view bytes) {
    // UTF-16 is looked at, so that it is told.
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return true;
    for (const std::string_view word : {"flow", "Flow", "dag", "DAG", "with_options"})
        if (bytes.find(word) != std::string_view::npos) return true;
    return false;
}

FileAnswer read_source(Parser& parser, std::string_view bytes, const std::string& source_folder,
                       Imports* imports) {
    FileAnswer answer;
    SourceModule module;
    module.source = decode_source(bytes);
    for (auto& problem : module.source.problems)
        answer.problems.push_back({.source_relative = "", .line_number = 0, .message = std::move(problem)});
    if (!module.source.is_readable) return answer;
    module.tree = parser.parse(module.source.text);
    if (!module.tree) {
        answer.problems.push_back({.source_relative = "",
                                   .line_number = 0,
                                   .message = "it is too tangled to be understood, and was left out"});
        return answer;
    }
    if (const Node error = module.tree->root().first_error())
        answer.problems.push_back(
            {.source_relative = "",
             .line_number = error.line(),
             .message = "this is not understood as Python; what can be told of the rest is told"});
    read_module(module, source_folder, imports);
    answer.flows = report_flows(module.module);
    return answer;
}

}  // namespace ringmaster::python_source
