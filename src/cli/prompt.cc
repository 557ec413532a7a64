#include "cli/prompt.h"

#include "base/text.h"

namespace ringmaster::cli {

Result<bool> confirm(Context& context, const Arguments& arguments, std::string_view question) {
    if (arguments.flag("yes") || arguments.flag("force")) return true;
    if (!context.may_prompt())
        return Fail(
            Error::invalid_input("this needs a confirmation, and there is nobody to ask: {}", question)
                .hint("add --yes to do it, or --dry-run to see what it would do"));
    context.err().write(fmt::format("{} [y/N] ", question));
    const auto answer = context.input().read_line();
    TRY(context.interruption().pulse());
    if (!answer) return false;
    const auto word = to_lower_ascii(trim(*answer));
    return word == "y" || word == "yes";
}

}  // namespace ringmaster::cli
