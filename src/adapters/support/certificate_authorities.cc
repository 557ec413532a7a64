#include "adapters/support/certificate_authorities.h"

#include <curl/curl.h>

#include <array>

#include "adapters/support/files.h"

namespace ringmaster::support {

std::string ca_file_instead_of(const std::string& built_in, std::span<const char* const> known) {
    if (built_in.empty() || exists(built_in)) return {};
    for (const char* path : known)
        if (exists(path)) return path;
    return {};
}

std::string default_ca_file() {
    // The places that Go's crypto/x509 looks in (root_linux.go), which covers the distributions in use.
    static constexpr std::array kKnown = {
        "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
        "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora
        "/etc/ssl/ca-bundle.pem",                             // openSUSE
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Red Hat
        "/etc/ssl/cert.pem",                                  // Alpine
    };
    const auto* libcurl = curl_version_info(CURLVERSION_NOW);
    const char* built_in = libcurl->age >= CURLVERSION_SEVENTH ? libcurl->cainfo : nullptr;
    return ca_file_instead_of(built_in == nullptr ? "" : built_in, kKnown);
}

}  // namespace ringmaster::support
