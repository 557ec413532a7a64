#pragma once
// Reads the XML in which EC2, STS and Elastic Load Balancing answer: elements and text. Attributes,
// namespaces, comments and processing instructions are passed over; a document type is refused, because
// entities of its own are how XML attacks those who read it.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringmaster::aws {

struct XmlElement {
    std::string name;  ///< without a namespace's prefix
    std::string text;  ///< all of its own text, spaces around removed
    std::vector<XmlElement> children;

    /// The first element below along "a/b/c"; nullptr: there is none.
    const XmlElement* find(std::string_view path) const;
    /// Its text; "" where there is none.
    std::string text_at(std::string_view path) const;
    /// The children named `item` of the element at `path`.
    std::vector<const XmlElement*> items(std::string_view path, std::string_view item) const;
};

/// `what` names the document in error messages. Errors: Corrupt.
Result<XmlElement> parse_xml(std::string_view text, std::string_view what);

}  // namespace ringmaster::aws
