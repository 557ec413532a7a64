#include "local_forge/git_http.h"

#include <zlib.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/rest_api.h"

namespace ringmaster::local_forge {
using http_server::Request;
using http_server::Response;
namespace {

constexpr std::string_view kUploadPack = "git-upload-pack";
constexpr std::string_view kReceivePack = "git-receive-pack";
// What a gzip body may grow to; git compresses only the short negotiation of a fetch.
constexpr std::size_t kMaxInflatedBytes = 64 << 20;

struct Target {
    std::string owner;
    std::string name;
    std::string action;  ///< "info/refs", "git-upload-pack", "git-receive-pack"
};

std::optional<Target> target_of(std::string_view path) {
    const auto parts = split(path, '/');
    if (parts.size() < 4 || !parts[0].empty()) return std::nullopt;
    Target target;
    target.owner = percent_decode(parts[1]).value_or("");
    target.name = percent_decode(parts[2]).value_or("");
    if (target.name.ends_with(".git")) target.name.resize(target.name.size() - 4);
    target.action = parts.size() == 5 ? fmt::format("{}/{}", parts[3], parts[4]) : std::string(parts[3]);
    const bool known = parts.size() == 5 ? target.action == "info/refs"
                                         : parts.size() == 4 && (target.action == kUploadPack ||
                                                                 target.action == kReceivePack);
    return known ? std::optional(target) : std::nullopt;
}

Response plain(int status, std::string text) {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

Response ask_for_credentials() {
    Response response = plain(401, "Repository needs a user name and a token as password.\n");
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Ringmaster\"");
    return response;
}

Result<std::string> inflate_gzip(std::string_view bytes) {
    z_stream stream{};
    // 15 bits of window, and 16 says: gzip (zlib.h, inflateInit2).
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return Fail(Error::unavailable("zlib cannot start"));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string result;
    int code = Z_OK;
    while (code == Z_OK && result.size() < kMaxInflatedBytes) {
        char piece[16384];
        stream.next_out = reinterpret_cast<Bytef*>(piece);
        stream.avail_out = sizeof piece;
        code = inflate(&stream, Z_NO_FLUSH);
        result.append(piece, sizeof piece - stream.avail_out);
    }
    inflateEnd(&stream);
    if (code != Z_STREAM_END) return Fail(Error::invalid_input("the gzip body is broken or too large"));
    return result;
}

// "pkt-line": four hexadecimal digits of length, then the text (gitprotocol-common).
std::string packet(std::string_view text) {
    return fmt::format("{:04x}{}", text.size() + 4, text);
}

GitCall call_of(const Request& request, std::string_view service, bool advertise, std::string input) {
    GitCall call{{std::string(service.substr(4)), "--stateless-rpc"}, std::move(input)};
    if (advertise) call.arguments.emplace_back("--http-backend-info-refs");
    call.arguments.emplace_back(".");
    // No hooks: they would run for each of a push's refs, only to leave the mark that serve() does not need.
    const std::string_view version = request.header("git-protocol").value_or("");
    // Handed to a program's environment: only what it can be ("version=2:key=value", gitprotocol-v2).
    const bool plain_version = std::ranges::all_of(version, [](char c) { return c > ' ' && c < 0x7F; });
    if (!version.empty() && plain_version) call.environment["GIT_PROTOCOL"] = version;
    return call;
}

Response git_response(std::string_view service, std::string_view kind, std::string body) {
    return {
        200,
        {{"Content-Type", fmt::format("application/x-{}-{}", service, kind)}, {"Cache-Control", "no-cache"}},
        std::move(body)};
}

class GitExchange {
 public:
    GitExchange(ForgeStore& store, const Request& request, Target target)
        : store_(store), request_(request), target_(std::move(target)) {}

    Answer<Response> run() {
        const std::string service =
            target_.action == "info/refs" ? request_.parameter("service").value_or("") : target_.action;
        if (service != kUploadPack && service != kReceivePack)
            return plain(403, "Please use a git client that speaks the smart protocol.\n");
        auto viewer = authenticate(store_, request_);
        if (!viewer) return ask_for_credentials();
        const auto repository = TRY_ANSWER(store_.repositories().find(target_.owner, target_.name));
        const bool readable = repository && TRY_ANSWER(store_.accounts().may_read(*viewer, *repository));
        // Nobody is asked who they are first; someone who may not see it is told it is not there (8.2).
        if (!readable && !viewer->user) return ask_for_credentials();
        if (!readable) return plain(404, "Repository not found.\n");
        if (service == kReceivePack) {
            if (!viewer->user) return ask_for_credentials();
            if (!TRY_ANSWER(store_.accounts().may(*viewer, *repository, Role::Write, Right::Contents)))
                return plain(403, fmt::format("Permission to {} denied to {}.\n", repository->full_name(),
                                              viewer->user->login));
        }
        return target_.action == "info/refs" ? advertise(*repository, service)
                                             : serve(*viewer, *repository, service);
    }

 private:
    Answer<Response> advertise(const Repository& repository, const std::string& service) {
        TRY_ANSWER(store_.refs().rescan_if_changed(repository));
        const Git git = store_.repositories().git(repository);
        auto result = TRY_ANSWER(git.run_inside(call_of(request_, service, true, "")));
        if (!result.ok()) return plain(500, "git failed.\n");
        std::string body = packet("# service=" + service + "\n") + "0000" + result.output;
        return git_response(service, "advertisement", std::move(body));
    }

    Answer<Response> serve(const Viewer& viewer, const Repository& repository, const std::string& service) {
        if (request_.method != "POST") return plain(405, "Use POST.\n");
        std::string input = request_.body;
        if (request_.header("content-encoding").value_or("") == "gzip") {
            auto inflated = inflate_gzip(input);
            if (!inflated) return plain(400, inflated.error().message() + "\n");
            input = std::move(*inflated);
        }
        const Git git = store_.repositories().git(repository);
        auto result = TRY_ANSWER(git.run_inside(call_of(request_, service, false, std::move(input))));
        // A push that failed half way may have moved some refs.
        if (service == kReceivePack) TRY_ANSWER(store_.refs().rescan(viewer, repository));
        if (!result.ok() && result.output.empty()) return plain(400, "git could not read the request.\n");
        return git_response(service, "result", std::move(result.output));
    }

    ForgeStore& store_;
    const Request& request_;
    Target target_;
};

}  // namespace

bool is_git_path(std::string_view path) {
    return target_of(path).has_value();
}

std::optional<Response> handle_git(ForgeStore& store, const Request& request) {
    auto target = target_of(request.path);
    if (!target) return std::nullopt;
    auto response = GitExchange(store, request, std::move(*target)).run();
    if (!response) return refusal_response(response.error());
    return std::move(*response);
}

}  // namespace ringmaster::local_forge
