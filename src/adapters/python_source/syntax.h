#pragma once
// A thin owner of tree-sitter's tree of one Python file: nodes as values, their text, children without
// quadratic walks. It recovers from mistakes in the source, so there is a tree for any bytes. Names of nodes
// and fields are those of tree-sitter-python 0.23 (its src/node-types.json).

#include <tree_sitter/api.h>

#include <memory>
#include <string_view>
#include <vector>

namespace ringmaster::python_source {

class Tree;

/// A place in a tree; valid as long as the tree. A null node has no kind, no text and no children.
class Node {
 public:
    Node() = default;

    bool is_null() const { return tree_ == nullptr || ts_node_is_null(node_); }
    explicit operator bool() const { return !is_null(); }
    std::string_view kind() const;
    bool is(std::string_view kind) const { return this->kind() == kind; }
    /// Whether it stands for itself in the grammar, and is not a mere token such as "(".
    bool is_named() const { return !is_null() && ts_node_is_named(node_); }
    std::string_view text() const;
    int line() const;  ///< from 1
    bool has_error() const { return !is_null() && ts_node_has_error(node_); }

    Node field(std::string_view name) const;
    /// All with this field name, in order.
    std::vector<Node> fields(std::string_view name) const;
    /// The named ones, without comments.
    std::vector<Node> children() const;
    Node first_child() const;
    /// The first place that was not understood; null where there is none.
    Node first_error() const;

 private:
    friend class Tree;
    Node(TSNode node, const Tree* tree) : node_(node), tree_(tree) {}
    /// Calls `look` with each child, in order, and the name of its field, until it returns false.
    template <typename Look>
    void each_child(const Look& look) const;

    TSNode node_ = {};
    const Tree* tree_ = nullptr;
};

class Tree {
 public:
    ~Tree() { ts_tree_cursor_delete(&cursor_); }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    Tree(Tree&&) = delete;
    Tree& operator=(Tree&&) = delete;

    Node root() const;
    std::string_view text() const { return text_; }

 private:
    friend class Parser;
    struct Deleter {
        void operator()(TSTree* tree) const { ts_tree_delete(tree); }
    };
    friend class Node;
    Tree(std::string_view text, TSTree* tree)
        : text_(text), tree_(tree), cursor_(ts_tree_cursor_new(ts_tree_root_node(tree))) {}

    std::string_view text_;
    std::unique_ptr<TSTree, Deleter> tree_;
    mutable TSTreeCursor cursor_;  ///< for walks that end before the next begins; a new one each costs memory
};

/// Not for use by several threads at once; nor is a tree.
class Parser {
 public:
    Parser();
    /// `text` is UTF-8 and must live as long as the tree. Null: it took longer than a file may
    /// (kLongestParse); what the grammar does with hostile text is not always linear.
    std::unique_ptr<Tree> parse(std::string_view text);

 private:
    struct Deleter {
        void operator()(TSParser* parser) const { ts_parser_delete(parser); }
    };
    std::unique_ptr<TSParser, Deleter> parser_;
};

}  // namespace ringmaster::python_source
