#include "adapters/exec/exec_router.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "adapters/exec/exec_harness_test.h"
#include "base/text.h"
#include "testing/contracts/router_contract.h"

namespace ringmaster::testing {
namespace {

using exec::ExecRouter;

support::RouteAddress pattern(const RepositoryName& repository) {
    return *support::RouteAddress::parse("https://{repo}-{pr}.shows.example.org", repository);
}

// The example. A visitor is led as nginx leads by the maps of that folder: by the name, to what stands beside
// it in one of them.
class ExampleRouterHarness {
 public:
    ExampleRouterHarness() : first_(make("shop")), second_(make("shop")), other_(make("shop-two")) {
        std::filesystem::create_directory(maps());
    }

    Router& router() { return first_; }
    Router& another_worker() { return second_; }
    Router& another_repository() { return other_; }
    Endpoint backend(const std::string& body) {
        const Endpoint made{"127.0.0.1", static_cast<std::uint16_t>(4001 + bodies_.size())};
        bodies_[made.text()] = body;
        return made;
    }
    std::optional<std::string> visit(const std::string& url) const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(maps())) {
            std::ifstream map(entry.path());
            std::string name, to;
            if (entry.path().extension() != ".map" || !(map >> name >> to)) continue;
            if (url == "https://" + name + "/" && to.ends_with(';'))
                return bodies_.at(to.substr(0, to.size() - 1));
        }
        return std::nullopt;
    }
    void go_down() { std::filesystem::rename(maps(), folder_.path("away")); }

 private:
    std::string maps() const { return folder_.path("maps"); }
    ExecRouter make(const std::string& name) {
        const RepositoryName repository{"acme", name};
        return {{repository, pattern(repository)},
                exec::PluginProgram({.command = {"./router.sh"},
                                     .folder = RINGMASTER_SOURCE_DIR "/examples/plugins",
                                     .environment = {{"ROUTES", maps()}, {"RELOAD", "true"}}},
                                    subprocess_)};
    }

    TemporaryFolder folder_;
    support::PosixSubprocess subprocess_;
    std::map<std::string, std::string> bodies_;
    ExecRouter first_, second_, other_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Example, RouterContract, ExampleRouterHarness);

class ExecRouterTest : public ScriptedProgramTest {
 protected:
    ExecRouter router() { return {{{"acme", "shop"}, pattern({"acme", "shop"})}, program()}; }
    std::string list_problem() {
        const auto listed = router().list_managed();
        return listed ? "" : listed.error().message();
    }
};

TEST_F(ExecRouterTest, TellsTheProgramWhereToPoint) {
    answers("cat > request; env | grep '^RINGMASTER_' | sort > variables; echo '{\"ok\":{}}'");
    ASSERT_TRUE(router().point(12, {"10.0.0.7", 20001}));
    EXPECT_EQ(folder_.read("request"),
              R"({"address":"https://shop-12.shows.example.org","endpoint":{"host":"10.0.0.7","port":20001},)"
              R"("operation":"point","protocol":1,"pull_request":12,"repository":"acme/shop"})"
              "\n");
    EXPECT_EQ(folder_.read("variables"),
              "RINGMASTER_ADDRESS=https://shop-12.shows.example.org\nRINGMASTER_ENDPOINT=10.0.0.7:20001\n"
              "RINGMASTER_PR=12\nRINGMASTER_REPOSITORY=acme/shop\n");
    ASSERT_TRUE(router().withdraw(12));
    EXPECT_EQ(folder_.read("request"),
              R"({"address":"https://shop-12.shows.example.org","operation":"withdraw","protocol":1,)"
              R"("pull_request":12,"repository":"acme/shop"})"
              "\n");
}

TEST_F(ExecRouterTest, ListsByNumberWithWhatTheProgramDoesNotUnderstandAsNowhere) {
    answers(
        "echo '{\"ok\":{\"routes\":[{\"pull_request\":112,\"endpoint\":null},"
        "{\"pull_request\":12,\"endpoint\":{\"host\":\"10.0.0.7\",\"port\":80}}]}}'");
    const auto listed = router().list_managed();
    ASSERT_TRUE(listed) << listed.error().describe();
    EXPECT_EQ(*listed, (std::vector<Route>{{12, Endpoint{"10.0.0.7", 80}}, {112, std::nullopt}}));
}

TEST_F(ExecRouterTest, AListThatCannotBeRightIsNotBelieved) {
    answers("echo '{\"ok\":{\"routes\":[{\"pull_request\":12}]}}'");
    EXPECT_NE(list_problem().find("/ok/routes/0 should be an object with a field endpoint"),
              std::string::npos);
    answers("echo '{\"ok\":{\"routes\":[{\"pull_request\":0,\"endpoint\":null}]}}'");
    EXPECT_NE(list_problem().find("/ok/routes/0/pull_request should be"), std::string::npos);
    answers(
        "echo '{\"ok\":{\"routes\":[{\"pull_request\":12,\"endpoint\":null},"
        "{\"pull_request\":12,\"endpoint\":null}]}}'");
    EXPECT_NE(list_problem().find("/ok/routes/1 should be the only one of its pull request"),
              std::string::npos);
    answers("echo '{\"ok\":{}}'");
    EXPECT_NE(list_problem().find("/ok/routes"), std::string::npos);
}

TEST_F(ExecRouterTest, WithdrawingWhatTheProgramDoesNotKnowIsSuccessAndPointingIsNot) {
    answers("echo '{\"error\":{\"kind\":\"not_found\",\"message\":\"no such route\"}}'; exit 1");
    EXPECT_TRUE(router().withdraw(12));
    const auto pointed = router().point(12, {"10.0.0.7", 80});
    ASSERT_FALSE(pointed);
    EXPECT_EQ(pointed.error().kind(), ErrorKind::NotFound);
}

TEST_F(ExecRouterTest, TheExampleTakesBackWhatItsWebServerRefusesAndAdmitsWhatItDoesNotUnderstand) {
    const std::string script = RINGMASTER_SOURCE_DIR "/examples/plugins/router.sh";
    std::filesystem::create_directory(folder_.path("maps"));
    const auto with = [&](const std::string& reload) {
        return ExecRouter(
            {{"acme", "shop"}, pattern({"acme", "shop"})},
            {{.command = {script}, .environment = {{"ROUTES", folder_.path("maps")}, {"RELOAD", reload}}},
             subprocess_});
    };
    ASSERT_TRUE(with("true").point(12, {"10.0.0.7", 80}));
    const auto refused = with("echo no >&2; false").point(12, {"10.0.0.8", 80});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Failed);
    EXPECT_FALSE(with("false").withdraw(12));
    EXPECT_EQ(with("true").list_managed().value(), (std::vector<Route>{{12, Endpoint{"10.0.0.7", 80}}}));
    folder_.write("maps/acme/shop/12.map", "# somebody was here\n");
    EXPECT_EQ(with("true").list_managed().value(), (std::vector<Route>{{12, std::nullopt}}));
}

}  // namespace
}  // namespace ringmaster::testing
