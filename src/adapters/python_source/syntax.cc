#include "adapters/python_source/syntax.h"

#include <chrono>
#include <cstdint>

#include "base/assert.h"

extern "C" const TSLanguage* tree_sitter_python();

namespace ringmaster::python_source {
namespace {

// A file of 4 MiB of ordinary code takes half a second.
constexpr auto kLongestParse = std::chrono::seconds(5);

/// A named node that is no comment; what was not understood may count as an extra, as comments do.
bool is_part(TSNode node) {
    return ts_node_is_named(node) && (!ts_node_is_extra(node) || ts_node_is_error(node));
}

}  // namespace

std::string_view Node::kind() const {
    return is_null() ? std::string_view() : ts_node_type(node_);
}

std::string_view Node::text() const {
    if (is_null()) return {};
    const std::uint32_t start = ts_node_start_byte(node_);
    return tree_->text().substr(start, ts_node_end_byte(node_) - start);
}

int Node::line() const {
    return is_null() ? 0 : static_cast<int>(ts_node_start_point(node_).row) + 1;
}

Node Node::field(std::string_view name) const {
    if (is_null()) return {};
    return {ts_node_child_by_field_name(node_, name.data(), static_cast<std::uint32_t>(name.size())), tree_};
}

template <typename Look>
void Node::each_child(const Look& look) const {
    if (is_null()) return;
    TSTreeCursor* cursor = &tree_->cursor_;
    ts_tree_cursor_reset(cursor, node_);
    for (bool more = ts_tree_cursor_goto_first_child(cursor); more;
         more = ts_tree_cursor_goto_next_sibling(cursor))
        if (!look(ts_tree_cursor_current_node(cursor), cursor)) return;
}

std::vector<Node> Node::fields(std::string_view name) const {
    std::vector<Node> found;
    each_child([&](TSNode child, const TSTreeCursor* cursor) {
        const char* field = ts_tree_cursor_current_field_name(cursor);
        if (field != nullptr && field == name && is_part(child)) found.push_back(Node(child, tree_));
        return true;
    });
    return found;
}

std::vector<Node> Node::children() const {
    std::vector<Node> found;
    each_child([&](TSNode child, const TSTreeCursor*) {
        if (is_part(child)) found.push_back(Node(child, tree_));
        return true;
    });
    return found;
}

Node Node::first_child() const {
    Node found;
    each_child([&](TSNode child, const TSTreeCursor*) {
        if (is_part(child)) found = Node(child, tree_);
        return found.is_null();
    });
    return found;
}

Node Node::first_error() const {
    if (!has_error()) return {};
    TSTreeCursor* cursor = &tree_->cursor_;
    ts_tree_cursor_reset(cursor, node_);
    while (true) {
        const TSNode here = ts_tree_cursor_current_node(cursor);
        if (ts_node_is_error(here) || ts_node_is_missing(here)) return {here, tree_};
        if (ts_node_has_error(here) && ts_tree_cursor_goto_first_child(cursor)) continue;
        while (!ts_tree_cursor_goto_next_sibling(cursor))
            if (!ts_tree_cursor_goto_parent(cursor)) return *this;
    }
}

Node Tree::root() const {
    return {ts_tree_root_node(tree_.get()), this};
}

Parser::Parser() : parser_(ts_parser_new()) {
    RM_ASSERT(ts_parser_set_language(parser_.get(), tree_sitter_python()),
              "the library reads the grammar's version of its tables");
    ts_parser_set_timeout_micros(parser_.get(), std::chrono::microseconds(kLongestParse).count());
}

std::unique_ptr<Tree> Parser::parse(std::string_view text) {
    TSTree* tree = ts_parser_parse_string_encoding(
        parser_.get(), nullptr, text.data(), static_cast<std::uint32_t>(text.size()), TSInputEncodingUTF8);
    if (tree == nullptr) {
        ts_parser_reset(parser_.get());
        return nullptr;
    }
    return std::unique_ptr<Tree>(new Tree(text, tree));
}

}  // namespace ringmaster::python_source
