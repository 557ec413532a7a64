#pragma once
// A TCP port that nobody listens on.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ringmaster::process {

struct PortRange {
    std::uint16_t first =
        20000;  ///< below the range from which Linux gives ports to outgoing connections (32768)
    std::uint16_t last = 29999;
};

/// A port in the range on which `address` (IPv4) can be listened on now and that is not in `taken`. The
/// search begins at a place that `name` determines: a show usually gets the same port again, and an address
/// that somebody kept does not soon lead to another show. Errors: Unavailable (none is free, the address is
/// not of this machine), InvalidInput.
Result<std::uint16_t> find_free_port(const std::string& address, PortRange range, std::string_view name,
                                     const std::set<std::uint16_t>& taken);

}  // namespace ringmaster::process
