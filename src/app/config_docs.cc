#include <nlohmann/json.hpp>

#include "app/config.h"
#include "app/config_keys.h"
#include "base/text.h"

namespace ringmaster::app {

namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const KeySpec& spec) {
    Json schema;
    const Json text = {{"type", "string"}};
    switch (spec.type) {
        case KeyType::Text:
            schema = text;
            break;
        case KeyType::Choice:
            schema = {{"enum", spec.choices}};
            break;
        case KeyType::Integer:
            schema = {{"type", "integer"}, {"minimum", 0}};
            break;
        case KeyType::Duration:
            schema = {{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h|d|w))+$"}};
            break;
        case KeyType::Ttl:
            schema = {{"type", "string"}, {"pattern", "^(\\s*[0-9]+[hdwHDW]\\s*|close)$"}};
            break;
        case KeyType::List:
            schema = {{"type", "array"}, {"items", text}};
            break;
        case KeyType::Map:
            schema = {{"type", "object"}, {"additionalProperties", text}};
            break;
        case KeyType::Command:
            schema = {{"oneOf", {text, {{"type", "array"}, {"items", text}}}}};
            break;
    }
    schema["description"] = spec.help;
    schema["default"] = std::visit([](const auto& value) { return Json(value); }, spec.default_value);
    return schema;
}

Json& object_of(Json& root, std::string_view section) {
    Json* object = &root;
    for (const auto part : split(section, '.')) {
        Json& inner = (*object)["properties"][std::string(part)];
        if (inner.is_null()) inner = {{"type", "object"}, {"additionalProperties", false}};
        object = &inner;
    }
    return *object;
}

/// [flows.promote.prod]: a value for each key.
Json named_schema(const SectionSpec& section) {
    Json schema = {{"type", "object"}, {"additionalProperties", false}};
    for (const auto& spec : config_keys())
        if (spec.section() == section.name)
            schema["properties"][spec.name()] = {{"type", {"string", "integer"}}, {"description", spec.help}};
    return schema;
}

std::string type_words(const KeySpec& spec) {
    if (spec.type != KeyType::Choice) return std::string(describe(spec.type));
    std::vector<std::string> words;
    for (const auto& choice : spec.choices) words.push_back("`\"" + choice + "\"`");
    return join(words, ", ");
}

}  // namespace

std::string config_schema() {
    Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "ringmaster.toml"},
                 {"type", "object"},
                 {"additionalProperties", false}};
    for (const auto& section : config_sections()) object_of(root, section.name)["description"] = section.help;
    for (const auto& spec : config_keys())
        object_of(root, spec.section())["properties"][spec.name()] = schema_of(spec);
    for (const auto& section : config_sections())
        if (!section.by_name.empty())
            object_of(root, section.name)["additionalProperties"] = named_schema(section);
    return root.dump(2) + "\n";
}

std::string config_docs() {
    std::string text =
        "<!-- Made by `ringmaster config --docs`; change src/app/config_keys.cc instead. -->\n"
        "# Configuration\n\n"
        "Settings are read from `ringmaster.toml`, found from the working directory upwards. A key that is "
        "not "
        "known, a\nvalue of the wrong type or a value that makes no sense is an error with file, line and "
        "column. "
        "`ringmaster config`\nshows what is in effect and where it comes from; `ringmaster config --schema` "
        "prints "
        "a JSON Schema for editors.\n\n"
        "Any key can be set for one run: `--set shows.ttl=24h`, or the variable in the table. From strongest "
        "to\n"
        "weakest: options, variables, the file, the variables of GitHub Actions, the preset, the default. In "
        "variables and\n`--set`, lists are written `a,b` and tables `A=1,B=2`.\n\n"
        "Secrets are not part of it: `GITHUB_TOKEN` (or what `gh auth token` prints), "
        "`GITHUB_WEBHOOK_SECRET`, and "
        "the\nvariables and files that `shows.run.secrets` and `shows.run.secret_files` name.\n";
    for (const auto& section : config_sections()) {
        text += fmt::format("\n## [{}]\n\n{}\n", section.name, section.help);
        if (!section.by_name.empty())
            text += fmt::format(
                "Each key is a table by {0}; `[{1}.{0}]` with a value for each key says the same.\n",
                section.by_name, section.name);
        for (const auto& spec : config_keys()) {
            if (spec.section() != section.name) continue;
            text += fmt::format("\n### `{}`\n\n{}\n\n* Value: {}\n* Default: `{}`\n* Variable: `{}`\n",
                                spec.name(), spec.help, type_words(spec), to_toml(spec.default_value),
                                variable_of(spec.key));
        }
    }
    return text;
}

}  // namespace ringmaster::app
