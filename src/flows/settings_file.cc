#include "flows/settings_file.h"

// The only file that sees yaml-cpp.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::flows {

namespace {

/// Deeper values are refused: nobody writes them, and each level costs stack.
constexpr int kDeepest = 40;

const std::vector<std::string>& flow_keys() {
    static const std::vector<std::string> keys = {
        "work_pool_name", "work_queue_name",   "parameters",  "cron",     "timezone",
        "paused",         "concurrency_limit", "description", "triggers", "name",
        "import_path",    "job_variables",     "environments"};
    return keys;
}

class Reader {
 public:
    explicit Reader(std::string_view file_name) : file_name_(file_name) {}

    Error error(const YAML::Mark& mark, std::string message, std::string hint = "") const {
        const int line = mark.line < 0 ? 1 : mark.line + 1;
        return Error(ErrorKind::InvalidInput, fmt::format("{}:{}: {}", file_name_, line, message))
            .hint(std::move(hint));
    }

    Result<SettingsFile> file(const YAML::Node& root) const {
        SettingsFile result{.name = std::string(file_name_), .flows = {}};
        if (root.IsNull()) return result;
        if (!root.IsMap())
            return Fail(error(root.Mark(), "the file must be a mapping of flows",
                              "write `flow_name:` and its keys below"));
        for (const auto& each : root) {
            const auto flow = TRY(key(each.first));
            auto entry = TRY_WHILE(this->entry(each.second, flow), "reading flow {}", flow);
            entry.line = each.first.Mark().line + 1;
            const bool is_new = result.flows.emplace(replace_all(flow, "-", "_"), std::move(entry)).second;
            if (!is_new) return Fail(error(each.first.Mark(), fmt::format("flow {} is there twice", flow)));
        }
        return result;
    }

 private:
    Result<std::string> key(const YAML::Node& node) const {
        if (!node.IsScalar() || node.Scalar().empty())
            return Fail(error(node.Mark(), "a key must be a word"));
        return sanitize_for_terminal(node.Scalar());
    }

    Result<FlowEntry> entry(const YAML::Node& node, const std::string& flow) const {
        FlowEntry entry;
        if (node.IsNull()) return entry;
        if (!node.IsMap()) return Fail(error(node.Mark(), fmt::format("{} must be a mapping of keys", flow)));
        std::vector<std::string> seen;
        for (const auto& each : node) {
            const auto name = TRY(key(each.first));
            if (std::ranges::count(seen, name) > 0)
                return Fail(error(each.first.Mark(), fmt::format("{} is there twice", name)));
            seen.push_back(name);
            if (name == "environments")
                entry.environments = TRY(environments(each.second));
            else
                TRY(setting(each.first, each.second, entry.settings));
        }
        return entry;
    }

    Result<std::map<std::string, FlowSettings>> environments(const YAML::Node& node) const {
        std::map<std::string, FlowSettings> result;
        if (node.IsNull()) return result;
        if (!node.IsMap()) return Fail(error(node.Mark(), "environments must be a mapping of their names"));
        for (const auto& environment : node) {
            const auto name = TRY(key(environment.first));
            FlowSettings settings;
            if (!environment.second.IsNull() && !environment.second.IsMap())
                return Fail(
                    error(environment.second.Mark(), fmt::format("{} must be a mapping of keys", name)));
            for (const auto& each : environment.second) TRY(setting(each.first, each.second, settings));
            result.insert_or_assign(name, std::move(settings));
        }
        return result;
    }

    Result<void> setting(const YAML::Node& key_node, const YAML::Node& value, FlowSettings& settings) const {
        const auto name = TRY(key(key_node));
        if (name == "work_pool_name") return text(name, value, settings.work_pool);
        if (name == "work_queue_name") return text(name, value, settings.work_queue);
        if (name == "cron") return text(name, value, settings.cron);
        if (name == "timezone") return text(name, value, settings.timezone);
        if (name == "description") return text(name, value, settings.description);
        if (name == "name") return text(name, value, settings.name);
        if (name == "import_path") return text(name, value, settings.import_path);
        if (name == "parameters") return json_map(name, value, settings.parameters);
        if (name == "job_variables") return json_map(name, value, settings.job_variables);
        if (name == "paused") return flag(value, settings.is_paused);
        if (name == "concurrency_limit") return limit(value, settings.concurrency_limit);
        if (name == "triggers" && value.IsNull()) return {};
        if (name == "triggers")
            return Fail(
                error(key_node.Mark(), "triggers are not supported yet",
                      "make the automation on the server, or deploy this flow with aps-prefect-deploy"));
        const auto near = nearest_word(name, flow_keys());
        return Fail(
            error(key_node.Mark(), fmt::format("unknown key {}", name),
                  near ? fmt::format("did you mean {}?", *near) : "known keys: " + join(flow_keys(), ", ")));
    }

    /// Null is "not said", as the original has it.
    Result<void> text(const std::string& name, const YAML::Node& value,
                      std::optional<std::string>& into) const {
        if (value.IsNull()) return {};
        if (!value.IsScalar()) return Fail(error(value.Mark(), fmt::format("{} must be text", name)));
        into = value.Scalar();
        return {};
    }

    Result<void> flag(const YAML::Node& value, std::optional<bool>& into) const {
        if (value.IsNull()) return {};
        bool read = false;
        if (!value.IsScalar() || !YAML::convert<bool>::decode(value, read))
            return Fail(error(value.Mark(), "paused must be true or false"));
        into = read;
        return {};
    }

    Result<void> limit(const YAML::Node& value, std::optional<int>& into) const {
        if (value.IsNull()) return {};
        const auto number = value.IsScalar() ? parse_integer(value.Scalar()) : std::nullopt;
        if (!number || *number < 0 || *number > 1'000'000)
            return Fail(error(value.Mark(), "concurrency_limit must be a whole number, 0 or more"));
        into = static_cast<int>(*number);
        return {};
    }

    Result<void> json_map(const std::string& name, const YAML::Node& value,
                          std::map<std::string, std::string>& into) const {
        if (value.IsNull()) return {};
        if (!value.IsMap()) return Fail(error(value.Mark(), fmt::format("{} must be a mapping", name)));
        for (const auto& each : value)
            into.insert_or_assign(TRY(key(each.first)), TRY(json(each.second, 0)).dump());
        return {};
    }

    /// What YAML's core schema makes of it.
    Result<nlohmann::json> json(const YAML::Node& node, int depth) const {
        if (depth > kDeepest) return Fail(error(node.Mark(), "the value is nested too deeply"));
        if (node.IsNull()) return nullptr;
        if (node.IsScalar()) return scalar(node);
        if (node.IsSequence()) {
            auto list = nlohmann::json::array();
            for (const auto& each : node) list.push_back(TRY(json(each, depth + 1)));
            return list;
        }
        auto object = nlohmann::json::object();
        for (const auto& each : node) object[TRY(key(each.first))] = TRY(json(each.second, depth + 1));
        return object;
    }

    static nlohmann::json scalar(const YAML::Node& node) {
        const auto& text = node.Scalar();
        if (node.Tag() == "!") return text;  // it was quoted
        if (bool flag = false; YAML::convert<bool>::decode(node, flag)) return flag;
        if (const auto number = parse_integer(text)) return *number;
        if (double number = 0; YAML::convert<double>::decode(node, number) && std::isfinite(number))
            return number;
        return text;
    }

    std::string_view file_name_;
};

void lay_over(const FlowSettings& upper, FlowSettings& lower) {
    const auto take = [](const auto& from, auto& to) {
        if (from) to = from;
    };
    take(upper.work_pool, lower.work_pool);
    take(upper.work_queue, lower.work_queue);
    take(upper.cron, lower.cron);
    take(upper.timezone, lower.timezone);
    take(upper.is_paused, lower.is_paused);
    take(upper.concurrency_limit, lower.concurrency_limit);
    take(upper.description, lower.description);
    for (const auto& [name, value] : upper.parameters) lower.parameters.insert_or_assign(name, value);
    for (const auto& [name, value] : upper.job_variables) lower.job_variables.insert_or_assign(name, value);
}

}  // namespace

FlowSettings SettingsFile::of(std::string_view flow, std::string_view environment) const {
    const auto entry = flows.find(replace_all(std::string(flow), "-", "_"));
    if (entry == flows.end()) return {};
    FlowSettings settings = entry->second.settings;
    if (const auto found = entry->second.environments.find(std::string(environment));
        found != entry->second.environments.end())
        lay_over(found->second, settings);
    return settings;
}

Result<SettingsFile> parse_settings(std::string_view text, std::string_view file_name) {
    const Reader reader(file_name);
    if (!is_valid_utf8(text))
        return Fail(Error::invalid_input("{}:1: the file is not UTF-8 text", file_name));
    try {
        return reader.file(YAML::Load(std::string(text)));
    } catch (const YAML::Exception& problem) {  // the library's only way to say it
        return Fail(reader.error(problem.mark, "not YAML: " + sanitize_for_terminal(problem.msg)));
    }
}

}  // namespace ringmaster::flows
