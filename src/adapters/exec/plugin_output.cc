#include "adapters/exec/plugin_output.h"

#include "base/text.h"

namespace ringmaster::exec {

namespace {

constexpr std::size_t kComplaintsKept = 5;
constexpr std::size_t kLongestComplaint = 500;  // a sentence or two of each reach the pull request's comment
constexpr std::size_t kLongestText = 2000;      // of an error's message or hint

std::string readable(std::string_view text, std::size_t most) {
    return sanitize_for_terminal(truncate_utf8(text, most));
}

/// The kinds that a program may name; another word is a plain failure.
ErrorKind kind_of(std::string_view word) {
    for (const auto kind :
         {ErrorKind::NotFound, ErrorKind::TimedOut, ErrorKind::Unavailable, ErrorKind::Unauthorized})
        if (word == to_string(kind)) return kind;
    return ErrorKind::Failed;
}

Result<Error> read_refusal(const support::JsonReader& error, const std::string& what) {
    const auto kind = kind_of(TRY(error.string("kind")));
    const auto message = readable(TRY(error.string("message")), kLongestText);
    return Error(kind, what + ": " + message)
        .hint(readable(TRY(error.optional_string("hint")), kLongestText));
}

}  // namespace

void PluginOutput::read(std::string_view bytes) {
    heard_ += bytes.size();
    const bool is_endless = !call_.timeout.has_value();
    if (heard_ > kMostOutput && !is_endless && !problem_)
        problem_ = Error::corrupt("{} wrote more than {} MB", what_, kMostOutput >> 20);
    while (!bytes.empty() && !problem_) {
        const auto newline = bytes.find('\n');
        pending_ += bytes.substr(0, newline);
        if (pending_.size() > kLongestMessage)
            problem_ = Error::corrupt("{} wrote a line longer than {} MB", what_, kLongestMessage >> 20);
        if (newline == std::string_view::npos || problem_) return;
        const auto text = std::move(pending_);
        pending_.clear();
        message(text);
        bytes.remove_prefix(newline + 1);
    }
}

void PluginOutput::message(std::string_view text) {
    if (trim(text).empty()) return;
    ++messages_;
    if (const auto understood = understand(text); !understood) problem_ = understood.error();
}

Result<void> PluginOutput::understand(std::string_view text) {
    const auto place = fmt::format("{}, line {} of its output", what_, messages_);
    if (answer_)
        return Fail(Error::corrupt("{}: it comes after the answer, which has to be the last", place));
    const auto document = TRY(support::JsonReader::parse(text, place));
    if (const auto line = TRY(document.find("line"))) {
        say(TRY(line->as_string()));
        return {};
    }
    if (auto ok = TRY(document.find("ok")))
        answer_ = PluginAnswer{.ok = std::move(ok)};
    else if (const auto error = TRY(document.find("error")))
        answer_ = PluginAnswer{.refusal = TRY(read_refusal(*error, what_))};
    return {};  // a message that a later version of the protocol may know
}

void PluginOutput::say(std::string_view text) {
    if (text.empty()) return progress_.line(text);
    for (const auto line : split_lines(text)) progress_.line(line);
}

void PluginOutput::line(std::string_view text) {
    complaints_.push_back(readable(text, kLongestComplaint));
    if (complaints_.size() > kComplaintsKept) complaints_.pop_front();
    if (call_.stderr_lines == PluginCall::Stderr::IsProgress) progress_.line(text);
}

Result<void> PluginOutput::pulse() {
    if (problem_) return Fail(*problem_);
    return progress_.pulse();
}

std::string PluginOutput::last_words() const {
    if (complaints_.empty()) return ", and wrote nothing to stderr";
    std::string words = ": ";
    for (const auto& complaint : complaints_) words += (words.size() > 2 ? " / " : "") + complaint;
    return words;
}

Result<PluginAnswer> PluginOutput::answer(int exit_code) {
    if (!problem_) message(std::exchange(pending_, {}));  // a last line without a newline
    if (problem_) return Fail(*problem_);
    if (answer_ && (answer_->refusal || exit_code == 0)) return *answer_;
    if (exit_code != 0)
        return Fail(Error::failed("{} ended with exit code {}{}", what_, exit_code, last_words()));
    return Fail(Error::corrupt("{} ended without an answer", what_)
                    .hint("the last line on its stdout has to be {\"ok\": …} or {\"error\": …}; "
                          "`ringmaster check-plugin` shows what else is missing"));
}

}  // namespace ringmaster::exec
