#pragma once
// A visitor of a show, in a thread of its own: looks at the pull request where the show is, follows the link,
// and does it again, many times a second. It counts what a person would call broken.

#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "domain/endpoint.h"
#include "ports/clock.h"
#include "ports/forge.h"
#include "ports/http_client.h"

namespace ringmaster::app {

struct Visits {
    int made = 0;
    /// Answers other than 200, and none at all, from the address that the pull request named before and
    /// after.
    int failed = 0;
    /// The pull request named another address by the time the first one did not answer: followed again.
    int moved = 0;
    std::string last_failure;
};

class Visitor {
 public:
    /// Starts visiting the show of that pull request. Everything outlives the visitor.
    Visitor(Forge& forge, HttpClient& http, Clock& clock, int pull_request_number);
    ~Visitor();
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    Visits so_far() const;
    /// Ends the visits; what they came to.
    Visits stop();

 private:
    void visit_until_stopped(const std::stop_token& stop);
    void visit_once();
    std::optional<Endpoint> address();
    std::string problem_at(const Endpoint& where);

    Forge& forge_;
    HttpClient& http_;
    Clock& clock_;
    int number_;
    mutable std::mutex mutex_;
    Visits visits_;
    std::jthread thread_;
};

/// Where the active show of a pull request answers, as its labels say it; nullopt: there is none.
std::optional<Endpoint> address_in(const std::vector<std::string>& labels);

}  // namespace ringmaster::app
