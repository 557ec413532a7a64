#include "adapters/process/service_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ringmaster::process {
namespace {

using nlohmann::json;
using support::ProcessIdentity;

constexpr int kFormat = 1;

json print_identity(const ProcessIdentity& identity) {
    return {{"pid", identity.pid}, {"start_ticks", identity.start_ticks}, {"boot_id", identity.boot_id}};
}

ProcessIdentity read_identity(const json& from) {
    return {from.at("pid").get<pid_t>(), from.at("start_ticks").get<std::uint64_t>(),
            from.at("boot_id").get<std::string>()};
}

// Inside parse_record only, which turns these exceptions (and the library's own) into an Error.
template <typename T>
T or_throw(std::optional<T> value, const char* what) {
    if (!value) throw std::runtime_error(what);
    return std::move(*value);
}
template <typename T>
T or_throw(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message());
    return std::move(*value);
}

ServiceRecord read_record(const json& from) {
    if (from.at("format").get<int>() != kFormat) throw std::runtime_error("its format is not known");
    const auto commit = or_throw(CommitSha::parse(from.at("commit").get<std::string>()));
    const auto repository = or_throw(RepositoryName::parse(from.at("repository").get<std::string>()));
    const auto time = [](const json& text) {
        return or_throw(parse_iso8601(text.get<std::string>()), "a time makes no sense");
    };
    ServiceRecord record{.show = {repository, from.at("pull_request").get<int>(), commit.short_sha()},
                         .commit = commit};
    record.artifact = {from.at("artifact").at("image").get<std::string>(),
                       from.at("artifact").at("directory").get<std::string>()};
    record.requested_by = from.at("requested_by").get<std::string>();
    record.created_at = time(from.at("created_at"));
    record.started_at = time(from.at("started_at"));
    if (!from.at("expires_at").is_null()) record.expires_at = time(from.at("expires_at"));
    record.endpoint = {from.at("host").get<std::string>(), from.at("port").get<std::uint16_t>()};
    record.instance = from.at("instance").get<std::string>();
    if (record.instance.empty()) throw std::runtime_error("the instance is empty");
    record.control_group = from.value("control_group", "");
    record.supervisor = read_identity(from.at("supervisor"));
    record.app = read_identity(from.at("app"));
    record.is_being_removed = from.at("removing").get<bool>();
    return record;
}

}  // namespace

std::string print_record(const ServiceRecord& record) {
    const json text = {
        {"format", kFormat},
        {"repository", record.show.repository.text()},
        {"pull_request", record.show.pull_request_number},
        {"sha", record.show.sha.text()},
        {"commit", record.commit.text()},
        {"artifact", {{"image", record.artifact.image}, {"directory", record.artifact.directory}}},
        {"requested_by", record.requested_by},
        {"created_at", format_iso8601(record.created_at)},
        {"started_at", format_iso8601(record.started_at)},
        {"expires_at", record.expires_at ? json(format_iso8601(*record.expires_at)) : json()},
        {"host", record.endpoint.host},
        {"port", record.endpoint.port},
        {"instance", record.instance},
        {"control_group", record.control_group},
        {"supervisor", print_identity(record.supervisor)},
        {"app", print_identity(record.app)},
        {"removing", record.is_being_removed},
    };
    return text.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<ServiceRecord> parse_record(std::string_view text, const std::string& path) {
    try {
        return read_record(json::parse(text));
    } catch (const std::exception& wrong) {
        return Fail(
            Error::corrupt("{} does not describe a show: {}", path, sanitize_for_terminal(wrong.what()))
                .hint("see which processes the show still has, end them, then delete the file's folder"));
    }
}

std::optional<AppEnd> parse_app_end(std::string_view text) {
    const auto words = split(trim(text), ' ');
    if (words.size() != 3 || (words[0] != "exited" && words[0] != "signal")) return std::nullopt;
    const auto number = parse_integer(words[1]);
    const auto time = parse_integer(words[2]);
    if (!number || !time) return std::nullopt;
    return AppEnd{words[0] == "signal", static_cast<int>(*number), TimePoint(Duration(*time))};
}

std::string describe(const AppEnd& end, TimePoint started_at) {
    const auto after = format_duration_for_people(std::max(end.time - started_at, Duration::zero()));
    return end.by_signal ? fmt::format("ended by signal {} after {}", end.number, after)
                         : fmt::format("exit {} after {}", end.number, after);
}

}  // namespace ringmaster::process
