#pragma once
// What an expression of a module can be, as far as flows are concerned. Everything else is Unknown. Objects
// live in the Objects of the module that made them and are referred to by pointer: no ownership, no cycles to
// free.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/python_source/syntax.h"
#include "domain/flow.h"

namespace ringmaster::python_source {

struct Scope;
struct Function;
struct Class;
struct MadeFlow;
struct PartialCall;
struct Container;
struct Choice;

struct Unknown {
    bool operator==(const Unknown&) const = default;
};
/// No value yet, or no longer.
struct Unbound {
    bool operator==(const Unbound&) const = default;
};
struct Constant {
    enum class Type { None, Bool, Integer, Text, Other };
    Type type = Type::None;
    std::string text;        ///< of Text itself; of the others as str() gives it
    bool is_certain = true;  ///< false: bound under a condition
    bool operator==(const Constant&) const = default;
};
/// What an import names: "prefect.flow". `base` is the folder below the root that a relative import counts
/// from, or kAboveTheRoot.
inline constexpr const char* kAboveTheRoot = "..";
struct Reference {
    std::optional<std::string> base;
    std::string dotted;
    bool operator==(const Reference&) const = default;
};
/// What calling a function of this module gave.
struct Returned {
    Function* function;
    bool operator==(const Returned&) const = default;
};
/// A function under @dag: a DAG once it is called.
struct Factory {
    MadeFlow* flow;
    bool operator==(const Factory&) const = default;
};

using Value = std::variant<Unknown, Unbound, Constant, Reference, Returned, Factory, Function*, Class*,
                           MadeFlow*, PartialCall*, Container*, Choice*>;

struct Scope {
    enum class Kind { Module, Class, Function };
    Kind kind = Kind::Module;
    Scope* parent = nullptr;
    std::string path;  ///< "Outer.Inner"; empty for the module
    std::map<std::string, Value, std::less<>> names;
    std::map<std::string, int, std::less<>> times_bound;
};

struct Function {
    std::string name;
    std::optional<std::string> docstring;
    std::vector<FlowParameter> parameters;
    Scope* parent = nullptr;
    Node body;  ///< null once its module was read
    bool was_called = false;
    /// Defined with "def" in a class: Python hands it the object itself first.
    bool is_method = false;
    /// Source of what may have changed its __name__ or its "name", which Prefect prefers; empty = nothing
    /// did.
    std::string renamed_by;
};

struct Class {
    Scope scope;
    Class* base = nullptr;
    bool is_plain = false;  ///< what its body assigns is what its attributes are
};

/// A flow that running the module makes.
struct MadeFlow {
    FlowKind kind = FlowKind::Prefect;
    std::string name;  ///< original; a guess unless is_name_known
    bool is_name_known = true;
    std::string name_expression;
    std::optional<std::string> description;
    int line = 0;
    Function* function = nullptr;  ///< nullptr: unknown, or none
    std::vector<FlowParameter> parameters;
    bool is_decorated = false;
    std::string scope_path;  ///< of the class or function it is made in
    std::string class_name;
    bool is_in_function = false;
    bool is_conditional = false;
    std::string first_path;      ///< dotted, of what it was bound to first; empty = nothing
    bool has_escaped = false;    ///< handed to code that may keep it
    bool is_global = false;      ///< put into globals() by subscript
    bool is_registered = false;  ///< Airflow: entered by `with`, or its factory was called
    bool is_registration_certain = false;
    std::vector<std::string> diagnostics;
};

/// An argument as written, and what it is.
struct Argument {
    Node node;
    Value value;
};
struct Arguments {
    std::vector<Argument> positional;
    std::map<std::string, Argument, std::less<>> keywords;
    Node unknown_splat;  ///< a "**" whose keys we cannot tell; null = none

    const Argument* keyword(std::string_view name) const;
};

enum class Maker { None, PrefectFlow, PrefectFlowClass, AirflowDag, AirflowDagDecorator };

/// flow(name="x"), dag("id"): waits for its function.
struct PartialCall {
    Maker maker = Maker::None;
    Arguments arguments;
    bool is_preset = false;  ///< functools.partial(flow, retries=2): may get further arguments first
};

struct Container {
    std::vector<Value> items;
    int depth = 1;
};

/// One of several, depending on what running the module decides.
struct Choice {
    std::vector<Value> options;
};

struct Objects {
    std::deque<Function> functions;
    std::deque<Class> classes;
    std::deque<MadeFlow> flows;
    std::deque<PartialCall> partials;
    std::deque<Container> containers;
    std::deque<Choice> choices;
    std::deque<Scope> scopes;
};

}  // namespace ringmaster::python_source
