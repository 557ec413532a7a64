// Import statements: names become references to what they name; star imports bring the names we know of.
#include "adapters/python_source/frameworks.h"
#include "adapters/python_source/module_reader.h"
#include "base/text.h"

namespace ringmaster::python_source {

void ModuleReader::run_import(Node statement) {
    for (const Node& name : statement.children()) {
        if (name.is("aliased_import")) {
            bind(name.field("alias").text(),
                 Reference{.base = std::nullopt, .dotted = std::string(name.field("name").text())});
        } else {  // `import a.b` binds a
            const std::string_view first = name.text().substr(0, name.text().find('.'));
            bind(first, Reference{.base = std::nullopt, .dotted = std::string(first)});
        }
    }
}

Reference ModuleReader::module_reference(Node module_name) const {
    if (!module_name.is("relative_import"))
        return {.base = std::nullopt, .dotted = std::string(module_name.text())};
    std::string folder = source_folder_;
    std::string dotted;
    for (const Node& part : module_name.children()) {
        if (part.is("dotted_name")) dotted = part.text();
        if (!part.is("import_prefix")) continue;
        for (std::size_t dots = part.text().size(); dots > 1; --dots) {
            if (folder.empty()) return {.base = kAboveTheRoot, .dotted = ""};
            const std::size_t slash = folder.rfind('/');
            folder = slash == std::string::npos ? "" : folder.substr(0, slash);
        }
    }
    return {.base = folder, .dotted = dotted};
}

void ModuleReader::run_import_from(Node statement) {
    const Reference module = module_reference(statement.field("module_name"));
    for (const Node& name : statement.fields("name")) {
        const bool is_aliased = name.is("aliased_import");
        const Node imported = is_aliased ? name.field("name") : name;
        bind(is_aliased ? name.field("alias").text() : imported.text(),
             Reference{.base = module.base, .dotted = join_path(module.dotted, imported.text())});
    }
    for (const Node& child : statement.children())
        if (child.is("wildcard_import")) import_star(module);
}

void ModuleReader::import_star(const Reference& module) {
    const auto bind_name = [&](std::string_view name) {
        bind(name, Reference{.base = module.base, .dotted = join_path(module.dotted, name)});
    };
    if (!module.base)
        for (const auto name : star_names(module.dotted)) bind_name(name);
    if (imports_ != nullptr)
        for (const auto& name : imports_->public_names(module)) bind_name(name);
}

}  // namespace ringmaster::python_source
