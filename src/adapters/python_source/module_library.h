#pragma once
// The modules of the folder that is searched, for names that others import. Each is read once, by itself:
// what it imports in turn is followed by name only, so that no circle and no order of files can matter.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/python_source/module_reader.h"
#include "adapters/python_source/source_files.h"
#include "adapters/python_source/source_text.h"
#include "adapters/python_source/syntax.h"

namespace ringmaster::python_source {

/// A larger file is no source that people write; it is a problem of the answer.
inline constexpr std::int64_t kMostSourceBytes = 4 << 20;

/// A file, read and understood; the text outlives the tree, and the tree the module.
struct SourceModule {
    SourceText source;
    std::unique_ptr<Tree> tree;
    ReadModule module;
};

/// Reads the module twice where a constant turns out to be bound more than once.
void read_module(SourceModule& result, const std::string& source_folder, Imports* imports);

/// Which file a name led to: what an answer kept for later depends on, besides the file itself.
struct Lookup {
    std::optional<std::string> base;
    std::string dotted;
    std::string found;  ///< file below the root; empty = none
    bool operator==(const Lookup&) const = default;
};

/// Not for use by several threads at once.
class ModuleLibrary final : public Imports {
 public:
    explicit ModuleLibrary(const SourceFiles& files);

    /// From now on, names are followed for this file; its lookups are counted anew.
    void begin(const std::string& source_relative);
    const std::vector<Lookup>& lookups() const { return lookups_; }
    /// The file that the beginning of `dotted` names, seen from a file in `folder`; empty: none, or several
    /// might be meant.
    std::string find_module(const std::optional<std::string>& base, std::string_view dotted,
                            const std::string& folder) const;

    Value follow(const Reference& reference) override;
    std::vector<std::string> public_names(const Reference& module) override;

 private:
    struct Found {
        std::string file;
        std::string_view rest;  ///< of the name, behind the module's
    };
    Found find(const std::optional<std::string>& base, std::string_view dotted,
               const std::string& folder) const;
    Found find_for_file(const Reference& reference);
    std::string file_of(const std::optional<std::string>& base, std::string_view module,
                        const std::string& folder) const;
    ReadModule* open(const std::string& file);
    Value follow_from(const Reference& reference, const Found& found, int hops);

    const SourceFiles& files_;
    std::vector<std::string> packages_;  ///< what the root may be called: "flows", "acme.flows", …
    Parser parser_;
    std::string folder_;
    std::vector<Lookup> lookups_;
    std::map<std::string, std::unique_ptr<SourceModule>> modules_;
};

std::string folder_of(const std::string& source_relative);

}  // namespace ringmaster::python_source
