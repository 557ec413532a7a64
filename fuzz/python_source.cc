// adapters/python_source: any bytes as a Python file, and as what others import of it.
#include "adapters/python_source/ignore_rules.h"
#include "adapters/python_source/source_reading.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;
using namespace ringmaster::python_source;

namespace {

/// Every name leads to the module itself, so that what it exports is used as well.
class OwnModule final : public Imports {
 public:
    explicit OwnModule(const ReadModule& module) : module_(module) {}
    Value follow(const Reference& reference) override {
        const auto found =
            module_.module.names.find(reference.dotted.substr(reference.dotted.rfind('.') + 1));
        return found == module_.module.names.end() ? Value(Unknown()) : found->second;
    }
    std::vector<std::string> public_names(const Reference&) override { return {"flow", "NAME", "f"}; }

 private:
    const ReadModule& module_;
};

}  // namespace

FUZZ(text) {
    static Parser parser;
    SourceModule module;
    module.source = decode_source(text);
    RM_ASSERT(is_valid_utf8(module.source.text), "what is read is valid text");
    module.tree = parser.parse(module.source.text);
    if (!module.tree) return;
    read_module(module, "a/b", nullptr);
    OwnModule imports(module.module);
    const FileAnswer answer = read_source(parser, text, "a/b", &imports);
    for (const auto& flow : answer.flows) {
        RM_ASSERT(!flow.id.empty() && !flow.original_name.empty(), "a flow is called something");
        RM_ASSERT(flow.line_number > 0, "a flow is somewhere");
        RM_ASSERT(is_valid_utf8(flow.original_name) && is_valid_utf8(flow.name_expression),
                  "names are valid text");
        RM_ASSERT(!flow.description || is_valid_utf8(*flow.description), "a description is valid text");
        RM_ASSERT(!flow.is_static || flow.name_expression.empty(), "a certain name is no expression");
    }
    (void)IgnoreRules(text).judge("a/b.py", PathKind::File);
}
