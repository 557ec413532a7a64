#include "cli/show_listing.h"

#include "base/text.h"

namespace ringmaster::cli {

std::vector<std::string> listing_fields() {
    return {"pull_request", "title", "sha",          "status", "kind",    "url",      "created_at",
            "expires_at",   "ttl",   "requested_by", "engine", "service", "problems", "stable_url"};
}

Value listing_value(const shows::ShowListing& listing, std::string_view engine) {
    const auto& show = listing.show;
    const auto when = [](const std::optional<TimePoint>& time) {
        return time ? Value(format_iso8601(*time)) : Value();
    };
    return Value::object()
        .set("pull_request", listing.pull_request_number)
        .set("title", listing.title)
        .set("sha", show.sha.text())
        .set("status", to_string(show.status))
        .set("kind", listing.kind)
        .set("url", show.endpoint ? Value(show.endpoint->url()) : Value())
        .set("created_at", when(show.created_at))
        .set("expires_at", when(listing.expires_at))
        .set("ttl", listing.ttl.empty() ? Value() : Value(listing.ttl))
        .set("requested_by", show.requested_by)
        .set("engine", engine)
        .set("service", listing.service_name)
        .set("problems", Value::list(listing.problems))
        .set("stable_url", listing.stable_url.empty() ? Value() : Value(listing.stable_url));
}

Style style_of(ShowStatus status) {
    if (status == ShowStatus::Running) return Style::Green;
    if (status == ShowStatus::Failed || status == ShowStatus::Unknown) return Style::Red;
    return Style::Yellow;
}

std::string time_left(const shows::ShowListing& listing, TimePoint now) {
    if (!listing.expires_at) return listing.ttl == "close" ? "until it closes" : "-";
    const auto left = *listing.expires_at - now;
    return left >= Duration::zero() ? format_age(left) : "over since " + format_age(-left);
}

Table listing_table(const std::vector<shows::ShowListing>& listings, TimePoint now) {
    Table table{.headings = {"PR", "SHA", "STATUS", "KIND", "AGE", "LEFT", "BY", "URL", "PROBLEMS"}};
    for (const auto& listing : listings) {
        const auto& show = listing.show;
        const auto own = show.endpoint ? show.endpoint->url() : std::string("-");
        const auto& url = listing.stable_url.empty() ? own : listing.stable_url;
        table.rows.push_back({std::to_string(listing.pull_request_number),
                              show.sha.text(),
                              {std::string(to_string(show.status)), style_of(show.status)},
                              listing.kind,
                              show.created_at ? format_age(now - *show.created_at) : std::string("-"),
                              time_left(listing, now),
                              show.requested_by.value_or("-"),
                              {url, Style::Plain, show.endpoint ? url : ""},
                              {join(listing.problems, "; "), Style::Red}});
    }
    return table;
}

}  // namespace ringmaster::cli
