#pragma once
// Reads one module as Python would run it, in order, deciding no condition and entering no function that the
// module does not call: what each name is bound to, and which flows are made on the way. Certain things stay
// certain; what a condition, a loop or a call decides is marked so.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/python_source/values.h"

namespace ringmaster::python_source {

/// Where names come from that a module imports.
class Imports {
 public:
    virtual ~Imports() = default;
    /// What `reference` is, if it is in a file of the folder that is searched; else Unknown.
    virtual Value follow(const Reference& reference) = 0;
    /// The public names of a module there; empty if there is no such module.
    virtual std::vector<std::string> public_names(const Reference& module) = 0;
};

/// A module that was read. Its values point into `objects`.
struct ReadModule {
    Objects objects;
    Scope module;
};

class ModuleReader {
 public:
    /// `source_folder`: of the file, below the root, with '/'; relative imports count from it. `imports` may
    /// be null: nothing is followed then, and imported names stay references.
    ModuleReader(ReadModule& result, std::string source_folder, Imports* imports);

    /// Constants of this list ("NAME", "Class.NAME") count as unknown.
    void leave_unknown(std::set<std::string, std::less<>> names) { unknown_names_ = std::move(names); }
    void read(Node module);
    /// Constants whose value was used though they are bound more than once: to be read again without them.
    std::set<std::string, std::less<>> unsafe_names() const;

 private:
    struct Change {
        Scope* scope;
        std::string name;
        Value value;
    };
    using Changes = std::vector<Change>;

    // statements.cc
    void run_block(Node block);
    void run(Node statement);
    void run_expression_statement(Node statement);
    void run_assignment(Node assignment);
    void run_with(Node statement);
    void run_delete(Node statement);
    void run_children(Node node);
    void enter(const Value& value);

    // branches.cc
    void run_if(Node statement);
    void run_loop(Node statement);
    void run_try(Node statement);
    void run_match(Node statement);
    Changes run_apart(const std::function<void()>& what);
    void join(const std::vector<Changes>& branches);
    bool is_never_run(Node condition) const;

    // definitions.cc
    void run_function(Node definition, const std::vector<Node>& decorators);
    void run_class(Node definition, bool is_decorated);
    void run_decorated(Node statement);
    Function* new_function(Node definition);
    std::vector<FlowParameter> read_parameters(Node parameters);
    FlowParameter read_parameter(Node parameter);
    Value decorated_flow(const Value& decorator, Node expression, Function& function, int line);
    Value decorate(const Value& decorator, Node expression, Value current, int line);
    void run_called_functions();

    // imports.cc
    void run_import(Node statement);
    void run_import_from(Node statement);
    Reference module_reference(Node module_name) const;
    void import_star(const Reference& module);

    // bindings.cc
    void bind(std::string_view name, Value value);
    void set(Scope& scope, std::string_view name, Value value);
    Value look_up(std::string_view name);
    Value known_attribute(const Value& object, std::string_view name);
    Value class_attribute(const Class& type, std::string_view name);
    void assign(Node target, const Value& value);
    void assign_attribute(Node target, const Value& value);
    void assign_pattern(const std::vector<Node>& targets, const Value& value);
    void escape(const Value& value, int depth = 0);
    void mark_called(const Value& value);
    Value use_constant(const Scope& scope, std::string_view name, const Value& value);
    Value choice(const std::vector<Value>& options);
    Value container(std::vector<Value> items);
    void count_globals(Node module);

    // expressions.cc
    Value evaluate(Node expression);
    Value evaluate_kind(Node expression);
    Value evaluate_items(Node expression);
    Value evaluate_dictionary(Node expression);
    Value evaluate_string(Node expression);
    Value evaluate_concatenation(Node expression);
    Value evaluate_operator(Node expression);
    Value evaluate_comprehension(Node expression);
    Value evaluate_conditional(Node expression);
    Value evaluate_lambda(Node expression);
    std::optional<std::string> text_of_string(Node string);
    /// The constant that a value is, if that is certain.
    std::optional<Constant> fold(const Value& value);
    Value resolve(const Value& value);

    // calls.cc
    Value evaluate_call(Node call);
    Value call_value(const Value& callee, Arguments arguments, Node call);
    Value call_maker(Maker maker, Arguments arguments, Node call);
    Value call_partial(const PartialCall& partial, Arguments arguments, Node call);
    Value call_choice(const Choice& choice, const Arguments& arguments, Node call);
    Arguments evaluate_arguments(Node list);
    void add_splat(Arguments& arguments, Node splat);
    Maker maker_of(const Value& value) const;

    // flow_forms.cc
    MadeFlow* new_flow(FlowKind kind, int line);
    MadeFlow* prefect_flow(const Arguments& arguments, const Argument* name, const Value& function,
                           Node function_node, int line);
    MadeFlow* with_options(const MadeFlow& base, const Arguments& arguments, int line);
    MadeFlow* airflow_dag(const Arguments& arguments, int line);
    MadeFlow* airflow_factory(const Arguments& arguments, Function& function, int line);
    void name_by(MadeFlow& flow, const Argument* name, const Arguments& arguments);
    void name_by_function(MadeFlow& flow, const Value& function, Node function_node);
    void describe(MadeFlow& flow, const Arguments& arguments);

    ReadModule& result_;
    Objects& objects_;
    std::string source_folder_;
    Imports* imports_;
    std::set<std::string, std::less<>> unknown_names_;
    std::set<std::pair<const Scope*, std::string>> used_constants_;
    std::set<std::string, std::less<>> assigned_attributes_;
    std::vector<Function*> called_;
    Scope* scope_;
    std::vector<Change>* journal_ = nullptr;
    int conditions_ = 0;  ///< that stand between the module's beginning and here
    int depth_ = 0;       ///< of nesting in the source
};

/// Bound on nesting, of statements and expressions together: CPython's own are 100 and 200; a deeper
/// expression is unknown, a deeper statement is not looked at.
inline constexpr int kDeepest = 160;

/// One level deeper, for as long as it lives.
class Level {
 public:
    explicit Level(int& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    Level(Level&&) = delete;
    Level& operator=(Level&&) = delete;

 private:
    int& depth_;
};

std::string join_path(std::string_view scope, std::string_view name);

}  // namespace ringmaster::python_source
