// Calls: of what makes flows, of functions of the module, and of everything else.
#include <algorithm>

#include "adapters/python_source/frameworks.h"
#include "adapters/python_source/module_reader.h"

namespace ringmaster::python_source {
namespace {

bool is_functools_partial(const Value& value) {
    const auto* reference = std::get_if<Reference>(&value);
    return reference != nullptr && !reference->base && reference->dotted == "functools.partial";
}

}  // namespace

const Argument* Arguments::keyword(std::string_view name) const {
    const auto found = keywords.find(name);
    return found == keywords.end() ? nullptr : &found->second;
}

Maker ModuleReader::maker_of(const Value& value) const {
    if (const auto* reference = std::get_if<Reference>(&value)) {
        if (!reference->base && maker_named(reference->dotted) != Maker::None)
            return maker_named(reference->dotted);
        return Maker::None;
    }
    if (auto* const* one_of = std::get_if<Choice*>(&value))
        for (const Value& option : (*one_of)->options)
            if (const Maker maker = maker_of(option); maker != Maker::None) return maker;
    return Maker::None;
}

/// `**{"name": "x"}` is as good as `name="x"`.
void ModuleReader::add_splat(Arguments& arguments, Node splat) {
    const Node mapping = splat.first_child();
    if (!mapping.is("dictionary")) {
        (void)evaluate(mapping);
        arguments.unknown_splat = splat;
        return;
    }
    for (const Node& pair : mapping.children()) {
        const auto key = pair.is("pair") ? fold(evaluate(pair.field("key"))) : std::nullopt;
        if (key && key->type == Constant::Type::Text)
            arguments.keywords[key->text] = {pair.field("value"), evaluate(pair.field("value"))};
        else
            arguments.unknown_splat = splat;
    }
}

Arguments ModuleReader::evaluate_arguments(Node list) {
    Arguments arguments;
    if (list.is("generator_expression")) {
        (void)evaluate(list);
        return arguments;
    }
    for (const Node& child : list.children()) {
        if (child.is("keyword_argument")) {
            const Node value = child.field("value");
            arguments.keywords[std::string(child.field("name").text())] = {value, evaluate(value)};
        } else if (child.is("dictionary_splat")) {
            add_splat(arguments, child);
        } else if (child.is("list_splat")) {
            (void)evaluate(child);
            arguments.unknown_splat = child;
        } else {
            arguments.positional.push_back({child, evaluate(child)});
        }
    }
    return arguments;
}

Value ModuleReader::evaluate_call(Node call) {
    const Node callee = call.field("function");
    if (callee.is("attribute") && callee.field("attribute").text() == "with_options") {
        const Value object = resolve(evaluate(callee.field("object")));
        auto* const* flow = std::get_if<MadeFlow*>(&object);
        if (flow != nullptr && (*flow)->kind == FlowKind::Prefect)
            return with_options(**flow, evaluate_arguments(call.field("arguments")), call.line());
    }
    const Value value = resolve(evaluate(callee));
    return call_value(value, evaluate_arguments(call.field("arguments")), call);
}

Value ModuleReader::call_value(const Value& callee, Arguments arguments, Node call) {
    if (auto* const* one_of = std::get_if<Choice*>(&callee)) return call_choice(**one_of, arguments, call);
    if (const Maker maker = maker_of(callee); maker != Maker::None)
        return call_maker(maker, std::move(arguments), call);
    if (auto* const* partial = std::get_if<PartialCall*>(&callee))
        return call_partial(**partial, std::move(arguments), call);
    if (is_functools_partial(callee) && !arguments.positional.empty())
        if (const Maker maker = maker_of(resolve(arguments.positional.front().value)); maker != Maker::None) {
            arguments.positional.erase(arguments.positional.begin());
            objects_.partials.push_back(
                {.maker = maker, .arguments = std::move(arguments), .is_preset = true});
            return &objects_.partials.back();
        }
    if (const auto* factory = std::get_if<Factory>(&callee)) {
        factory->flow->is_registered = true;
        factory->flow->is_registration_certain |= conditions_ == 0;
        return factory->flow;
    }
    for (const auto& argument : arguments.positional) escape(argument.value);
    for (const auto& [name, argument] : arguments.keywords) escape(argument.value);
    if (auto* const* function = std::get_if<Function*>(&callee)) {
        mark_called(callee);
        return Returned{*function};
    }
    return Unknown();
}

Value ModuleReader::call_partial(const PartialCall& partial, Arguments arguments, Node call) {
    if (partial.is_preset) {
        arguments.keywords.insert(partial.arguments.keywords.begin(), partial.arguments.keywords.end());
        if (!arguments.unknown_splat) arguments.unknown_splat = partial.arguments.unknown_splat;
        return call_maker(partial.maker, std::move(arguments), call);
    }
    if (arguments.positional.empty() || partial.maker != Maker::PrefectFlow) return Unknown();
    const Argument& function = arguments.positional.front();
    return prefect_flow(partial.arguments, partial.arguments.keyword("name"), function.value, function.node,
                        call.line());
}

/// All that may be called is; whatever is made is uncertain.
Value ModuleReader::call_choice(const Choice& choice, const Arguments& arguments, Node call) {
    const Level uncertain(conditions_);
    std::vector<Value> results;
    bool has_made = false;
    for (const Value& option : choice.options) {
        const bool makes = maker_of(option) != Maker::None;
        if (makes && has_made) continue;  // two names of the same thing
        has_made |= makes;
        results.push_back(call_value(option, arguments, call));
    }
    return this->choice(results);
}

Value ModuleReader::call_maker(Maker maker, Arguments arguments, Node call) {
    if (maker == Maker::AirflowDag) return airflow_dag(arguments, call.line());
    const Argument* function = arguments.positional.empty() ? nullptr : &arguments.positional.front();
    if (maker == Maker::PrefectFlowClass) {
        if (function == nullptr) function = arguments.keyword("fn");
        const Argument* name = arguments.keyword("name");
        if (name == nullptr && arguments.positional.size() > 1) name = &arguments.positional[1];
        if (function == nullptr) return Unknown();
        return prefect_flow(arguments, name, function->value, function->node, call.line());
    }
    const bool is_called_on_function = maker == Maker::PrefectFlow && function != nullptr &&
                                       !std::holds_alternative<Constant>(function->value);
    if (is_called_on_function)
        return prefect_flow(arguments, arguments.keyword("name"), function->value, function->node,
                            call.line());
    objects_.partials.push_back({.maker = maker, .arguments = std::move(arguments)});
    return &objects_.partials.back();
}

}  // namespace ringmaster::python_source
