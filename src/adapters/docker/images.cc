#include "adapters/docker/images.h"

#include <map>
#include <optional>

#include "adapters/support/line_splitter.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

using support::JsonReader;

constexpr auto kPullTimeout = std::chrono::hours(1);       // the caller's pulse ends it earlier
constexpr auto kReportInterval = std::chrono::seconds(2);  // the engine reports ten times a second and layer

/// What the stream of a pull says: an object a line (https://docs.docker.com/reference/api/engine,
/// "ImageCreate").
class PullReport {
 public:
    PullReport(std::string image, Clock& clock, Progress& progress)
        : image_(std::move(image)), clock_(&clock), progress_(&progress) {}

    void feed(std::string_view bytes) {
        lines_.feed(bytes, [this](std::string_view line) { take(line); });
    }
    Result<void> finish() {
        lines_.finish([this](std::string_view line) { take(line); });
        if (failure_) return Fail(*failure_);
        return {};
    }

 private:
    void take(std::string_view line) {
        const auto event = JsonReader::parse(line, "the engine's report of a pull");
        if (!event) return;
        const auto error = event->optional_string("error").value_or("");
        if (!error.empty() && !failure_)
            failure_ = engine_refusal(500, sanitize_for_terminal(error), "pulling " + image_);
        if (event->optional_string("status").value_or("") != "Downloading") return;
        const auto detail = event->find("progressDetail");
        if (!detail || !*detail) return;
        const auto current = (*detail)->integer("current"), total = (*detail)->integer("total");
        if (current && total) layers_[event->optional_string("id").value_or("")] = {*current, *total};
        tell();
    }

    void tell() {
        const auto now = clock_->monotonic();
        if (now < next_) return;
        next_ = now + kReportInterval;
        long long current = 0, total = 0;
        for (const auto& [id, bytes] : layers_) {
            current += bytes.first;
            total += bytes.second;
        }
        progress_->line(fmt::format("pulling {}: {} of {} MB", image_, current >> 20, (total >> 20) + 1));
    }

    std::string image_;
    Clock* clock_;
    Progress* progress_;
    support::LineSplitter lines_;
    std::map<std::string, std::pair<long long, long long>> layers_;  ///< bytes that are there, and all
    Duration next_{0};
    std::optional<Error> failure_;
};

}  // namespace

Result<bool> Images::exists(const std::string& image) {
    const auto found = engine_->call(
        {.path = "/images/" + encoded(image) + "/json", .doing = "looking for the image " + image});
    if (found) return true;
    if (found.error().kind() == ErrorKind::NotFound) return false;
    return Fail(found.error());
}

Result<void> Images::pull(const std::string& image, Progress& progress) {
    progress.line("pulling " + image);
    PullReport report(image, *clock_, progress);
    EngineClient::Call call{.method = "POST",
                            .path = "/images/create?fromImage=" + encoded(image),
                            .doing = "pulling " + image,
                            .timeout = kPullTimeout,
                            .on_body = [&](std::string_view bytes) { report.feed(bytes); },
                            .progress = &progress};
    // Without a tag the engine would pull all of them.
    const auto name =
        std::string_view(image).substr(image.rfind('/') == std::string::npos ? 0 : image.rfind('/'));
    if (name.find_first_of(":@") == std::string_view::npos) call.path += "&tag=latest";
    const auto login = TRY(logins_->engine_header(image));
    if (!login.empty()) call.headers.emplace_back("X-Registry-Auth", login);
    TRY(engine_->call(call));
    return report.finish();
}

Result<void> Images::remove(const std::string& image) {
    const auto removed = engine_->call(
        {.method = "DELETE", .path = "/images/" + encoded(image), .doing = "removing the image " + image});
    const bool is_fine = removed || removed.error().kind() == ErrorKind::NotFound ||
                         removed.error().kind() == ErrorKind::Conflict;
    if (is_fine) return {};
    return Fail(removed.error());
}

}  // namespace ringmaster::docker
