#pragma once
// From a file's bytes to the text that Python would read: byte order mark, PEP 263 cookie, line ends. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace ringmaster::python_source {

struct SourceText {
    std::string text;  ///< valid UTF-8; lines end with '\n' alone, as Python sees them
    /// What Python would refuse, or what we could not read as it does; the text is the best reading all the
    /// same.
    std::vector<std::string> problems;
    bool is_readable = true;  ///< false: the text is empty, and the problems say why
};

/// Never fails, whatever the bytes.
SourceText decode_source(std::string_view bytes);

}  // namespace ringmaster::python_source
