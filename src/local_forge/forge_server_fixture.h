#pragma once
// For tests of the forge as a whole: one running on a port of its own, a real git beside it, and requests as
// bytes.

#include <gmock/gmock.h>

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "http_server/listener.h"
#include "http_server/raw_client.h"
#include "local_forge/child_process.h"
#include "local_forge/digest.h"
#include "local_forge/forge.h"
#include "local_forge/forge_fixture.h"

namespace ringmaster::local_forge {

using http_server::RawClient;
using nlohmann::json;
using testing::HasSubstr;

struct HttpAnswer {
    int status = 0;
    std::string head;
    json body;
};

class ForgeTest : public testing::Test {
 protected:
    void start(ForgeOptions options = {}) {
        options.data_folder = folder.path() + "/data";
        options.now = test_time;
        options.random_hex = counted_hex;
        auto started = Forge::start(std::move(options));
        ASSERT_TRUE(started) << started.error().describe();
        forge = std::move(*started);
        ASSERT_TRUE(forge->create_repository({.owner = "demo", .name = "app"}));
        ASSERT_TRUE(forge->create_repository({.owner = "demo", .name = "secret", .is_private = true}));
        ASSERT_TRUE(forge->add_user("alice", "alice-token",
                                    {{"demo/app", Role::Admin}, {"demo/secret", Role::Admin}}));
        ASSERT_TRUE(forge->add_user("carol", "carol-token", {{"demo/app", Role::Read}}));
    }

    HttpAnswer send(const std::string& method, const std::string& path, const std::string& body = "",
                    const std::string& token = "alice-token", const std::string& more_headers = "") {
        RawClient client = RawClient::tcp(forge->port());
        std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: forge.test\r\nContent-Length: {}\r\n{}",
                                          method, path, body.size(), more_headers);
        if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
        client.write(request + "\r\n" + body);
        const std::string answer = client.read_answer();
        const auto end = answer.find("\r\n\r\n");
        if (end == answer.npos) return {};
        return {std::stoi(answer.substr(9, 3)), answer.substr(0, end),
                json::parse(answer.substr(end + 4), nullptr, false)};
    }

    // A real git with a clone in `folder`.
    ChildResult run_git(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"git", "-C", folder.path() + "/clone"});
        const std::map<std::string, std::string> environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                                                {"HOME", folder.path()},
                                                                {"GIT_TERMINAL_PROMPT", "0"},
                                                                {"GIT_AUTHOR_NAME", "Alice"},
                                                                {"GIT_AUTHOR_EMAIL", "a@x.org"},
                                                                {"GIT_COMMITTER_NAME", "Alice"},
                                                                {"GIT_COMMITTER_EMAIL", "a@x.org"},
                                                                {"LC_ALL", "C"}};
        auto result = run_child(arguments, environment, "", std::chrono::seconds(60));
        EXPECT_TRUE(result) << result.error().describe();
        return result ? *result : ChildResult{};
    }
    std::string remote(const std::string& repository = "demo/app", const std::string& token = "alice-token") {
        return fmt::format("http://x-access-token:{}@127.0.0.1:{}/{}", token, forge->port(), repository);
    }
    void make_clone() {
        std::filesystem::create_directories(folder.path() + "/clone");
        run_git({"init", "-q", "-b", "main"});
        run_git({"commit", "-q", "--allow-empty", "-m", "First"});
        ASSERT_EQ(run_git({"push", "-q", remote(), "main"}).exit_code, 0);
    }
    void push_feature() {
        make_clone();
        run_git({"checkout", "-q", "-b", "feature"});
        run_git({"commit", "-q", "--allow-empty", "-m", "Add a feature"});
        ASSERT_EQ(run_git({"push", "-q", remote(), "feature"}).exit_code, 0);
    }

    TemporaryFolder folder;
    std::unique_ptr<Forge> forge;
};

}  // namespace ringmaster::local_forge
