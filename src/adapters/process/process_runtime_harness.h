#pragma once
// The runtime "process" under test: shows are small scripts in folders of the test's own.

#include <algorithm>
#include <string>

#include "adapters/process/instance.h"
#include "adapters/process/process_runtime.h"
#include "adapters/support/system_clock.h"
#include "adapters/support/system_entropy.h"
#include "testing/temporary_folder.h"
#include "testing/wait.h"

namespace ringmaster::testing {

class ProcessRuntimeHarness {
 public:
    ProcessRuntimeHarness() : runtime_(settings(), clock_, entropy_), other_(settings(), clock_, entropy_) {}
    ~ProcessRuntimeHarness() {
        NoProgress quiet;
        if (const auto all = runtime_.list_managed())
            for (const auto& service : *all) (void)runtime_.remove(service.show, quiet);
    }

    process::ProcessRuntime& runtime() { return runtime_; }
    Runtime& other_runtime() { return other_; }
    ShowSpec serving(int number) { return spec(number, std::string("exec ") + kServer); }
    ShowSpec slow() {
        return spec(12, "until test -e " + begin() + "; do sleep 0.02; done; exec " + kServer);
    }
    void let_slow_begin() { folder_.write("begin", ""); }
    ShowSpec crashing() { return spec(12, "echo going down; exit 3"); }
    ShowSpec stubborn() { return spec(12, "trap '' TERM; echo here; while :; do sleep 1; done"); }
    ShowSpec counting() { return spec(12, "for i in $(seq 1 1000); do echo line $i; done; exec sleep 1000"); }
    ShowSpec impossible() {
        auto spec = serving(12);
        spec.artifact.directory = folder_.path("nowhere");
        return spec;
    }
    ShowSpec another_version(const ShowSpec& spec) {
        auto other = spec;
        other.artifact = serving(spec.show.pull_request_number).artifact;
        return other;
    }
    std::string body_of(const ShowSpec& spec) {
        return "app " + std::filesystem::path(spec.artifact.directory).filename().string();
    }
    bool has_remains(const ShowId& show) {
        return file_exists(state_folder(show)) || !processes_in(folder_.path("apps")).empty();
    }

    /// A show whose app is this script; each has a folder and a commit of its own.
    ShowSpec spec(int number, const std::string& script) {
        const auto name = std::to_string(++made_);
        folder_.write("apps/" + name + "/run.sh", script);
        folder_.write("apps/" + name + "/body", "app " + name);
        const auto commit = *CommitSha::parse(fmt::format("{:07x}{:033x}", 0xabc0000 + made_, made_));
        ShowSpec spec{.show = {{"acme", "shop"}, number, commit.short_sha()}, .commit = commit};
        spec.artifact.directory = folder_.path("apps/" + name);
        spec.requested_by = "ada";
        spec.created_at = *parse_iso8601("2026-11-22T14:09:00Z");
        spec.expires_at = *parse_iso8601("2026-11-24T14:09:00Z");
        return spec;
    }
    process::ProcessRuntimeSettings settings() const {
        process::ProcessRuntimeSettings settings;
        settings.state_folder = folder_.path("state");
        settings.repository = {"acme", "shop"};
        settings.command = "exec sh ./run.sh";
        settings.stop_grace = std::chrono::milliseconds(300);
        return settings;
    }
    std::string state_folder(const ShowId& show) const {
        return folder_.path("state/acme/shop/" + show.service_name());
    }
    /// Processes whose working folder is below `folder`: an independent way to see what runs.
    static std::vector<int> processes_in(const std::string& folder) {
        std::vector<int> found;
        const auto processes = support::list_processes();
        for (const auto& process : processes.value()) {
            std::error_code failed;
            const auto at =
                std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", process.pid), failed).string();
            if (!failed && at.starts_with(folder)) found.push_back(process.pid);
        }
        return found;
    }

    TemporaryFolder folder_;
    support::SystemClock clock_;
    support::SystemEntropy entropy_;

 private:
    // Answers every request with the commit it was given.
    static constexpr auto kServer =
        "python3 -c '\n"
        "import http.server, os\n"
        "class Handler(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(200)\n"
        "        self.end_headers()\n"
        "        self.wfile.write(open(\"body\").read().encode())\n"
        "http.server.ThreadingHTTPServer((os.environ[\"HOST\"], int(os.environ[\"PORT\"])), "
        "Handler).serve_forever()\n"
        "'";
    std::string begin() const { return folder_.path("begin"); }

    int made_ = 0;
    process::ProcessRuntime runtime_;
    process::ProcessRuntime other_;
};

}  // namespace ringmaster::testing
