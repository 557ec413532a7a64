#include "server/redirect.h"

#include <algorithm>

#include "base/text.h"
#include "server/problem.h"

namespace ringmaster::server {
namespace {

constexpr std::string_view kPrefix = "/go/";
// Numbers that strangers made up are forgotten again.
constexpr std::size_t kMostKnown = 1000;

http_server::Response page(int status, std::string_view sentence, bool tries_again) {
    http_server::Response response{
        .status = status,
        .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
        .body = fmt::format(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width\">{}<title>Ringmaster</title></head>"
            "<body><p>{}</p></body></html>\n",
            tries_again ? "<meta http-equiv=\"refresh\" content=\"5\">" : "", sentence)};
    if (tries_again) response.headers.emplace_back("Retry-After", "5");
    return response;
}

/// Takes "name/" off the front; false if it is not there.
bool skip_segment(std::string_view& path, std::string_view name) {
    if (!path.starts_with(name) || path.size() == name.size() || path[name.size()] != '/') return false;
    path.remove_prefix(name.size() + 1);
    return true;
}

}  // namespace

Result<ShowAddress> find_address(shows::ShowService& service, int pull_request_number) {
    const auto status = TRY(service.status(pull_request_number));
    ShowAddress address{.is_coming = status.labels.building.has_value() || status.labels.start_requested};
    const Show* active = status.labels.active_show();
    if (!active || active->status != ShowStatus::Running) return address;
    for (const auto& running : status.services) {
        const bool serves = running.show.sha == active->sha && running.state == ServiceState::Running;
        if (serves && running.endpoint) address.url = running.endpoint->url();
    }
    return address;
}

std::optional<RedirectTarget> parse_redirect(std::string_view path, const RepositoryName& repository) {
    if (!path.starts_with(kPrefix)) return std::nullopt;
    path.remove_prefix(kPrefix.size());
    std::string_view without_owner = path;
    const bool has_owner =
        skip_segment(without_owner, repository.owner) && skip_segment(without_owner, repository.name);
    if (has_owner)
        path = without_owner;
    else if (!skip_segment(path, repository.name))
        return std::nullopt;
    const auto slash = std::min(path.find('/'), path.size());
    const auto number = parse_integer(path.substr(0, slash));
    if (!number || *number <= 0 || *number > std::numeric_limits<int>::max()) return std::nullopt;
    return RedirectTarget{static_cast<int>(*number), std::string(path.substr(slash))};
}

Result<ShowAddress> Redirects::find(int pull_request_number) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = known_.find(pull_request_number);
        if (known != known_.end() && clock_->monotonic() < known->second.until) return known->second.address;
    }
    auto address = TRY(find_(pull_request_number));
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMostKnown) known_.clear();
    known_.insert_or_assign(pull_request_number, Known{address, clock_->monotonic() + kMemory});
    return address;
}

http_server::Response Redirects::answer(const http_server::Request& request) {
    const auto target = parse_redirect(request.path, repository_);
    if (!target)
        return problem(
            404, fmt::format("no pull request of {} is at this address; /go/{}/NUMBER is where they are",
                             repository_.text(), repository_.name));
    const auto address = find(target->pull_request_number);
    if (!address) {
        const bool is_unknown = address.error().kind() == ErrorKind::NotFound;
        return problem(is_unknown ? 404 : 503, address.error().describe());
    }
    const std::string about = fmt::format("#{} of {}", target->pull_request_number, repository_.text());
    if (address->url.empty() && address->is_coming)
        return page(503, fmt::format("The show of {} is being prepared. This page tries again.", about),
                    true);
    if (address->url.empty()) return page(404, fmt::format("There is no show of {}.", about), false);
    return {.status = 302,
            .headers = {{"Location",
                         address->url + target->rest + (request.query.empty() ? "" : "?" + request.query)},
                        {"Cache-Control", "no-store"}},
            .body = ""};
}

}  // namespace ringmaster::server
