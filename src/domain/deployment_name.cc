#include "domain/deployment_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaster {

namespace {

constexpr std::string_view kSeparator = "--";

/// '_' and what Prefect forbids in names become '-'.
std::string harmless(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (std::string_view("_/%&><").contains(c)) c = '-';
    return result;
}

std::string hyphenated(std::string_view text) {
    std::string result(text);
    std::ranges::replace(result, '_', '-');
    return result;
}

/// The text after "PROJECT--BRANCH--"; nullopt: it does not begin so.
std::optional<std::string_view> rest_after(std::string_view text, std::string_view project,
                                           std::string_view branch) {
    for (const auto part : {project, branch}) {
        if (!text.starts_with(part) || !text.substr(part.size()).starts_with(kSeparator)) return std::nullopt;
        text.remove_prefix(part.size() + kSeparator.size());
    }
    return text;
}

}  // namespace

std::string DeploymentName::text() const {
    return fmt::format("{}--{}--{}--{}", project, branch, flow, environment);
}

DeploymentName DeploymentName::of(std::string_view project, std::string_view branch, std::string_view flow,
                                  std::string_view environment) {
    return {harmless(project), harmless(branch), hyphenated(flow), std::string(environment)};
}

std::optional<DeploymentName> DeploymentName::parse(std::string_view text,
                                                    const std::vector<std::string>& tags) {
    DeploymentName name;
    std::optional<std::string_view> rest;
    const auto project = tag_value(tags, "PROJECT_NAME");
    const auto branch = tag_value(tags, "BRANCH_NAME");
    if (project && branch) {
        name.project = harmless(*project);
        name.branch = harmless(*branch);
        rest = rest_after(text, name.project, name.branch);
    }
    if (!rest) {
        const auto first = text.find(kSeparator);
        if (first == std::string_view::npos) return std::nullopt;
        const auto second = text.find(kSeparator, first + kSeparator.size());
        if (second == std::string_view::npos) return std::nullopt;
        name.project = text.substr(0, first);
        name.branch = text.substr(first + kSeparator.size(), second - first - kSeparator.size());
        rest = text.substr(second + kSeparator.size());
    }
    const auto last = rest->rfind(kSeparator);
    if (last == std::string_view::npos) return std::nullopt;
    name.flow = rest->substr(0, last);
    name.environment = rest->substr(last + kSeparator.size());
    if (name.project.empty() || name.branch.empty() || name.flow.empty() || name.environment.empty())
        return std::nullopt;
    return name;
}

std::optional<std::string> tag_value(const std::vector<std::string>& tags, std::string_view key) {
    for (const std::string_view tag : tags)
        if (tag.starts_with(key) && tag.substr(key.size()).starts_with('='))
            return std::string(tag.substr(key.size() + 1));
    return std::nullopt;
}

}  // namespace ringmaster
