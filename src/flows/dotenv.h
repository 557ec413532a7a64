#pragma once
// Files of variables, `KEY=value` a line, as python-dotenv reads them (contract 4.2). What we write is quoted
// so that nothing is lost, and says so in its first line; such a file is read without interpolation.

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster::flows {

using Variables = std::map<std::string, std::string>;

/// Comments, `export`, single and double quotes over several lines, escapes; ${NAME} is replaced (by what
/// stands above it in the file, else by `outer`, else by nothing) outside single quotes, unless the file is
/// ours. Errors: InvalidInput ("FILE:LINE: "), never with a value in it.
Result<Variables> parse_dotenv(std::string_view text, std::string_view file_name,
                               const Variables& outer = {});

/// parse_dotenv() gives back the same variables.
std::string print_dotenv(const Variables& variables);

}  // namespace ringmaster::flows
