#pragma once
// Where the certificate authorities are that this machine trusts. A libcurl is told one path when it is
// built, and the program may run elsewhere: one that is linked statically is carried to any distribution.

#include <span>
#include <string>

namespace ringmaster::support {

/// The PEM file to hand to libcurl when nobody chose one; empty = leave it to libcurl, because its own is
/// there or nothing better is.
std::string default_ca_file();

/// The same for a libcurl whose own file is `built_in` (empty = it needs none): the first of `known` that
/// exists.
std::string ca_file_instead_of(const std::string& built_in, std::span<const char* const> known);

}  // namespace ringmaster::support
