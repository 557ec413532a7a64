#pragma once
// Counters, gauges and histograms of the service, printed as Prometheus reads them (text format 0.0.4).
// Families are declared first, so that every name has a help line and nothing is counted under a typo.

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaster::server {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Any thread.
class Metrics {
 public:
    /// `name` ends in _total, as Prometheus' naming asks.
    void declare_counter(const std::string& name, const std::string& help);
    void declare_gauge(const std::string& name, const std::string& help);
    /// `buckets`: upper bounds, ascending, in the unit the name ends in.
    void declare_histogram(const std::string& name, const std::string& help, std::vector<double> buckets);

    void count(std::string_view name, const MetricLabels& labels = {}, double by = 1);
    void set(std::string_view name, double value, const MetricLabels& labels = {});
    /// A counter that is kept elsewhere: its total so far. One that is lower than before is a restart.
    void set_total(std::string_view name, double total, const MetricLabels& labels = {});
    void observe(std::string_view name, double value);

    std::string render() const;

 private:
    struct Family {
        std::string type;
        std::string help;
        std::map<std::string, double> values;  ///< by printed labels
        std::vector<double> bounds;
        std::vector<std::uint64_t> buckets;
        double sum = 0;
        std::uint64_t observations = 0;
    };
    Family& family(std::string_view name, std::string_view type);

    mutable std::mutex mutex_;
    std::map<std::string, Family, std::less<>> families_;
};

}  // namespace ringmaster::server
