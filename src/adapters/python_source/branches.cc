// What may run, or not, or several times: nothing is decided, so names that branches leave differently become
// a choice between them.
#include <algorithm>
#include <map>

#include "adapters/python_source/module_reader.h"

namespace ringmaster::python_source {
namespace {

bool is_main_text(Node node) {
    return node.is("string") && (node.text() == "\"__main__\"" || node.text() == "'__main__'");
}

bool is_dunder_name(Node node) {
    return node.is("identifier") && node.text() == "__name__";
}

Value current(const Scope& scope, std::string_view name) {
    const auto found = scope.names.find(name);
    return found == scope.names.end() ? Value(Unbound()) : found->second;
}

}  // namespace

/// `if __name__ == "__main__":` and `if TYPE_CHECKING:` are false whenever the module is imported.
bool ModuleReader::is_never_run(Node condition) const {
    while (condition.is("parenthesized_expression")) condition = condition.first_child();
    if (condition.is("identifier")) return condition.text() == "TYPE_CHECKING";
    if (condition.is("attribute")) return condition.field("attribute").text() == "TYPE_CHECKING";
    if (!condition.is("comparison_operator")) return false;
    const auto sides = condition.children();
    if (sides.size() != 2 || condition.text().find("==") == std::string_view::npos) return false;
    return (is_dunder_name(sides[0]) && is_main_text(sides[1])) ||
           (is_main_text(sides[0]) && is_dunder_name(sides[1]));
}

/// Runs `what` as something that may not happen and takes back what it bound; gives what it would have left.
ModuleReader::Changes ModuleReader::run_apart(const std::function<void()>& what) {
    std::vector<Change> undo;
    std::vector<Change>* outer = journal_;
    journal_ = &undo;
    {
        const Level uncertain(conditions_);
        what();
    }
    journal_ = outer;
    std::map<std::pair<Scope*, std::string>, Value> left;
    for (const auto& change : undo)
        left.try_emplace({change.scope, change.name}, current(*change.scope, change.name));
    for (auto change = undo.rbegin(); change != undo.rend(); ++change)
        change->scope->names[change->name] = change->value;
    Changes result;
    for (auto& [place, value] : left) result.push_back({place.first, place.second, value});
    return result;
}

/// Exactly one of `branches` happens.
void ModuleReader::join(const std::vector<Changes>& branches) {
    std::map<std::pair<Scope*, std::string>, std::vector<Value>> outcomes;
    for (const auto& branch : branches)
        for (const auto& change : branch) outcomes[{change.scope, change.name}].push_back(change.value);
    for (auto& [place, options] : outcomes) {
        // Some branch left the name as it was.
        if (options.size() < branches.size())
            options.insert(options.begin(), current(*place.first, place.second));
        set(*place.first, place.second, choice(options));
    }
}

void ModuleReader::run_if(Node statement) {
    std::vector<Changes> branches;
    bool is_decided = false;  // by a branch that always runs when it is reached
    const auto run_branch = [&](Node condition, Node block) {
        if (condition) (void)evaluate(condition);
        if (!condition || !is_never_run(condition)) branches.push_back(run_apart([&] { run_block(block); }));
    };
    const Node condition = statement.field("condition");
    const bool is_skipped = is_never_run(condition);
    run_branch(condition, statement.field("consequence"));
    for (const Node& alternative : statement.fields("alternative")) {
        if (alternative.is("elif_clause")) {
            run_branch(alternative.field("condition"), alternative.field("consequence"));
        } else if (is_skipped && branches.empty()) {
            run_block(alternative.field("body"));
            is_decided = true;
        } else {
            run_branch(Node(), alternative.field("body"));
            is_decided = true;
        }
    }
    if (!is_decided) branches.emplace_back();
    if (!branches.empty()) join(branches);
}

void ModuleReader::run_loop(Node statement) {
    const Node target = statement.field("left");
    (void)evaluate(statement.field("right"));
    (void)evaluate(statement.field("condition"));
    for (const Node& body :
         statement.is("for_statement") ? statement.fields("body") : std::vector{statement.field("body")}) {
        const bool is_else = body.is("else_clause");
        join({Changes(), run_apart([&] {
                  if (target && !is_else) assign(target, Unknown());
                  run_block(is_else ? body.field("body") : body);
              })});
    }
    const Node alternative = statement.field("alternative");
    if (alternative) join({Changes(), run_apart([&] { run_block(alternative.field("body")); })});
}

/// What the body binds counts; handlers are for what did not work (`except ImportError: flow = …`).
void ModuleReader::run_try(Node statement) {
    std::set<std::string> bound;
    std::vector<Change> undo;
    std::vector<Change>* outer = journal_;
    journal_ = &undo;
    {
        const Level uncertain(conditions_);
        run_block(statement.field("body"));
    }
    journal_ = outer;
    for (auto& change : undo) {
        bound.insert(change.name);
        if (journal_ != nullptr) journal_->push_back(std::move(change));
    }
    for (const Node& clause : statement.children()) {
        if (clause.is("except_clause") || clause.is("except_group_clause")) {
            const auto parts = clause.children();
            if (parts.empty()) continue;
            Changes changes = run_apart([&] { run_block(parts.back()); });
            std::erase_if(changes, [&](const Change& change) { return bound.contains(change.name); });
            join({Changes(), std::move(changes)});
        } else if (clause.is("else_clause")) {
            const Level uncertain(conditions_);
            run_block(clause.field("body"));
        } else if (clause.is("finally_clause")) {
            run_block(clause.first_child());
        }
    }
}

void ModuleReader::run_match(Node statement) {
    for (const Node& subject : statement.fields("subject")) (void)evaluate(subject);
    std::vector<Changes> branches(1);  // no case may fit
    for (const Node& part : statement.children()) {
        for (const Node& clause : part.is("block") ? part.children() : std::vector{part})
            if (clause.is("case_clause"))
                branches.push_back(run_apart([&] { run_block(clause.field("consequence")); }));
    }
    join(branches);
}

}  // namespace ringmaster::python_source
