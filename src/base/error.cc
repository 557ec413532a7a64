#include "base/error.h"

namespace ringmaster {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Unavailable:
            return "unavailable";
        case ErrorKind::RateLimited:
            return "rate_limited";
        case ErrorKind::TimedOut:
            return "timed_out";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::Busy:
            return "busy";
        case ErrorKind::NotFound:
            return "not_found";
        case ErrorKind::Unauthorized:
            return "unauthorized";
        case ErrorKind::InvalidInput:
            return "invalid_input";
        case ErrorKind::Corrupt:
            return "corrupt";
        case ErrorKind::Failed:
            return "failed";
        case ErrorKind::Interrupted:
            return "interrupted";
    }
    return "unknown";
}

std::string Error::describe() const {
    std::string text = message_;
    for (std::size_t i = 0; i < trail_.size(); ++i) {
        text += i == 0 ? " (while " : ", while ";
        text += trail_[i];
    }
    if (!trail_.empty()) text += ")";
    return text;
}

Error&& Error::hint(std::string text) && {
    hint_ = std::move(text);
    return std::move(*this);
}

Error&& Error::retry_after(std::chrono::milliseconds wait) && {
    retry_after_ = wait;
    return std::move(*this);
}

Error&& Error::while_doing(std::string doing) && {
    trail_.push_back(std::move(doing));
    return std::move(*this);
}

}  // namespace ringmaster
