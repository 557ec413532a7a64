#include "cli/json_result.h"

namespace ringmaster::cli {

bool print_json_if_asked(Context& context, const Arguments& arguments, const Value& value) {
    const auto& fields = arguments.json();
    if (!fields) return false;
    context.out().write(fields->empty() ? value.print() : value.only(*fields).print());
    return true;
}

}  // namespace ringmaster::cli
