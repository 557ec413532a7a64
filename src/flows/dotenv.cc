#include "flows/dotenv.h"

#include <algorithm>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

constexpr std::string_view kOurs = "# ringmaster-env 1";

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

class Parser {
 public:
    Parser(std::string_view text, std::string_view file_name, const Variables& outer)
        : text_(text), file_name_(file_name), outer_(outer), is_ours_(text.starts_with(kOurs)) {}

    Result<Variables> parse() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        while (true) {
            skip_blank();
            if (is_at_end()) return std::move(variables_);
            TRY(line());
        }
    }

 private:
    bool is_at_end() const { return at_ >= text_.size(); }
    char here() const { return text_[at_]; }

    Error error(std::string_view message, std::string hint = "") const {
        const auto line = 1 + std::ranges::count(text_.substr(0, std::min(at_, text_.size())), '\n');
        return Error::invalid_input("{}:{}: {}", file_name_, line, message).hint(std::move(hint));
    }

    void skip_spaces() {
        while (!is_at_end() && (here() == ' ' || here() == '\t' || here() == '\r')) ++at_;
    }

    void skip_line() {
        while (!is_at_end() && here() != '\n') ++at_;
    }

    /// White space, empty lines and comments.
    void skip_blank() {
        while (!is_at_end()) {
            skip_spaces();
            if (!is_at_end() && here() == '#') skip_line();
            if (is_at_end() || here() != '\n') return;
            ++at_;
        }
    }

    Result<void> line() {
        if (text_.substr(at_).starts_with("export ")) {
            at_ += 7;
            skip_spaces();
        }
        const auto begin = at_;
        while (!is_at_end() && is_name_char(here())) ++at_;
        const std::string name(text_.substr(begin, at_ - begin));
        if (name.empty()) return Fail(error("a line must begin with the name of a variable"));
        skip_spaces();
        if (is_at_end() || here() != '=')
            return Fail(error(fmt::format("{} has no \"=\"", name),
                              "write NAME=value; quote a value of several lines"));
        ++at_;
        skip_spaces();
        auto value = TRY(this->value());
        skip_spaces();
        if (!is_at_end() && here() == '#') skip_line();
        if (!is_at_end() && here() != '\n')
            return Fail(error(fmt::format("something follows the quoted value of {}", name)));
        variables_.insert_or_assign(name, std::move(value));
        return {};
    }

    Result<std::string> value() {
        if (is_at_end()) return std::string();
        if (here() == '\'') return quoted('\'');
        if (here() == '"') {
            const auto text = TRY(quoted('"'));
            return is_ours_ ? text : interpolated(text);
        }
        return is_ours_ ? bare() : interpolated(bare());
    }

    /// Up to the end of the line or a comment that white space stands before.
    std::string bare() {
        const auto begin = at_;
        while (!is_at_end() && here() != '\n') {
            if (here() == '#' && at_ > begin && (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t')) break;
            ++at_;
        }
        return std::string(trim(text_.substr(begin, at_ - begin)));
    }

    Result<std::string> quoted(char quote) {
        const auto opened = error("the quote that begins here is not closed");
        std::string value;
        for (++at_; !is_at_end(); ++at_) {
            if (here() == quote) {
                ++at_;
                return value;
            }
            if (here() == '\\' && at_ + 1 < text_.size())
                value += unescaped(quote, text_[++at_]);
            else
                value += here();
        }
        return Fail(opened);
    }

    static std::string unescaped(char quote, char c) {
        if (c == '\\' || c == quote) return {c};
        if (quote == '"') {
            if (c == 'n') return "\n";
            if (c == 't') return "\t";
            if (c == 'r') return "\r";
            if (c == '\'') return "'";
        }
        return {'\\', c};
    }

    std::string interpolated(const std::string& text) const {
        std::string result;
        std::size_t from = 0;
        while (true) {
            const auto open = text.find("${", from);
            const auto close = open == std::string::npos ? open : text.find('}', open);
            if (close == std::string::npos) return result + text.substr(from);
            result += text.substr(from, open - from);
            auto name = text.substr(open + 2, close - open - 2);
            std::string otherwise;
            if (const auto colon = name.find(":-"); colon != std::string::npos) {
                otherwise = name.substr(colon + 2);
                name.resize(colon);
            }
            result += looked_up(name).value_or(otherwise);
            from = close + 1;
        }
    }

    std::optional<std::string> looked_up(const std::string& name) const {
        for (const auto* map : {&variables_, &outer_})
            if (const auto found = map->find(name); found != map->end()) return found->second;
        return std::nullopt;
    }

    std::string_view text_;
    std::string_view file_name_;
    const Variables& outer_;
    bool is_ours_;
    std::size_t at_ = 0;
    Variables variables_;
};

}  // namespace

Result<Variables> parse_dotenv(std::string_view text, std::string_view file_name, const Variables& outer) {
    if (!is_valid_utf8(text))
        return Fail(Error::invalid_input("{}:1: the file is not UTF-8 text", file_name));
    return Parser(text, file_name, outer).parse();
}

std::string print_dotenv(const Variables& variables) {
    std::string text = std::string(kOurs) + "\n";
    for (const auto& [name, value] : variables) {
        const bool is_plain = !value.empty() && std::ranges::all_of(value, [](char c) {
            return is_name_char(c) || std::string_view("/:@%+,=").contains(c);
        });
        text += name + "=";
        if (is_plain)
            text += value;
        else
            text += "'" + replace_all(replace_all(value, "\\", "\\\\"), "'", "\\'") + "'";
        text += "\n";
    }
    return text;
}

}  // namespace ringmaster::flows
