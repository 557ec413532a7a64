#pragma once
// How large a document and its answer may be. A document comes from outside; each bound stops one way in
// which a small request could cost much memory or time.

#include <cstddef>

namespace ringmaster::graphql {

struct Limits {
    std::size_t max_document_bytes =
        1 << 20;                      ///< the largest seen from a real client is 60 kB (gh's pr status)
    std::size_t max_tokens = 50'000;  ///< a parsed token costs some hundred bytes
    int max_nesting = 100;            ///< of braces and brackets as written: the parser recurses
    int max_depth = 40;               ///< of fields, fragments followed; introspection queries reach 15
    std::size_t max_fields = 20'000;  ///< in an operation with its fragments written out
    std::size_t max_aliases = 5'000;  ///< likewise, fields that have one
    std::size_t max_result_values = 5'000'000;  ///< GitHub stops at 500,000 nodes, of about ten fields
    std::size_t max_result_bytes = 256 << 20;
    std::size_t max_errors = 100;  ///< of one request; further ones are dropped
};

}  // namespace ringmaster::graphql
