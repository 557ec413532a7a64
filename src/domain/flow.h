#pragma once
// A flow: a unit of work found in the code, such as a Prefect flow or an Airflow DAG. What happens inside it
// is the orchestrator's business; here it is a name, a place in the source, and what it takes to start it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaster {

enum class FlowKind {
    Prefect,
    Airflow,
    Entrypoint,  ///< a script, a function or a program that the configuration names
};
/// "prefect", "airflow", "entrypoint".
std::string_view to_string(FlowKind kind);

/// One parameter of a flow's function, as the source has it.
struct FlowParameter {
    std::string name;
    std::string annotation;                    ///< source text of its type; empty = none
    std::optional<std::string> default_value;  ///< source text; nullopt = it must be given
    /// The default as JSON, when it is a constant that JSON has.
    std::optional<std::string> default_json;
    bool is_keyword_only = false;
    bool operator==(const FlowParameter&) const = default;
};

struct Flow {
    /// "prefect:etl/daily.py#Loader.run": the same between runs, machines and moves of lines; "~2" … is added
    /// to repetitions within a file.
    std::string id;
    FlowKind kind = FlowKind::Prefect;
    std::string name;           ///< for people: the original name with '-' replaced by '_'
    std::string original_name;  ///< in the code; not yet hyphenated as Prefect does it
    std::optional<std::string> description;
    std::string source_path;            ///< absolute
    std::string source_relative;        ///< below the folder that was searched, with '/'
    int line_number = 0;                ///< from 1: the def, or the call that makes it
    std::vector<std::string> grouping;  ///< the folders of source_relative
    /// False: only running the code tells whether it exists, or what it is called.
    bool is_static = true;
    std::string name_expression;  ///< source text of a name that is not constant; empty = it is
    /// What to put after "file.py:" so that the orchestrator loads this very flow; nullopt: nothing does.
    std::optional<std::string> entrypoint_object;
    std::string object_name;  ///< function, or what the object is bound to
    std::string object_kind;  ///< "function", "method", "dag", "program"
    std::string class_name;   ///< dotted, of the enclosing class; empty = none
    std::string module;       ///< file without ".py"
    std::string import_path;  ///< "acme_demo.flows.hello"
    std::vector<FlowParameter> parameters;
    std::vector<std::string> diagnostics;  ///< sentences for whoever wrote it

    bool operator==(const Flow&) const = default;
};

/// What Prefect calls a flow whose code gives it no name: '_' becomes '-'
/// (https://docs.prefect.io/v3/concepts/flows; measured on 3.8.8).
std::string prefect_flow_name(const Flow& flow);

}  // namespace ringmaster
