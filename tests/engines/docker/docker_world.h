#pragma once
// The real engine that tests/engines/run started, through its own command line: images to run, and an
// independent look at what there is.

#include <cstdlib>
#include <string>
#include <vector>

#include "adapters/docker/engine_client.h"
#include "adapters/docker/registry_login.h"
#include "adapters/support/curl_http_client.h"
#include "adapters/support/subprocess.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "base/text.h"
#include "domain/show.h"
#include "ports/runtime.h"
#include "testing/temporary_folder.h"

namespace ringmaster::testing {

/// "unix:///…", of the engine under test.
inline std::string engine_host() {
    const char* host = std::getenv("RINGMASTER_TEST_DOCKER_HOST");
    RM_ASSERT(host != nullptr, "tests/engines/run names the engine");
    return host;
}

/// A program's output, trimmed; its end is not judged.
inline std::string output_of(std::vector<std::string> arguments, const std::string& input = "") {
    support::PosixSubprocess subprocess;
    NoProgress quiet;
    ProcessSpec spec{.arguments = std::move(arguments)};
    spec.environment = {{"PATH", std::getenv("PATH")}, {"HOME", "/nonexistent"}};
    spec.input = input;
    const auto result = subprocess.run(spec, quiet);
    return result ? std::string(trim(result->output + result->error_output)) : result.error().describe();
}
inline std::string docker(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"docker", "-H", engine_host()});
    return output_of(std::move(arguments), input);
}

/// Images of one static program, each with a script to run.
// Packs one static program under its many names, and prints where.
inline constexpr auto kMakeBase = R"sh(
set -e
cd "$(mktemp -d)"
mkdir -p bin tmp www
cp /bin/busybox bin/
for name in sh httpd seq sleep touch echo cat env test mkdir head rm dd; do ln -s busybox bin/$name; done
tar -cf "$PWD.tar" .
rm -r "$PWD"
echo "$PWD.tar"
)sh";

class DockerImages {
 public:
    ~DockerImages() {
        for (const auto& image : made_) docker({"image", "rm", "-f", image});
    }
    /// `name`: "body-1"; the image does nothing but run the script.
    std::string with_script(const std::string& name, const std::string& script) {
        static const std::string base = output_of({"sh", "-c", kMakeBase});
        const auto image = "ringmaster-test/" + name + ":1";
        const auto command = "[\"/bin/sh\",\"-c\"," + support::json_quote(script) + "]";
        const auto said = docker({"import", "--change", "CMD " + command, base, image});
        RM_ASSERT(said.starts_with("sha256:"), "an image is imported");
        made_.push_back(image);
        return image;
    }

 private:
    std::vector<std::string> made_;
};

/// Where the client under test finds the engine: DOCKER_HOST and its companions, if the suite set them.
inline docker::EngineAddress address_under_test() {
    const auto variable = [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
    return docker::find_engine(variable("DOCKER_HOST").value_or(engine_host()), variable).value();
}
inline support::CurlOptions certificates_of(const docker::EngineAddress& address) {
    const auto& folder = address.certificate_folder;
    if (folder.empty()) return {};
    return {.ca_file = folder + "/ca.pem",
            .client_certificate = folder + "/cert.pem",
            .client_key = folder + "/key.pem"};
}

/// The client under test, and what it needs.
struct DockerClient {
    support::SystemClock clock;
    support::SystemEntropy entropy;
    support::PosixSubprocess subprocess;
    docker::EngineAddress address = address_under_test();
    support::CurlHttpClient http{certificates_of(address)};
    TemporaryFolder logins_folder;
    docker::RegistryLogins logins{logins_folder.path(), {{"PATH", std::getenv("PATH")}}, subprocess};
    docker::EngineClient engine{address, http};
};

/// Shows whose scripts are what the contract suite asks for.
class DockerScripts {
 public:
    static constexpr auto kServer = "exec httpd -f -p $PORT -h /www";

    ShowSpec serving(int number) {
        const auto name = next_name();
        return spec(number, name, "echo -n app " + name + " > /www/index.html; " + kServer);
    }
    ShowSpec slow() {
        const auto name = next_name();
        return spec(12, name,
                    "echo -n app " + name +
                        " > /www/index.html; "
                        "until test -e /begin; do sleep 0.02; done; " +
                        kServer);
    }
    ShowSpec crashing() { return spec(12, next_name(), "echo going down; exit 3"); }
    ShowSpec stubborn() {
        return spec(12, next_name(), "trap '' TERM; echo here; while :; do sleep 1; done");
    }
    ShowSpec counting() {
        return spec(12, next_name(), "for i in $(seq 1 1000); do echo line $i; done; exec sleep 1000");
    }
    ShowSpec impossible() {
        auto spec = serving(12);
        spec.artifact.image = "127.0.0.1:1/nowhere/none:1";
        return spec;
    }
    ShowSpec another_version(const ShowSpec& spec) {
        auto other = spec;
        other.artifact = serving(spec.show.pull_request_number).artifact;
        return other;
    }
    std::string body_of(const ShowSpec& spec) const {
        const auto begin = spec.artifact.image.find('/') + 1;
        return "app " + spec.artifact.image.substr(begin, spec.artifact.image.find(':') - begin);
    }
    ShowSpec spec(int number, const std::string& name, const std::string& script) {
        ++made_;
        const auto commit = *CommitSha::parse(fmt::format("{:07x}{:033x}", 0xabc0000 + made_, made_));
        ShowSpec spec{.show = {{"acme", "shop"}, number, commit.short_sha()}, .commit = commit};
        spec.artifact.image = images_.with_script(name, script);
        spec.requested_by = "ada";
        spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
        spec.expires_at = *parse_iso8601("2026-11-24T14:09:00Z");
        return spec;
    }
    std::string next_name() { return "app-" + std::to_string(made_ + 1); }

 private:
    DockerImages images_;
    int made_ = 0;
};

}  // namespace ringmaster::testing
