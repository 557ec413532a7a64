#include "flows/diff.h"

#include <algorithm>

#include "base/text.h"
#include "domain/deployment_name.h"

namespace ringmaster::flows {

namespace {

using Map = std::map<std::string, std::string>;
constexpr std::string_view kMask = "••••";

std::string shown(std::string_view name, std::string_view value) {
    return is_secret(name, value) ? std::string(kMask) : sanitize_for_terminal(truncate_utf8(value, 200));
}

class Differences {
 public:
    void text(std::string field, std::string_view before, std::string_view after) {
        if (before != after)
            list_.push_back({std::move(field), sanitize_for_terminal(before), sanitize_for_terminal(after)});
    }

    void map(std::string_view what, const Map& before, const Map& after) {
        for (const auto& [name, value] : before) {
            const auto other = after.find(name);
            if (other == after.end())
                add(what, name, shown(name, value), "");
            else if (other->second != value)
                changed(what, name, value, other->second);
        }
        for (const auto& [name, value] : after)
            if (!before.contains(name)) add(what, name, "", shown(name, value));
    }

    std::vector<FieldChange> take() { return std::move(list_); }

 private:
    void add(std::string_view what, std::string_view name, std::string before, std::string after) {
        // An empty value is there all the same.
        if (before.empty() && after.empty()) after = "\"\"";
        list_.push_back(
            {fmt::format("{} {}", what, sanitize_for_terminal(name)), std::move(before), std::move(after)});
    }

    void changed(std::string_view what, std::string_view name, std::string_view before,
                 std::string_view after) {
        auto was = shown(name, before);
        auto becomes = shown(name, after);
        if (was == becomes) becomes += " (another value)";
        add(what, name, std::move(was), std::move(becomes));
    }

    std::vector<FieldChange> list_;
};

Map tags_by_key(const std::vector<std::string>& tags) {
    Map result;
    for (const auto& tag : tags) {
        const auto equals = tag.find('=');
        result.insert_or_assign(tag.substr(0, equals),
                                equals == std::string::npos ? "set" : tag.substr(equals + 1));
    }
    return result;
}

std::string schedules_text(const std::vector<Schedule>& schedules) {
    std::vector<std::string> texts;
    for (const auto& schedule : schedules) texts.push_back(schedule.text());
    std::ranges::sort(texts);
    return join(texts, "; ");
}

std::string limit_text(const std::optional<int>& limit) {
    return limit ? std::to_string(*limit) : "none";
}

std::string code_text(const DeploymentSpec& spec) {
    if (!spec.code_steps.empty()) return "steps of the server's own";  // they may hold secrets
    return spec.code ? fmt::format("{} at {}", spec.code->repository, spec.code->commit) : "";
}

}  // namespace

bool is_secret(std::string_view name, std::string_view value) {
    static constexpr std::string_view kWords[] = {"token",  "secret",  "password",   "passwd",  "pwd",
                                                  "apikey", "api_key", "credential", "private", "auth",
                                                  "dsn",    "_key",    "accesskey",  "cert",    "signature"};
    const auto lower = to_lower_ascii(name);
    if (std::ranges::any_of(kWords, [&](auto word) { return lower.contains(word); })) return true;
    // An address with a password in it: scheme://user:password@host.
    const auto scheme = value.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto rest = value.substr(scheme + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.contains('@');
}

std::vector<FieldChange> diff(const DeploymentSpec& before, const DeploymentSpec& after) {
    Differences list;
    list.text("version", before.version, after.version);
    list.text("image", before.image, after.image);
    const bool has_other_steps =
        before.code_steps != after.code_steps && !before.code_steps.empty() && !after.code_steps.empty();
    list.text("code", code_text(before), code_text(after) + (has_other_steps ? " (others)" : ""));
    list.text("entrypoint", before.entrypoint, after.entrypoint);
    list.text("path", before.path, after.path);
    list.text("description", before.description, after.description);
    list.text("schedule", schedules_text(before.schedules), schedules_text(after.schedules));
    list.text("paused", before.is_paused ? "yes" : "no", after.is_paused ? "yes" : "no");
    list.text("work pool", before.work_pool, after.work_pool);
    if (!after.work_queue.empty()) list.text("work queue", before.work_queue, after.work_queue);
    list.text("concurrency limit", limit_text(before.concurrency_limit), limit_text(after.concurrency_limit));
    list.map("parameter", before.parameters, after.parameters);
    list.map("variable", before.environment, after.environment);
    list.map("job variable", before.job_variables, after.job_variables);
    list.map("tag", tags_by_key(before.tags), tags_by_key(after.tags));
    if (before.parameter_schema != after.parameter_schema)
        list.text("parameter schema", "as it was", "as the code is now");
    return list.take();
}

}  // namespace ringmaster::flows
