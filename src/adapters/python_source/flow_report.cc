#include "adapters/python_source/flow_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "adapters/python_source/module_reader.h"
#include "base/text.h"

namespace ringmaster::python_source {
namespace {

enum class Certainty { Certain, Uncertain };

/// Where a flow is found once the module is complete.
struct Reach {
    std::vector<std::string> paths;  ///< dotted
    bool is_certain = false;
    bool is_in_module = false;  ///< a global itself, and not an attribute or an item of one
};

/// Walks all that the module's names lead to.
class Reaching {
 public:
    explicit Reaching(const Scope& module) { names(module, "", Certainty::Certain); }

    const Reach* of(const MadeFlow& flow) const {
        const auto found = reached_.find(&flow);
        return found == reached_.end() ? nullptr : &found->second;
    }

 private:
    void names(const Scope& scope, const std::string& prefix, Certainty certainty) {
        for (const auto& [name, value] : scope.names) visit(value, join_path(prefix, name), certainty);
    }
    void visit(const Value& value, const std::string& path, Certainty certainty);

    // Classes within classes; `class A: before = A` again and again makes more than anybody can walk.
    static constexpr int kDeepest = 16;
    int depth_ = 0;
    std::map<const MadeFlow*, Reach> reached_;
    std::set<std::pair<const void*, Certainty>> visited_;
};

void Reaching::visit(const Value& value, const std::string& path, Certainty certainty) {
    if (auto* const* flow = std::get_if<MadeFlow*>(&value)) {
        Reach& reach = reached_[*flow];
        if (!path.empty()) reach.paths.push_back(path);
        reach.is_certain |= certainty == Certainty::Certain;
        reach.is_in_module |= !path.empty() && path.find('.') == std::string::npos;
    } else if (auto* const* type = std::get_if<Class*>(&value)) {
        if (path.empty() || depth_ >= kDeepest || !visited_.emplace(*type, certainty).second) return;
        const Level level(depth_);
        names((*type)->scope, path, certainty);
    } else if (auto* const* items = std::get_if<Container*>(&value)) {
        if (!visited_.emplace(*items, certainty).second) return;
        for (const Value& item : (*items)->items) visit(item, "", certainty);
    } else if (auto* const* one_of = std::get_if<Choice*>(&value)) {
        for (const Value& option : (*one_of)->options) visit(option, path, Certainty::Uncertain);
    }
}

bool is_reported(const MadeFlow& made, const Reach* reach) {
    if (made.kind == FlowKind::Prefect) return made.is_in_function || made.has_escaped || reach != nullptr;
    // Airflow collects the globals of a module that are DAGs, and what `with` or a factory's call registered.
    if (made.is_decorated) return made.is_registered;
    return made.is_in_function || made.is_registered || made.is_global ||
           (reach != nullptr && reach->is_in_module);
}

bool is_certain(const MadeFlow& made, const Reach* reach) {
    if (made.is_conditional || made.is_in_function || !made.is_name_known) return false;
    if (made.kind == FlowKind::Airflow && made.is_registration_certain) return true;
    if (made.kind == FlowKind::Airflow && made.is_decorated) return false;
    return reach != nullptr && reach->is_certain;
}

std::string last_name(const std::string& path) {
    return path.substr(path.rfind('.') + 1);
}

std::optional<std::string> entrypoint(const MadeFlow& made, const Reach* reach) {
    if (made.kind != FlowKind::Prefect || reach == nullptr || reach->paths.empty()) return std::nullopt;
    const bool is_first = std::ranges::find(reach->paths, made.first_path) != reach->paths.end();
    return is_first ? made.first_path : reach->paths.front();
}

/// Behind the '#' of the id: it stays when lines move.
std::string object_path(const MadeFlow& made) {
    if (!made.first_path.empty()) return made.first_path;
    if (made.is_name_known && !made.name.empty()) return join_path(made.scope_path, made.name);
    return join_path(made.scope_path, made.function != nullptr ? made.function->name : "dag");
}

Flow flow_of(const MadeFlow& made, const Reach* reach) {
    Flow flow;
    flow.kind = made.kind;
    flow.id = object_path(made);
    flow.object_name = made.is_decorated && made.function != nullptr ? made.function->name
                       : !made.first_path.empty()                    ? last_name(made.first_path)
                       : made.function != nullptr                    ? made.function->name
                                                                     : made.name;
    // The best guess at a name that only running tells.
    flow.original_name = !made.name.empty() ? made.name : flow.object_name;
    if (flow.original_name.empty()) flow.original_name = last_name(flow.id);
    if (flow.object_name.empty()) flow.object_name = flow.original_name;
    flow.name = replace_all(flow.original_name, "-", "_");
    flow.description = made.description && !made.description->empty() ? made.description : std::nullopt;
    flow.line_number = made.line;
    flow.is_static = is_certain(made, reach);
    flow.name_expression = made.name_expression;
    flow.entrypoint_object = entrypoint(made, reach);
    flow.object_kind = made.kind == FlowKind::Airflow && !made.is_decorated ? "dag"
                       : made.class_name.empty()                            ? "function"
                                                                            : "method";
    flow.class_name = made.class_name;
    flow.parameters = made.parameters;
    flow.diagnostics = made.diagnostics;
    return flow;
}

void number_repeated_ids(std::vector<Flow>& flows) {
    std::map<std::string, int> times;
    for (auto& flow : flows) {
        const int time = ++times[flow.id];
        if (time > 1) flow.id += fmt::format("~{}", time);
    }
}

/// Flows of one file that people and deployments could not tell apart.
void name_namesakes(std::vector<Flow>& flows) {
    constexpr std::size_t kMostLines = 5;
    struct Namesakes {
        std::size_t count = 0;
        std::vector<int> lines;
    };
    std::map<std::pair<FlowKind, std::string>, Namesakes> namesakes;
    for (const auto& flow : flows) {
        Namesakes& here = namesakes[{flow.kind, flow.name}];
        ++here.count;
        if (here.lines.size() < kMostLines) here.lines.push_back(flow.line_number);
    }
    for (auto& flow : flows) {
        const Namesakes& here = namesakes[{flow.kind, flow.name}];
        if (here.count < 2) continue;
        const char* more = here.count > kMostLines ? ", …" : "";
        flow.diagnostics.push_back(fmt::format("{} flows of this file are called {}: lines {}{}", here.count,
                                               flow.name, fmt::join(here.lines, ", "), more));
    }
}

}  // namespace

std::vector<Flow> report_flows(ReadModule& module) {
    const Reaching reaching(module.module);
    std::vector<Flow> flows;
    for (const MadeFlow& made : module.objects.flows)
        if (is_reported(made, reaching.of(made))) flows.push_back(flow_of(made, reaching.of(made)));
    std::ranges::sort(flows, {}, [](const Flow& flow) { return std::tie(flow.line_number, flow.id); });
    number_repeated_ids(flows);
    name_namesakes(flows);
    return flows;
}

void add_place(std::vector<Flow>& flows, const std::string& root, const std::string& source_relative) {
    std::vector<std::string> folders;
    for (const auto part : split(source_relative, '/')) folders.emplace_back(part);
    std::string module = folders.back().substr(0, folders.back().size() - std::string_view(".py").size());
    folders.pop_back();
    std::vector<std::string> import_path = {root.substr(root.rfind('/') + 1)};
    import_path.insert(import_path.end(), folders.begin(), folders.end());
    if (module != "__init__") import_path.push_back(module);
    for (auto& flow : flows) {
        flow.id = fmt::format("{}:{}#{}", flow.kind == FlowKind::Prefect ? "prefect" : "airflow",
                              source_relative, flow.id);
        flow.source_path = root + "/" + source_relative;
        flow.source_relative = source_relative;
        flow.grouping = folders;
        flow.module = module;
        flow.import_path = join(import_path, ".");
    }
}

}  // namespace ringmaster::python_source
