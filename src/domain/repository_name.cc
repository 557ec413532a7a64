#include "domain/repository_name.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster {
namespace {

bool is_name_part(std::string_view text) {
    const auto allowed = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= 100 && text != "." && text != ".." &&
           std::ranges::all_of(text, allowed);
}

}  // namespace

Result<RepositoryName> RepositoryName::parse(std::string_view text) {
    const auto parts = split(text, '/');
    if (parts.size() != 2 || !is_name_part(parts[0]) || !is_name_part(parts[1]))
        return Fail(Error::invalid_input("\"{}\" is not a repository: \"owner/name\" is needed",
                                         sanitize_for_terminal(truncate_utf8(text, 80))));
    return RepositoryName{std::string(parts[0]), std::string(parts[1])};
}

}  // namespace ringmaster
