#include "adapters/python_source/module_library.h"

#include <algorithm>
#include <set>

namespace ringmaster::python_source {
namespace {

// A name that was imported from where it was imported from …
constexpr int kMostHops = 8;

std::string with_slashes(std::string_view dotted) {
    std::string path(dotted);
    std::ranges::replace(path, '.', '/');
    return path;
}

std::string below(const std::string& folder, const std::string& path) {
    return folder.empty() || path.empty() ? folder + path : folder + "/" + path;
}

/// What others see of a module: a name bound more than once is not told.
void hide_unsafe(ReadModule& module) {
    const auto hide = [](Scope& scope) {
        for (auto& [name, value] : scope.names) {
            const auto times = scope.times_bound.find(name);
            const bool is_unsafe = times != scope.times_bound.end() && times->second > 1;
            if (is_unsafe && std::holds_alternative<Constant>(value)) value = Unknown();
        }
    };
    hide(module.module);
    for (auto& type : module.objects.classes) hide(type.scope);
}

Value attribute(const Value& object, std::string_view name) {
    auto* const* type = std::get_if<Class*>(&object);
    if (type == nullptr) return Unknown();
    const auto found = (*type)->scope.names.find(name);
    if (found == (*type)->scope.names.end()) return Unknown();
    const bool is_constant = std::holds_alternative<Constant>(found->second);
    return is_constant && !(*type)->is_plain ? Value(Unknown()) : found->second;
}

}  // namespace

std::string folder_of(const std::string& source_relative) {
    const std::size_t slash = source_relative.rfind('/');
    return slash == std::string::npos ? "" : source_relative.substr(0, slash);
}

void read_module(SourceModule& result, const std::string& source_folder, Imports* imports) {
    std::set<std::string, std::less<>> unknown;
    for (int pass = 0; pass < 2; ++pass) {
        result.module = ReadModule();
        ModuleReader reader(result.module, source_folder, imports);
        reader.leave_unknown(unknown);
        reader.read(result.tree->root());
        unknown = reader.unsafe_names();
        if (unknown.empty()) return;
    }
}

ModuleLibrary::ModuleLibrary(const SourceFiles& files) : files_(files) {
    // Packages are rarely deeper than this, and folders above them are none.
    constexpr std::size_t kMostLevels = 4;
    std::string package;
    std::string_view rest = files.root;
    while (packages_.size() < kMostLevels && rest.size() > 1) {
        const std::size_t slash = rest.rfind('/');
        package = std::string(rest.substr(slash + 1)) + (package.empty() ? "" : "." + package);
        packages_.push_back(package);
        rest = rest.substr(0, slash);
    }
}

void ModuleLibrary::begin(const std::string& source_relative) {
    folder_ = folder_of(source_relative);
    lookups_.clear();
}

/// The file of exactly this module.
std::string ModuleLibrary::file_of(const std::optional<std::string>& base, std::string_view module,
                                   const std::string& folder) const {
    std::set<std::string> found;
    const auto look = [&](const std::string& path) {
        for (const std::string& file : {path + ".py", path + "/__init__.py"})
            if (files_.find(file) != nullptr) found.insert(file);
    };
    const std::string path = with_slashes(module);
    if (base) {
        look(below(*base, path));
    } else {
        // The root is a package folder, or stands in sys.path itself; a script's own folder does, too.
        for (const std::string& package : packages_)
            if (module.size() > package.size() && module.starts_with(package) &&
                module[package.size()] == '.')
                look(with_slashes(module.substr(package.size() + 1)));
        std::string at = folder;
        while (true) {
            look(below(at, path));
            if (at.empty()) break;
            at = folder_of(at);
        }
    }
    return found.size() == 1 ? *found.begin() : "";
}

ModuleLibrary::Found ModuleLibrary::find(const std::optional<std::string>& base, std::string_view dotted,
                                         const std::string& folder) const {
    if (base == kAboveTheRoot) return {};
    const std::string_view first = dotted.substr(0, dotted.find('.'));
    if (!base) {
        if (first == "prefect" || first == "airflow") return {};
        const bool is_package = std::ranges::any_of(packages_, [first](const std::string& package) {
            return std::string_view(package).substr(0, package.find('.')) == first;
        });
        if (!is_package && !files_.has_name(first)) return {};
    }
    for (std::size_t end = dotted.size(); end != std::string_view::npos;
         end = end == 0 ? std::string_view::npos : dotted.rfind('.', end - 1)) {
        const std::string file = file_of(base, dotted.substr(0, end), folder);
        if (!file.empty()) return {file, end < dotted.size() ? dotted.substr(end + 1) : std::string_view()};
    }
    // `from . import NAME` may name something of the package itself.
    const std::string package = base ? below(*base, "__init__.py") : "";
    if (base && files_.find(package) != nullptr) return {package, dotted};
    return {};
}

std::string ModuleLibrary::find_module(const std::optional<std::string>& base, std::string_view dotted,
                                       const std::string& folder) const {
    return find(base, dotted, folder).file;
}

ModuleLibrary::Found ModuleLibrary::find_for_file(const Reference& reference) {
    const Found found = find(reference.base, reference.dotted, folder_);
    const Lookup lookup{.base = reference.base, .dotted = reference.dotted, .found = found.file};
    if (std::ranges::find(lookups_, lookup) == lookups_.end()) lookups_.push_back(lookup);
    return found;
}

ReadModule* ModuleLibrary::open(const std::string& file) {
    auto& module = modules_[file];
    if (module) return &module->module;
    module = std::make_unique<SourceModule>();
    const SourceFile* listed = files_.find(file);
    if (listed == nullptr || listed->stamp.size > kMostSourceBytes) return &module->module;
    const auto bytes = read_bytes(files_.root + "/" + file, kMostSourceBytes);
    if (!bytes) return &module->module;
    module->source = decode_source(*bytes);
    module->tree = parser_.parse(module->source.text);
    if (!module->tree) return &module->module;
    read_module(*module, folder_of(file), nullptr);
    hide_unsafe(module->module);
    return &module->module;
}

Value ModuleLibrary::follow_from(const Reference& reference, const Found& found, int hops) {
    if (found.file.empty() || found.rest.empty() || hops > kMostHops) return Unknown();
    const ReadModule* module = open(found.file);
    std::string_view rest = found.rest;
    const auto take = [&rest] {
        const std::string_view name = rest.substr(0, rest.find('.'));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        return name;
    };
    const auto named = module->module.names.find(take());
    if (named == module->module.names.end()) return Unknown();
    Value value = named->second;
    while (true) {
        if (const auto* further = std::get_if<Reference>(&value)) {
            const Reference next{
                .base = further->base,
                .dotted = rest.empty() ? further->dotted : further->dotted + "." + std::string(rest)};
            const Found there = find(next.base, next.dotted, folder_of(found.file));
            // What is not below the root keeps its name: `flow` of a module that imports it from Prefect.
            if (there.file.empty()) return next;
            lookups_.push_back({.base = std::nullopt, .dotted = "", .found = there.file});
            return follow_from(next, there, hops + 1);
        }
        if (rest.empty()) return value;
        value = attribute(value, take());
    }
}

Value ModuleLibrary::follow(const Reference& reference) {
    return follow_from(reference, find_for_file(reference), 0);
}

std::vector<std::string> ModuleLibrary::public_names(const Reference& module) {
    const Found found = find_for_file(module);
    if (found.file.empty() || !found.rest.empty()) return {};
    std::vector<std::string> names;
    for (const auto& [name, value] : open(found.file)->module.names)
        if (!name.starts_with('_')) names.push_back(name);
    return names;
}

}  // namespace ringmaster::python_source
