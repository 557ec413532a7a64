#include "adapters/exec/plugin_suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/exec/exec_harness_test.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "base/text.h"

namespace ringmaster::testing {
namespace {

using exec::Finding;

std::string example(const std::string& name) {
    std::ifstream file(std::string(RINGMASTER_SOURCE_DIR "/examples/plugins/") + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// An example with one mistake in it.
struct Mistake {
    std::string name;
    std::string right;
    std::string wrong;
    std::string check;  ///< the first that fails
    std::string says;   ///< part of what it says
};

class PluginSuiteTest : public ScriptedProgramTest {
 protected:
    void write_with(const std::string& name, const Mistake& mistake) {
        const auto text = example(name);
        ASSERT_NE(text.find(mistake.right), std::string::npos) << mistake.right;
        folder_.write("program", replace_all(text, mistake.right, mistake.wrong), 0755);
    }
    exec::SuiteSettings settings() {
        return {.program = {.command = {"./program"},
                            .folder = folder_.path(),
                            .environment = {{"SHOWS", folder_.path("shows")},
                                            {"BUILDS", folder_.path("builds")},
                                            {"ROUTES", folder_.path("maps")},
                                            {"RELOAD", "true"}}}};
    }
    exec::SuitePorts ports() { return {subprocess_, clock_, entropy_, http_, progress_}; }
    /// Looks until one fails.
    static void expect_found(const std::vector<exec::SuiteCheck>& checks, const Mistake& mistake) {
        for (const auto& check : checks) {
            const auto finding = check.look();
            if (finding.verdict == Finding::Verdict::Passed) continue;
            EXPECT_EQ(check.name, mistake.check) << finding.detail;
            EXPECT_NE(finding.detail.find(mistake.says), std::string::npos) << finding.detail;
            return;
        }
        ADD_FAILURE() << "nothing was found: " << mistake.name;
    }

    support::SystemClock clock_;
    support::SystemEntropy entropy_;
    support::CurlHttpClient http_{support::CurlOptions{}};
};

TEST_F(PluginSuiteTest, FindsWhatARuntimeDoesWrong) {
    const std::vector<Mistake> mistakes = {
        {"starts again what runs", "if there and there[\"state\"] == \"running\" and", "if False and",
         "deploy twice", "was to be adopted"},
        {"forgets when it expires", "\"expires_at\": request[\"expires_at\"],", "\"expires_at\": None,",
         "find", "expires_at is missing"},
        {"lists one only", "for home in sorted(homes)) if show]", "for home in sorted(homes)) if show][:1]",
         "two at once", "list gave 1 shows where three were deployed"},
        {"takes no folder for one", "fail(\"failed\", \"there is no folder", "say(line=\"no folder",
         "cannot start", "deploy gave"},
        {"removes nothing", "shutil.rmtree(home, ignore_errors=True)", "pass", "find removed",
         "still finds the show"},
    };
    for (const auto& mistake : mistakes) {
        write_with("runtime.py", mistake);
        auto checks = exec::runtime_suite(settings(), ports());
        std::erase_if(checks, [](const auto& check) { return check.name == "answers"; });
        expect_found(checks, mistake);
    }
}

TEST_F(PluginSuiteTest, FindsWhatABuilderDoesWrong) {
    const std::vector<Mistake> mistakes = {
        {"believes a broken build", "if build.returncode != 0:", "if False:", "failing build",
         "whose build.sh ends with exit code 3 was built"},
        {"has another word for a missing commit", "\"kind\": \"not_found\"", "\"kind\": \"missing\"",
         "unknown commit", "has to be not_found, but is failed"},
        {"keeps what was built", "shutil.rmtree(home, ignore_errors=True)", "pass", "remove",
         "is still there"},
        {"makes up a folder", "{\"directory\": str(home)}", "{\"directory\": \"/nowhere\"}", "build",
         "there is no such folder"},
    };
    for (const auto& mistake : mistakes) {
        write_with("builder.py", mistake);
        expect_found(exec::builder_suite(settings(), ports()), mistake);
    }
}

TEST_F(PluginSuiteTest, FindsWhatARouterDoesWrong) {
    const std::vector<Mistake> mistakes = {
        {"keeps the first", "change \"${name%:*}", "[ -e \"$file\" ] || change \"${name%:*}",
         "point elsewhere", "list gave 1 at 192.0.2.1:4001 where it should be 1 at 192.0.2.1:4002"},
        {"takes numbers that begin alike for one", "${RINGMASTER_PR:-}.map",
         "$(echo \"${RINGMASTER_PR:-}\" | cut -c1).map", "two at once", "list gave 1 at"},
        {"knows no repositories", "folder=$routes/${RINGMASTER_REPOSITORY:-}", "folder=$routes/all",
         "another repository", "list gave 1 at 192.0.2.1:4005"},
        {"withdraws everything", "change ''", "rm -f \"$folder\"/*", "others stay", "list gave none"},
        {"withdraws nothing", "change ''", ":", "others stay", "list gave 1 at 192.0.2.1:4002, 11 at"},
    };
    std::filesystem::create_directory(folder_.path("maps"));
    for (const auto& mistake : mistakes) {
        write_with("router.sh", mistake);
        expect_found(exec::router_suite(settings(), ports()), mistake);
        std::filesystem::remove_all(folder_.path("maps"));
        std::filesystem::create_directory(folder_.path("maps"));
    }
}

TEST_F(PluginSuiteTest, ARoutersChecksUseAnAddressThatTellsRepositoriesApart) {
    write_with("router.sh", {.right = "set -eu", .wrong = "set -eu"});
    std::filesystem::create_directory(folder_.path("maps"));
    auto with = settings();
    const auto address = [&](const std::string& configured) {
        with.address = configured;
        for (const auto& check : exec::router_suite(with, ports()))
            if (check.name == "point") return check.look().detail;
        return std::string();
    };
    EXPECT_TRUE(address("https://{repo}-{pr}.shows.example.org").ends_with("-1.shows.example.org"));
    EXPECT_TRUE(address("https://{pr}.shows.example.org").ends_with("-1.ringmaster.invalid"));
    EXPECT_TRUE(address("").ends_with("-1.ringmaster.invalid"));
}

TEST_F(PluginSuiteTest, LeavesNothingEvenWhenItIsNotSeenToItsEnd) {
    write_with("runtime.py", {.right = "A runtime", .wrong = "A runtime"});
    {
        const auto checks = exec::runtime_suite(settings(), ports());
        for (const auto& check : checks) {
            (void)check.look();
            if (check.name == "deploy") break;
        }
    }
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path("shows")))
        if (entry.is_regular_file() && entry.path().extension() != ".lock") left.push_back(entry.path());
    EXPECT_EQ(left, std::vector<std::string>{});
}

}  // namespace
}  // namespace ringmaster::testing
