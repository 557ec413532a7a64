#include "adapters/support/toml_parser.h"
#include "app/config.h"
#include "app/config_keys.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

/// Turns a parsed file into settings, key by key.
class Reader {
 public:
    explicit Reader(std::string_view file_name) : file_name_(file_name) {}

    Result<void> table(const toml::table& table, const std::string& prefix) {
        for (const auto& [name, node] : table) {
            const std::string key = prefix + std::string(name.str());
            if (const auto* spec = find_key(key))
                TRY(setting(*spec, node, name.source()));
            else
                TRY(section(key, node, name.source()));
        }
        return {};
    }

    Layer take() { return std::move(layer_); }

    Error error_at(const toml::source_region& where, const Error& cause) const {
        return Error(ErrorKind::InvalidInput, place(where) + ": " + cause.message()).hint(cause.hint());
    }

 private:
    std::string place(const toml::source_region& where) const {
        return fmt::format("{}:{}:{}", file_name_, std::max<toml::source_index>(where.begin.line, 1),
                           std::max<toml::source_index>(where.begin.column, 1));
    }

    /// [flows.promote.prod] from = "uat" is flows.promote.from = { prod = "uat" }.
    Result<bool> named_section(const std::string& key, const toml::node& node) {
        const auto dot = key.rfind('.');
        const auto outer = std::string_view(key).substr(0, dot == std::string::npos ? 0 : dot);
        const auto* table = node.as_table();
        const bool is_named =
            table != nullptr && std::ranges::any_of(config_sections(), [&](const auto& known) {
                return known.name == outer && !known.by_name.empty();
            });
        if (!is_named) return false;
        for (const auto& [name, value] : *table) {
            const auto full = fmt::format("{}.{}", outer, name.str());
            const auto* spec = find_key(full);
            if (spec == nullptr)
                return Fail(error_at(name.source(),
                                     Error::invalid_input("unknown key {}.{}", sanitize_for_terminal(key),
                                                          sanitize_for_terminal(name.str()))
                                         .hint(nearest_key_hint(full))));
            TRY(named_setting(*spec, key.substr(dot + 1), value, name.source()));
        }
        return true;
    }

    Result<void> named_setting(const KeySpec& spec, const std::string& name, const toml::node& node,
                               const toml::source_region& key_place) {
        std::string text;
        if (const auto* words = node.as_string())
            text = words->get();
        else if (const auto* number = node.as_integer())
            text = std::to_string(number->get());
        else
            return Fail(
                error_at(node.source(), Error::invalid_input("{} must be text or a number", spec.name())));
        TextMap all;
        if (const auto found = layer_.find(spec.key); found != layer_.end())
            all = std::get<TextMap>(found->second.value);
        all.insert_or_assign(name, text);
        Config scratch;
        if (const auto checked = check_and_apply(spec, all, scratch); !checked)
            return Fail(error_at(node.source(), checked.error()));
        layer_.insert_or_assign(spec.key, Setting{all, fmt::format("{}:{}", file_name_, key_place.begin.line),
                                                  place(node.source())});
        return {};
    }

    Result<void> section(const std::string& key, const toml::node& node, const toml::source_region& where) {
        if (TRY(named_section(key, node))) return {};
        for (const auto& known : config_sections()) {
            if (key != known.name) continue;
            if (const auto* inner = node.as_table()) return table(*inner, key + ".");
            return Fail(error_at(where, Error::invalid_input("{} is a section, not a value", key)
                                            .hint(fmt::format("write [{}] and its keys below", key))));
        }
        return Fail(error_at(where, Error::invalid_input("unknown {} {}", node.is_table() ? "section" : "key",
                                                         sanitize_for_terminal(key))
                                        .hint(nearest_key_hint(key))));
    }

    Result<void> setting(const KeySpec& spec, const toml::node& node, const toml::source_region& key_place) {
        const auto value = value_of(spec, node);
        if (!value) return Fail(error_at(node.source(), value.error()));
        Config scratch;
        if (const auto checked = check_and_apply(spec, *value, scratch); !checked)
            return Fail(error_at(node.source(), checked.error()));
        layer_.insert_or_assign(
            spec.key,
            Setting{*value, fmt::format("{}:{}", file_name_, key_place.begin.line), place(node.source())});
        return {};
    }

    static Error wrong_type(const KeySpec& spec, std::string_view found) {
        return Error::invalid_input("{} must be {}, but is {}", spec.key, describe(spec.type), found)
            .hint(fmt::format("for instance: {} = {}", spec.name(), to_toml(spec.default_value)));
    }

    static Result<ConfigValue> value_of(const KeySpec& spec, const toml::node& node) {
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* number = node.as_integer()) return number->get();
        if (const auto* flag = node.as_boolean()) return flag->get();
        if (const auto* list = node.as_array()) return list_of(spec, *list);
        if (const auto* map = node.as_table()) return map_of(spec, *map);
        return Fail(wrong_type(spec, node.is_floating_point() ? "a fraction" : "a date or time"));
    }

    static Result<ConfigValue> list_of(const KeySpec& spec, const toml::array& array) {
        TextList list;
        for (const auto& element : array) {
            const auto* text = element.as_string();
            if (text == nullptr) return Fail(wrong_type(spec, "a list that holds something else"));
            list.push_back(text->get());
        }
        return list;
    }

    static Result<ConfigValue> map_of(const KeySpec& spec, const toml::table& table) {
        TextMap map;
        for (const auto& [name, element] : table) {
            const auto* text = element.as_string();
            if (text == nullptr)
                return Fail(wrong_type(
                    spec, fmt::format("a table whose {} is not text", sanitize_for_terminal(name.str()))));
            map.insert_or_assign(std::string(name.str()), text->get());
        }
        return map;
    }

    std::string_view file_name_;
    Layer layer_;
};

}  // namespace

Result<Layer> parse_config(std::string_view text, std::string_view file_name) {
    Reader reader(file_name);
    // toml++ reports bad UTF-8 without a usable place; this one has at least the file.
    if (!is_valid_utf8(text))
        return Fail(Error::invalid_input("{}:1:1: the file is not UTF-8 text", file_name));
    const auto parsed = toml::parse(text, file_name);
    if (!parsed)
        return Fail(reader.error_at(
            parsed.error().source(),
            Error::invalid_input("not TOML: {}", sanitize_for_terminal(parsed.error().description()))
                .hint("https://toml.io explains the format")));
    TRY(reader.table(parsed.table(), ""));
    return reader.take();
}

}  // namespace ringmaster::app
