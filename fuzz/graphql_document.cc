// graphql/parser: documents from anybody. What parses prints as a document that parses to the same print.
#include "fuzz/fuzz.h"
#include "graphql/parser.h"
#include "graphql/print.h"

using namespace ringmaster;

FUZZ(text) {
    const auto document = graphql::parse_document(text);
    if (!document) return;
    const std::string printed = graphql::print(*document);
    const auto again = graphql::parse_document(printed);
    RM_ASSERT(again.has_value(), "a printed document parses");
    RM_ASSERT(graphql::print(*again) == printed, "a printed document reads back as itself");
}
