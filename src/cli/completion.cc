#include "cli/completion.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/registry.h"

namespace ringmaster::cli {

namespace {

// Each asks `PROGRAM __complete WORD…`, the last word being the one under the cursor, and gets one candidate
// a line, with a tab and a description after it.

constexpr std::string_view kBash = R"(# bash completion for PROGRAM
_FUNCTION() {
    local IFS=$'\n' line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _FUNCTION PROGRAM
)";

constexpr std::string_view kZsh = R"(#compdef PROGRAM
_FUNCTION() {
    local -a candidates
    local line
    while IFS= read -r line; do
        candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#candidates} )); then
        _describe 'PROGRAM' candidates
    else
        _files
    fi
}
if [ "$funcstack[1]" = "_FUNCTION" ]; then
    _FUNCTION "$@"
else
    compdef _FUNCTION PROGRAM
fi
)";

constexpr std::string_view kFish = R"(# fish completion for PROGRAM
function __FUNCTION
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c PROGRAM -f -a '(__FUNCTION)'
)";

Result<ExitCode> run_completion(Context& context, const Arguments& arguments) {
    context.out().write(completion_script(*arguments.text("SHELL"), context.program().name));
    return kDone;
}

}  // namespace

std::string completion_script(std::string_view shell, std::string_view program) {
    const auto text = shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : "";
    const auto function = replace_all(std::string(program), "-", "_") + "_complete";
    return replace_all(replace_all(std::string(text), "FUNCTION", function), "PROGRAM", program);
}

Command completion_command() {
    return {.name = "completion",
            .group = kOtherGroup,
            .summary = "Print the script that completes commands in your shell",
            .description =
                "Completes commands, options, their values, and the numbers of pull requests that have "
                "shows.",
            .positionals = {{.name = "SHELL", .help = "Your shell", .choices = {"bash", "zsh", "fish"}}},
            .examples = {{"source <(ringmaster completion bash)", "in ~/.bashrc"},
                         {"ringmaster completion zsh > \"${fpath[1]}/_ringmaster\"", "once"},
                         {"ringmaster completion fish > ~/.config/fish/completions/ringmaster.fish", "once"}},
            .run = run_completion};
}

}  // namespace ringmaster::cli
