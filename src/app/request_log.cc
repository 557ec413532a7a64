#include "app/request_log.h"

#include <memory>
#include <mutex>

#include "base/text.h"

namespace ringmaster::app {

namespace {

constexpr std::size_t kMostBodyBytes = 4096;  // of each body: enough to see an error, not a listing

std::string body_lines(std::string_view sign, const std::string& body) {
    if (body.empty()) return {};
    std::string text;
    for (const auto line : split_lines(truncate_utf8(body, kMostBodyBytes)))
        text += fmt::format("  {} {}\n", sign, sanitize_for_terminal(line));
    return text;
}

}  // namespace

std::function<void(const support::HttpExchange&)> request_log(cli::Stream& stream, int verbosity) {
    if (verbosity == 0) return {};
    const auto mutex = std::make_shared<std::mutex>();  // exchanges end on several threads
    return [&stream, verbosity, mutex](const support::HttpExchange& exchange) {
        const auto outcome = exchange.error.empty() ? std::to_string(exchange.status) : exchange.error;
        auto text = sanitize_for_terminal(fmt::format("{} {} {} {} ms", exchange.method, exchange.url,
                                                      outcome, exchange.elapsed.count())) +
                    "\n";
        if (verbosity > 1)
            text += body_lines(">", exchange.request.body) + body_lines("<", exchange.response.body);
        const std::lock_guard lock(*mutex);
        stream.write(text);
    };
}

}  // namespace ringmaster::app
