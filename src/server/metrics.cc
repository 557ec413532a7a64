#include "server/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/text.h"

namespace ringmaster::server {
namespace {

std::string print_labels(const MetricLabels& labels) {
    if (labels.empty()) return "";
    std::string text = "{";
    for (const auto& [name, value] : labels) {
        std::string escaped = replace_all(value, "\\", "\\\\");
        escaped = replace_all(replace_all(escaped, "\"", "\\\""), "\n", "\\n");
        text += fmt::format("{}{}=\"{}\"", text.size() > 1 ? "," : "", name, escaped);
    }
    return text + "}";
}

}  // namespace

void Metrics::declare_counter(const std::string& name, const std::string& help) {
    const std::lock_guard lock(mutex_);
    families_[name] = {.type = "counter", .help = help};
}

void Metrics::declare_gauge(const std::string& name, const std::string& help) {
    const std::lock_guard lock(mutex_);
    families_[name] = {.type = "gauge", .help = help};
}

void Metrics::declare_histogram(const std::string& name, const std::string& help,
                                std::vector<double> buckets) {
    RM_ASSERT(std::ranges::is_sorted(buckets), "a histogram's bounds ascend");
    const std::lock_guard lock(mutex_);
    const std::size_t count = buckets.size();
    families_[name] = {.type = "histogram",
                       .help = help,
                       .bounds = std::move(buckets),
                       .buckets = std::vector<std::uint64_t>(count, 0)};
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view type) {
    const auto found = families_.find(name);
    RM_ASSERT(found != families_.end() && found->second.type == type, "metrics are declared before use");
    return found->second;
}

void Metrics::count(std::string_view name, const MetricLabels& labels, double by) {
    const std::lock_guard lock(mutex_);
    family(name, "counter").values[print_labels(labels)] += by;
}

void Metrics::set(std::string_view name, double value, const MetricLabels& labels) {
    const std::lock_guard lock(mutex_);
    family(name, "gauge").values[print_labels(labels)] = value;
}

void Metrics::set_total(std::string_view name, double total, const MetricLabels& labels) {
    const std::lock_guard lock(mutex_);
    family(name, "counter").values[print_labels(labels)] = total;
}

void Metrics::observe(std::string_view name, double value) {
    const std::lock_guard lock(mutex_);
    Family& histogram = family(name, "histogram");
    for (std::size_t i = 0; i < histogram.bounds.size(); ++i)
        if (value <= histogram.bounds[i]) ++histogram.buckets[i];
    histogram.sum += value;
    ++histogram.observations;
}

std::string Metrics::render() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& [name, family] : families_) {
        text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
        for (const auto& [labels, value] : family.values)
            text += fmt::format("{}{} {}\n", name, labels, value);
        if (family.type != "histogram") continue;
        for (std::size_t i = 0; i < family.bounds.size(); ++i)
            text += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, family.bounds[i], family.buckets[i]);
        text += fmt::format("{}_bucket{{le=\"+Inf\"}} {}\n{}_sum {}\n{}_count {}\n", name,
                            family.observations, name, family.sum, name, family.observations);
    }
    return text;
}

}  // namespace ringmaster::server
