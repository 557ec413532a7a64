#include "adapters/python_source/syntax.h"

#include <chrono>
#include <cstdint>
#include <cstring>

#include "base/assert.h"

extern "C" const TSLanguage* tree_sitter_python();

namespace ringmaster::python_source {
namespace {

// A file of 4 MiB of ordinary code takes half a second.
constexpr auto kLongestParse = std::chrono::seconds(5);

class Cursor {
 public:
    explicit Cursor(TSNode node) : cursor_(ts_tree_cursor_new(node)) {}
    ~Cursor() { ts_tree_cursor_delete(&cursor_); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    Cursor(Cursor&&) = delete;
    Cursor& operator=(Cursor&&) = delete;

    bool enter() { return ts_tree_cursor_goto_first_child(&cursor_); }
    bool next() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
    bool leave() { return ts_tree_cursor_goto_parent(&cursor_); }
    TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
    std::string_view field() const {
        const char* name = ts_tree_cursor_current_field_name(&cursor_);
        return name == nullptr ? std::string_view() : std::string_view(name);
    }

 private:
    TSTreeCursor cursor_;
};

bool is_comment(TSNode node) {
    return std::strcmp(ts_node_type(node), "comment") == 0;
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

std::vector<Node> Node::fields(std::string_view name) const {
    std::vector<Node> found;
    if (is_null()) return found;
    Cursor cursor(node_);
    for (bool more = cursor.enter(); more; more = cursor.next())
        if (cursor.field() == name && ts_node_is_named(cursor.node()) && !is_comment(cursor.node()))
            found.push_back(Node(cursor.node(), tree_));
    return found;
}

std::vector<Node> Node::children() const {
    std::vector<Node> found;
    if (is_null()) return found;
    Cursor cursor(node_);
    for (bool more = cursor.enter(); more; more = cursor.next())
        if (ts_node_is_named(cursor.node()) && !is_comment(cursor.node()))
            found.push_back(Node(cursor.node(), tree_));
    return found;
}

std::vector<Node> Node::all_children() const {
    std::vector<Node> found;
    if (is_null()) return found;
    Cursor cursor(node_);
    for (bool more = cursor.enter(); more; more = cursor.next()) found.push_back(Node(cursor.node(), tree_));
    return found;
}

Node Node::first_child() const {
    if (is_null()) return {};
    Cursor cursor(node_);
    for (bool more = cursor.enter(); more; more = cursor.next())
        if (ts_node_is_named(cursor.node()) && !is_comment(cursor.node())) return {cursor.node(), tree_};
    return {};
}

Node Node::first_error() const {
    if (!has_error()) return {};
    Cursor cursor(node_);
    while (true) {
        const TSNode here = cursor.node();
        if (std::strcmp(ts_node_type(here), "ERROR") == 0 || ts_node_is_missing(here)) return {here, tree_};
        if (ts_node_has_error(here) && cursor.enter()) continue;
        while (!cursor.next())
            if (!cursor.leave()) return *this;
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
