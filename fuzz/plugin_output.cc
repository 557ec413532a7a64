// adapters/exec: whatever a program of the user's writes is an answer or a refusal, in the same words however
// the bytes come; and whatever the answer holds is read or refused.
#include "adapters/exec/plugin_output.h"

#include "adapters/exec/documents.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

namespace {

Result<exec::PluginAnswer> heard(std::string_view first, std::string_view rest) {
    NoProgress quiet;
    const exec::PluginCall call{.operation = "find", .timeout = exec::kLookTimeout};
    exec::PluginOutput output("it", call, quiet);
    output.read(first);
    output.read(rest);
    return output.answer(0);
}

}  // namespace

FUZZ(text) {
    const auto whole = heard(text, "");
    const auto pieces = heard(text.substr(0, text.size() / 3), text.substr(text.size() / 3));
    RM_ASSERT(whole.has_value() == pieces.has_value(), "where the bytes are cut does not matter");
    if (!whole) {
        RM_ASSERT(whole.error().describe() == pieces.error().describe(), "nor for what is said of them");
        RM_ASSERT(whole.error().message().find('\n') == std::string::npos, "a complaint is one line");
        return;
    }
    RM_ASSERT(whole->ok.has_value() != whole->refusal.has_value(), "an answer is one of the two");
    if (!whole->ok) return;
    (void)exec::read_service(*whole->ok);
    (void)exec::read_endpoint(*whole->ok);
    (void)exec::read_artifact(*whole->ok);
    (void)exec::read_route(*whole->ok);
}
