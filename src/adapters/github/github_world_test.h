#pragma once
// What the adapter's tests start from: a scripted server, virtual time, and a client that knows the
// repository acme/shop.

#include <gtest/gtest.h>

#include <memory>

#include "adapters/github/github_client.h"
#include "testing/fake_clock.h"
#include "testing/fake_entropy.h"
#include "testing/scripted_http.h"

namespace ringmaster::github {

class GitHubTest : public ::testing::Test {
 protected:
    GitHubTest() {
        settings_.api_url = "http://forge/api/v3/";
        settings_.token = "sesame";
        settings_.repository = {"acme", "shop"};
        settings_.version = "1.2.3";
    }
    /// Made with the settings as they are at the first call; again when the token or the pause has changed
    /// since.
    GitHubClient& client() {
        const bool is_stale = !client_ || client_->settings().token != settings_.token;
        if (is_stale) client_ = std::make_unique<GitHubClient>(http_, clock_, entropy_, settings_, progress_);
        return *client_;
    }

    ringmaster::testing::ScriptedHttp http_;
    ringmaster::testing::FakeClock clock_;
    ringmaster::testing::FakeEntropy entropy_;
    NoProgress progress_;
    GitHubSettings settings_;
    std::unique_ptr<GitHubClient> client_;
};

}  // namespace ringmaster::github
