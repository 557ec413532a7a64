#include "graphql/parser.h"

#include <fmt/core.h>

#include "base/result.h"
#include "base/text.h"

namespace ringmaster::graphql {
namespace {

template <typename T>
using Parsed = std::expected<T, SyntaxError>;

std::string describe(const Token& token) {
    switch (token.kind) {
        case Token::Kind::End:
            return "end of document";
        case Token::Kind::String:
            return "a string";
        default:
            return "\"" + truncate_utf8(token.text, 40) + "\"";
    }
}

class Parser {
 public:
    Parser(std::string_view source, const Limits& limits) : lexer_(source), limits_(limits) {}

    Parsed<void> start() { return advance(); }
    Parsed<Document> document();
    Parsed<FieldDeclaration> field_declaration();
    Parsed<InputDeclaration> input_declaration();
    Parsed<void> expect_end() {
        return token_.kind == Token::Kind::End ? Parsed<void>{} : unexpected("the end");
    }

 private:
    std::unexpected<SyntaxError> unexpected(std::string_view wanted) const {
        return std::unexpected(
            SyntaxError{fmt::format("Expected {}, actual: {} at [{}, {}]", wanted, describe(token_),
                                    token_.location.line, token_.location.column),
                        token_.location});
    }
    Parsed<void> advance();
    Parsed<void> expect(std::string_view punctuator);
    Parsed<bool> accept(std::string_view punctuator);
    Parsed<std::string> name(std::string_view wanted);
    bool at_keyword(std::string_view word) const {
        return token_.kind == Token::Kind::Name && token_.text == word;
    }

    Parsed<Operation> operation();
    Parsed<Fragment> fragment();
    Parsed<std::vector<VariableDefinition>> variable_definitions();
    Parsed<VariableDefinition> variable_definition();
    Parsed<TypeReference> type();
    Parsed<std::vector<Selection>> selection_set();
    Parsed<Selection> selection();
    Parsed<Selection> field();
    Parsed<Selection> fragment_selection(Location start);
    Parsed<std::vector<Argument>> arguments();
    Parsed<std::vector<Directive>> directives();
    Parsed<Literal> literal();
    Parsed<Literal> list();
    Parsed<Literal> object();
    Parsed<std::string> fragment_name();

    // The parser recurses only where a document nests; this counts that.
    struct Nesting {
        explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
        ~Nesting() { --depth_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;
        int& depth_;
    };
    Parsed<void> check_nesting() const {
        if (depth_ <= limits_.max_nesting) return {};
        return std::unexpected(
            SyntaxError{fmt::format("Nested deeper than {} levels", limits_.max_nesting), token_.location});
    }

    Lexer lexer_;
    const Limits& limits_;
    Token token_;
    std::size_t tokens_ = 0;
    int depth_ = 0;
};

Parsed<void> Parser::advance() {
    if (++tokens_ > limits_.max_tokens)
        return std::unexpected(SyntaxError{
            fmt::format("The document has more than {} tokens", limits_.max_tokens), token_.location});
    token_ = TRY(lexer_.next());
    return {};
}

Parsed<void> Parser::expect(std::string_view punctuator) {
    if (!token_.is(punctuator)) return unexpected(fmt::format("\"{}\"", punctuator));
    return advance();
}

Parsed<bool> Parser::accept(std::string_view punctuator) {
    if (!token_.is(punctuator)) return false;
    TRY(advance());
    return true;
}

Parsed<std::string> Parser::name(std::string_view wanted) {
    if (token_.kind != Token::Kind::Name) return unexpected(wanted);
    std::string text = std::move(token_.text);
    TRY(advance());
    return text;
}

Parsed<Document> Parser::document() {
    Document document;
    do {
        if (at_keyword("fragment")) {
            document.fragments.push_back(TRY(fragment()));
        } else {
            document.operations.push_back(TRY(operation()));
        }
    } while (token_.kind != Token::Kind::End);
    return document;
}

Parsed<Operation> Parser::operation() {
    Operation operation{.location = token_.location};
    if (!token_.is("{")) {
        if (at_keyword("mutation")) {
            operation.kind = Operation::Kind::Mutation;
        } else if (at_keyword("subscription")) {
            operation.kind = Operation::Kind::Subscription;
        } else if (!at_keyword("query")) {
            return unexpected("a query, a mutation or a fragment");
        }
        TRY(advance());
        if (token_.kind == Token::Kind::Name) operation.name = TRY(name("a name"));
        operation.variables = TRY(variable_definitions());
        operation.directives = TRY(directives());
    }
    operation.selections = TRY(selection_set());
    return operation;
}

Parsed<std::string> Parser::fragment_name() {
    if (at_keyword("on")) return unexpected("a fragment's name");
    return name("a fragment's name");
}

Parsed<Fragment> Parser::fragment() {
    Fragment fragment{.location = token_.location};
    TRY(advance());
    fragment.name = TRY(fragment_name());
    if (!at_keyword("on")) return unexpected("\"on\"");
    TRY(advance());
    fragment.type_condition = TRY(name("a type's name"));
    fragment.directives = TRY(directives());
    fragment.selections = TRY(selection_set());
    return fragment;
}

Parsed<std::vector<VariableDefinition>> Parser::variable_definitions() {
    std::vector<VariableDefinition> definitions;
    if (!TRY(accept("("))) return definitions;
    do {
        definitions.push_back(TRY(variable_definition()));
    } while (!token_.is(")"));
    TRY(advance());
    return definitions;
}

Parsed<VariableDefinition> Parser::variable_definition() {
    VariableDefinition definition{.location = token_.location};
    TRY(expect("$"));
    definition.name = TRY(name("a variable's name"));
    TRY(expect(":"));
    definition.type = TRY(type());
    if (TRY(accept("="))) definition.default_value = TRY(literal());
    definition.directives = TRY(directives());
    return definition;
}

Parsed<TypeReference> Parser::type() {
    const Nesting nesting(depth_);
    TRY(check_nesting());
    TypeReference type{.location = token_.location};
    if (TRY(accept("["))) {
        type.element.push_back(TRY(this->type()));
        TRY(expect("]"));
    } else {
        type.name = TRY(name("a type"));
    }
    type.non_null = TRY(accept("!"));
    return type;
}

Parsed<std::vector<Selection>> Parser::selection_set() {
    const Nesting nesting(depth_);
    TRY(check_nesting());
    TRY(expect("{"));
    std::vector<Selection> selections;
    do {
        selections.push_back(TRY(selection()));
    } while (!token_.is("}"));
    TRY(advance());
    return selections;
}

Parsed<Selection> Parser::selection() {
    const Location start = token_.location;
    if (TRY(accept("..."))) return fragment_selection(start);
    return field();
}

Parsed<Selection> Parser::field() {
    Selection field{.location = token_.location};
    field.name = TRY(name("a field"));
    if (TRY(accept(":"))) {
        field.alias = std::move(field.name);
        field.name = TRY(name("a field"));
    }
    field.arguments = TRY(arguments());
    field.directives = TRY(directives());
    if (token_.is("{")) field.selections = TRY(selection_set());
    return field;
}

Parsed<Selection> Parser::fragment_selection(Location start) {
    Selection selection{.kind = Selection::Kind::FragmentSpread, .location = start};
    if (token_.kind == Token::Kind::Name && token_.text != "on") {
        selection.name = TRY(fragment_name());
        selection.directives = TRY(directives());
        return selection;
    }
    selection.kind = Selection::Kind::InlineFragment;
    if (at_keyword("on")) {
        TRY(advance());
        selection.type_condition = TRY(name("a type's name"));
    }
    selection.directives = TRY(directives());
    selection.selections = TRY(selection_set());
    return selection;
}

Parsed<std::vector<Argument>> Parser::arguments() {
    std::vector<Argument> arguments;
    if (!TRY(accept("("))) return arguments;
    do {
        Argument argument{.location = token_.location};
        argument.name = TRY(name("an argument's name"));
        TRY(expect(":"));
        argument.value = TRY(literal());
        arguments.push_back(std::move(argument));
    } while (!token_.is(")"));
    TRY(advance());
    return arguments;
}

Parsed<std::vector<Directive>> Parser::directives() {
    std::vector<Directive> directives;
    while (token_.is("@")) {
        Directive directive{.location = token_.location};
        TRY(advance());
        directive.name = TRY(name("a directive's name"));
        directive.arguments = TRY(arguments());
        directives.push_back(std::move(directive));
    }
    return directives;
}

Parsed<Literal> Parser::literal() {
    using Kind = Literal::Kind;
    if (token_.is("[")) return list();
    if (token_.is("{")) return object();
    Literal literal{.location = token_.location};
    if (TRY(accept("$"))) {
        literal.kind = Kind::Variable;
        literal.text = TRY(name("a variable's name"));
        return literal;
    }
    switch (token_.kind) {
        case Token::Kind::Int:
            literal.kind = Kind::Int;
            break;
        case Token::Kind::Float:
            literal.kind = Kind::Float;
            break;
        case Token::Kind::String:
            literal.kind = Kind::String;
            break;
        case Token::Kind::Name:
            literal.kind = at_keyword("null")                          ? Kind::Null
                           : at_keyword("true") || at_keyword("false") ? Kind::Boolean
                                                                       : Kind::Enum;
            break;
        default:
            return unexpected("a value");
    }
    literal.text = std::move(token_.text);
    TRY(advance());
    return literal;
}

Parsed<Literal> Parser::list() {
    const Nesting nesting(depth_);
    TRY(check_nesting());
    Literal list{.kind = Literal::Kind::List, .location = token_.location};
    TRY(advance());
    while (!token_.is("]")) list.items.push_back(TRY(literal()));
    TRY(advance());
    return list;
}

Parsed<Literal> Parser::object() {
    const Nesting nesting(depth_);
    TRY(check_nesting());
    Literal object{.kind = Literal::Kind::Object, .location = token_.location};
    TRY(advance());
    while (!token_.is("}")) {
        LiteralMember member{.location = token_.location};
        member.name = TRY(name("an input field's name"));
        TRY(expect(":"));
        member.value = TRY(literal());
        object.members.push_back(std::move(member));
    }
    TRY(advance());
    return object;
}

Parsed<InputDeclaration> Parser::input_declaration() {
    InputDeclaration declaration;
    declaration.name = TRY(name("a name"));
    TRY(expect(":"));
    declaration.type = TRY(type());
    if (TRY(accept("="))) declaration.default_value = TRY(literal());
    return declaration;
}

Parsed<FieldDeclaration> Parser::field_declaration() {
    FieldDeclaration declaration;
    declaration.name = TRY(name("a field's name"));
    if (TRY(accept("("))) {
        while (!token_.is(")")) declaration.arguments.push_back(TRY(input_declaration()));
        TRY(advance());
    }
    TRY(expect(":"));
    declaration.type = TRY(type());
    return declaration;
}

}  // namespace

std::expected<Document, SyntaxError> parse_document(std::string_view source, const Limits& limits) {
    if (source.size() > limits.max_document_bytes)
        return std::unexpected(SyntaxError{fmt::format("The document has {} bytes; at most {} are read",
                                                       source.size(), limits.max_document_bytes),
                                           {}});
    if (!is_valid_utf8(source)) return std::unexpected(SyntaxError{"The document is not valid UTF-8", {}});
    Parser parser(source, limits);
    TRY(parser.start());
    return parser.document();
}

std::expected<FieldDeclaration, SyntaxError> parse_field_declaration(std::string_view source) {
    const Limits limits;
    Parser parser(source, limits);
    TRY(parser.start());
    FieldDeclaration declaration = TRY(parser.field_declaration());
    TRY(parser.expect_end());
    return declaration;
}

std::expected<InputDeclaration, SyntaxError> parse_input_declaration(std::string_view source) {
    const Limits limits;
    Parser parser(source, limits);
    TRY(parser.start());
    InputDeclaration declaration = TRY(parser.input_declaration());
    TRY(parser.expect_end());
    return declaration;
}

}  // namespace ringmaster::graphql
