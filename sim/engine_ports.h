#pragma once
// Builder, runtime and web of one process, on the model of the engine.

#include "ports/builder.h"
#include "ports/http_client.h"
#include "ports/runtime.h"
#include "sim/line.h"

namespace ringmaster::sim {

class SimBuilder final : public Builder {
 public:
    explicit SimBuilder(Line& line) : line_(line) {}
    Result<Artifact> build(const BuildSpec& spec, Progress& progress) override;
    Result<void> remove(const ShowId& show) override;

 private:
    Line& line_;
};

class SimRuntime final : public Runtime {
 public:
    explicit SimRuntime(Line& line) : line_(line) {}
    std::string_view engine() const override { return "simulated"; }
    Result<Endpoint> deploy(const ShowSpec& spec, Progress& progress) override;
    Result<std::optional<Service>> find(const ShowId& show) override;
    Result<std::vector<Service>> list_managed() override;
    Result<PullRequestServices> list_of(int pull_request_number, Others others) override;
    Result<void> remove(const ShowId& show, Progress& progress) override;
    Result<void> logs(const ShowId&, const LogOptions&, Progress&) override { return {}; }
    Result<void> run_in(const ShowId& show, const ShowCommand& command, Progress& progress) override;

 private:
    void erase(const ShowId& show, int run, const std::string& who, bool listing_broke);
    Result<void> start(const ShowSpec& spec, Progress& progress);

    Line& line_;
};

class SimWeb final : public HttpClient {
 public:
    explicit SimWeb(Line& line) : line_(line) {}
    Result<HttpResponse> send(const HttpRequest& request) override;

 private:
    Line& line_;
};

}  // namespace ringmaster::sim
