// parse_webhook: the one place that looks into a payload. It reads as a stream and keeps seven fields: a
// payload of 25 KB costs no tree of objects, and one of 25 MB no memory.
#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "server/webhook.h"
#include "shows/labels.h"

namespace ringmaster::server {
namespace {

using Json = nlohmann::json;

struct Fields {
    std::optional<std::string> action, repository, comment, label;
    std::optional<int> number, pull_request_number, issue_number;
    bool is_object = false;
    bool issue_is_pull_request = false;
};

class FieldReader final : public nlohmann::json_sax<Json> {
 public:
    Fields fields;
    std::string problem;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t value) override { return number(value); }
    bool number_unsigned(number_unsigned_t value) override {
        return number(value > std::numeric_limits<int>::max() ? 0 : static_cast<long long>(value));
    }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }

    bool string(string_t& value) override {
        if (at("action")) fields.action = value;
        if (at("repository", "full_name")) fields.repository = value;
        if (at("comment", "body")) fields.comment = value;
        if (at("label", "name")) fields.label = value;
        return true;
    }
    bool start_object(std::size_t) override {
        if (depth_ == 0) fields.is_object = true;
        if (at("issue", "pull_request")) fields.issue_is_pull_request = true;
        return enter();
    }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool key(string_t& name) override {
        if (depth_ <= keys_.size()) keys_[depth_ - 1] = name;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        problem = fmt::format("the body is not JSON: it breaks off or makes no sense at byte {}", position);
        return false;
    }

 private:
    bool number(long long value) {
        if (value < 1 || value > std::numeric_limits<int>::max()) return true;
        if (at("number")) fields.number = static_cast<int>(value);
        if (at("pull_request", "number")) fields.pull_request_number = static_cast<int>(value);
        if (at("issue", "number")) fields.issue_number = static_cast<int>(value);
        return true;
    }
    bool enter() {
        // An array's items have no key; the one before must not stay.
        if (++depth_ <= keys_.size()) keys_[depth_ - 1].clear();
        return true;
    }
    bool leave() {
        --depth_;
        return true;
    }
    bool at(std::string_view first) const { return depth_ == 1 && keys_[0] == first; }
    bool at(std::string_view first, std::string_view second) const {
        return depth_ == 2 && keys_[0] == first && keys_[1] == second;
    }

    std::size_t depth_ = 0;
    std::array<std::string, 2> keys_;
};

Result<Fields> read_fields(std::string_view body) {
    FieldReader reader;
    const bool complete = Json::sax_parse(body.begin(), body.end(), &reader);
    if (!complete) return Fail(Error::invalid_input("{}", reader.problem));
    if (!reader.fields.is_object) return Fail(Error::invalid_input("the body is JSON, but not an object"));
    return std::move(reader.fields);
}

/// Actions that say nothing about shows. Unknown ones are looked at: a look costs one request.
bool concerns_people_only(const std::optional<std::string>& action) {
    static constexpr std::array<std::string_view, 10> kUninteresting = {
        "assigned",     "unassigned", "review_requested", "review_request_removed", "milestoned",
        "demilestoned", "locked",     "unlocked",         "auto_merge_enabled",     "auto_merge_disabled"};
    return action && std::ranges::find(kUninteresting, *action) != kUninteresting.end();
}

/// What makes a version unwanted (Run::look_whether_wanted). Our own labels come back as events too, and are
/// not among it.
bool may_withdraw(const Fields& fields) {
    if (fields.action == "closed" || fields.action == "synchronize") return true;
    return fields.action == "labeled" &&
           (fields.label == shows::kStopTrigger || fields.label == shows::kBlocked);
}

/// "/show …" on the first line of a new comment. What it asks for is read when the pull request is looked at.
bool is_command(const Fields& fields) {
    if (fields.action != "created" || !fields.comment) return false;
    const std::string_view text = *fields.comment;
    return text.starts_with("/show") &&
           (text.size() == 5 || text[5] == ' ' || text[5] == '\n' || text[5] == '\r');
}

Result<WebhookEvent> look(const Fields& fields, std::optional<int> number, std::string_view number_field) {
    if (!fields.repository) return Fail(Error::invalid_input("the field repository.full_name is missing"));
    if (!number)
        return Fail(
            Error::invalid_input("the field {} is missing or not a whole number from 1", number_field));
    return WebhookEvent{
        .kind = WebhookKind::Look, .repository = *fields.repository, .pull_request_number = *number};
}

}  // namespace

Result<WebhookEvent> parse_webhook(std::string_view event, std::string_view body) {
    const Fields fields = TRY(read_fields(body));
    const std::string repository = fields.repository.value_or("");
    if (event == "ping") return WebhookEvent{.kind = WebhookKind::Ping, .repository = repository};
    if (event == "pull_request" && !concerns_people_only(fields.action)) {
        WebhookEvent found =
            TRY(look(fields, fields.number ? fields.number : fields.pull_request_number, "number"));
        found.may_withdraw = may_withdraw(fields);
        return found;
    }
    if (event == "issue_comment" && is_command(fields) && fields.issue_is_pull_request)
        return look(fields, fields.issue_number, "issue.number");
    return WebhookEvent{.kind = WebhookKind::Ignored, .repository = repository};
}

}  // namespace ringmaster::server
