#include "adapters/git_source/remote_address.h"

#include "base/text.h"

namespace ringmaster::git_source {
namespace {

bool is_ssh(std::string_view scheme) {
    const auto lower = to_lower_ascii(scheme);
    return lower == "ssh" || lower == "git+ssh" || lower == "ssh+git";
}

std::string with_host_alone(std::string_view scheme, std::string_view rest) {
    const auto slash = rest.find('/');
    auto authority = rest.substr(0, slash);
    auto path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
    std::string user;
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto information = authority.substr(0, at);
        if (is_ssh(scheme)) user = std::string(information.substr(0, information.find(':'))) + "@";
        authority.remove_prefix(at + 1);
    }
    if (!is_ssh(scheme) && !equal_ignoring_ascii_case(scheme, "file"))
        path = path.substr(0, path.find_first_of("?#"));
    return std::string(scheme) + "://" + user + std::string(authority) + std::string(path);
}

}  // namespace

std::string address_without_credentials(std::string_view address) {
    address = trim(address);
    if (const auto scheme = address.find("://"); scheme != std::string_view::npos)
        return with_host_alone(address.substr(0, scheme), address.substr(scheme + 3));
    // "user:secret@host:path" is no form of git's, but people write it; a path has a '/' before any '@'.
    const auto at = address.find('@');
    const auto colon = address.find(':');
    if (at != std::string_view::npos && colon < at && address.find('/') > at)
        return std::string(address.substr(0, colon)) + std::string(address.substr(at));
    return std::string(address);
}

}  // namespace ringmaster::git_source
