#include "adapters/aws/xml_reader.h"

#include <optional>

#include "base/text.h"

namespace ringmaster::aws {
namespace {

constexpr int kDeepest = 64;  // AWS nests about ten deep; recursion must not be a stranger's to choose

void append_utf8(std::string& text, std::uint32_t point) {
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0 | (point >> 6));
        text += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0 | (point >> 12));
        text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (point & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | (point >> 18));
        text += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
        text += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (point & 0x3F));
    }
}

/// "#233" or "#xE9"; nullopt: not a character.
std::optional<std::uint32_t> character_of(std::string_view reference) {
    const bool is_hex = reference.starts_with("#x");
    std::uint32_t point = 0;
    for (const char digit : reference.substr(is_hex ? 2 : 1)) {
        const auto* digits = "0123456789abcdef";
        const auto value = std::string_view(digits).find(to_lower_ascii(std::string(1, digit)));
        if (value == std::string_view::npos || (!is_hex && value > 9)) return std::nullopt;
        point = point * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(value);
        if (point > 0x10FFFF) return std::nullopt;
    }
    const bool is_surrogate = point >= 0xD800 && point < 0xE000;
    return point == 0 || is_surrogate ? std::nullopt : std::optional(point);
}

class Parser {
 public:
    explicit Parser(std::string_view text) : rest_(text) {}

    /// nullopt: not well formed.
    std::optional<XmlElement> document() {
        if (!skip_to_element()) return std::nullopt;
        auto root = element(0);
        if (root && (!skip_misc() || !trim(rest_).empty())) return std::nullopt;
        return root;
    }

 private:
    bool skip_past(std::string_view end) {
        const auto at = rest_.find(end);
        if (at == std::string_view::npos) return false;
        rest_.remove_prefix(at + end.size());
        return true;
    }

    bool skip_misc() {
        for (;;) {
            while (!rest_.empty() && trim(rest_.substr(0, 1)).empty()) rest_.remove_prefix(1);
            if (rest_.starts_with("<?")) {
                if (!skip_past("?>")) return false;
            } else if (rest_.starts_with("<!--")) {
                if (!skip_past("-->")) return false;
            } else {
                return true;
            }
        }
    }

    bool skip_to_element() {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
        return skip_misc() && rest_.starts_with("<") && !rest_.starts_with("<!");
    }

    /// The inside of a start tag up to its ">", which a quoted value may hold, too.
    std::optional<std::string_view> tag() {
        char quote = 0;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '<') {
                return std::nullopt;
            } else if (c == '>') {
                const auto inside = rest_.substr(1, i - 1);
                rest_.remove_prefix(i + 1);
                return inside;
            }
        }
        return std::nullopt;
    }

    std::optional<XmlElement> element(int depth) {
        auto inside = depth < kDeepest ? tag() : std::nullopt;
        if (!inside || inside->empty()) return std::nullopt;
        const bool is_empty = inside->ends_with("/");
        if (is_empty) inside->remove_suffix(1);
        const auto full_name = inside->substr(0, std::min(inside->find_first_of(" \t\r\n"), inside->size()));
        if (full_name.empty()) return std::nullopt;
        XmlElement made;
        const auto colon = full_name.find(':');
        made.name = full_name.substr(colon == std::string_view::npos ? 0 : colon + 1);
        if (!is_empty && !content(made, full_name, depth)) return std::nullopt;
        made.text = std::string(trim(made.text));
        return made;
    }

    bool content(XmlElement& into, std::string_view full_name, int depth) {
        for (;;) {
            const auto markup = rest_.find('<');
            if (markup == std::string_view::npos || !add_text(into, rest_.substr(0, markup))) return false;
            rest_.remove_prefix(markup);
            if (rest_.starts_with("</")) return end_tag(full_name);
            if (rest_.starts_with("<![CDATA[")) {
                const auto end = rest_.find("]]>");
                if (end == std::string_view::npos) return false;
                into.text += rest_.substr(9, end - 9);
                rest_.remove_prefix(end + 3);
            } else if (rest_.starts_with("<!--")) {
                if (!skip_past("-->")) return false;
            } else if (rest_.starts_with("<?")) {
                if (!skip_past("?>")) return false;
            } else if (rest_.starts_with("<!")) {
                return false;
            } else {
                auto child = element(depth + 1);
                if (!child) return false;
                into.children.push_back(*std::move(child));
            }
        }
    }

    bool end_tag(std::string_view full_name) {
        const auto inside = tag();
        return inside && inside->size() > 1 && trim(inside->substr(1)) == full_name;
    }

    static bool add_text(XmlElement& into, std::string_view raw) {
        while (!raw.empty()) {
            const auto reference = std::min(raw.find('&'), raw.size());
            into.text += raw.substr(0, reference);
            raw.remove_prefix(reference);
            if (raw.empty()) return true;
            const auto end = raw.find(';');
            if (end == std::string_view::npos || !add_reference(into.text, raw.substr(1, end - 1)))
                return false;
            raw.remove_prefix(end + 1);
        }
        return true;
    }

    static bool add_reference(std::string& text, std::string_view name) {
        constexpr std::pair<std::string_view, char> kNamed[] = {
            {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
        for (const auto& [known, character] : kNamed)
            if (name == known) {
                text += character;
                return true;
            }
        if (!name.starts_with("#") || name.size() < 2) return false;
        const auto point = character_of(name);
        if (point) append_utf8(text, *point);
        return point.has_value();
    }

    std::string_view rest_;
};

}  // namespace

const XmlElement* XmlElement::find(std::string_view path) const {
    const auto* at = this;
    for (const auto step : split(path, '/')) {
        const XmlElement* next = nullptr;
        for (const auto& child : at->children)
            if (next == nullptr && child.name == step) next = &child;
        if (next == nullptr) return nullptr;
        at = next;
    }
    return at;
}

std::string XmlElement::text_at(std::string_view path) const {
    const auto* found = find(path);
    return found == nullptr ? "" : found->text;
}

std::vector<const XmlElement*> XmlElement::items(std::string_view path, std::string_view item) const {
    std::vector<const XmlElement*> found;
    const auto* list = find(path);
    if (list == nullptr) return found;
    for (const auto& child : list->children)
        if (child.name == item) found.push_back(&child);
    return found;
}

Result<XmlElement> parse_xml(std::string_view text, std::string_view what) {
    auto root = Parser(text).document();
    if (root) return *std::move(root);
    return Fail(
        Error::corrupt("{} is not XML: \"{}\"", what, sanitize_for_terminal(truncate_utf8(text, 80))));
}

}  // namespace ringmaster::aws
