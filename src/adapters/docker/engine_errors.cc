// The engine's words, read for what they mean. The texts are those of moby and containerd; statuses alone say
// little there: 500 is a taken port, a full disk and a registry's refusal alike.

#include <array>

#include "adapters/docker/engine_client.h"
#include "base/text.h"

namespace ringmaster::docker {
namespace {

struct Meaning {
    std::string_view words;  ///< in lower case, anywhere in the message
    ErrorKind kind;
    std::string_view hint;
};

// The first match counts.
constexpr std::array kMeanings = {
    Meaning{"port is already allocated", ErrorKind::Conflict,
            "another program has the port: give [shows.run] ports a wider range"},
    Meaning{"address already in use", ErrorKind::Conflict,
            "another program has the port: give [shows.run] ports a wider range"},
    Meaning{"cannot assign requested address", ErrorKind::InvalidInput,
            "[shows.run] address must be one of the engine's machine"},
    Meaning{"no space left on device", ErrorKind::Failed,
            "the engine's disk is full: `docker system df` shows by what, `docker system prune` makes room"},
    Meaning{"cannot allocate memory", ErrorKind::Failed,
            "the engine's machine has too little memory: lower [shows.run] memory_mb or [shows] limit"},
    Meaning{"minimum memory limit", ErrorKind::InvalidInput, "raise [shows.run] memory_mb"},
    Meaning{"range of cpus is from", ErrorKind::InvalidInput, "lower [shows.docker] cpus"},
    Meaning{"pull access denied", ErrorKind::Unauthorized,
            "check the image's name; if its registry wants a login, run `docker login` as the user that runs "
            "Ringmaster"},
    Meaning{"unauthorized", ErrorKind::Unauthorized,
            "run `docker login` for that registry as the user that runs Ringmaster"},
    Meaning{"no basic auth credentials", ErrorKind::Unauthorized,
            "run `docker login` for that registry as the user that runs Ringmaster"},
    Meaning{"authentication required", ErrorKind::Unauthorized,
            "run `docker login` for that registry as the user that runs Ringmaster"},
    Meaning{"toomanyrequests", ErrorKind::RateLimited,
            "the registry limits pulls: log in with `docker login`, or wait"},
    Meaning{"manifest unknown", ErrorKind::NotFound,
            "check [shows.build] image, and that this version was pushed"},
    Meaning{"manifest for", ErrorKind::NotFound,
            "check [shows.build] image, and that this version was pushed"},
    Meaning{"no matching manifest", ErrorKind::Failed,
            "build the image for the engine's platform ([shows.build] platforms)"},
    Meaning{"no such image", ErrorKind::NotFound, "check [shows.build] image"},
    Meaning{"invalid reference format", ErrorKind::InvalidInput, "check [shows.build] image"},
    Meaning{"executable file not found", ErrorKind::Failed,
            "check [shows.run] command, or the image's own CMD"},
    Meaning{"oci runtime create failed", ErrorKind::Failed,
            "check [shows.run] command, or the image's own CMD"},
    Meaning{"not a swarm manager", ErrorKind::InvalidInput,
            "run `docker swarm init` there, or name a manager in [shows.docker] host"},
    Meaning{"no such host", ErrorKind::Unavailable, "check the registry's name in [shows.build] image"},
    Meaning{"connection refused", ErrorKind::Unavailable,
            "check that the registry in [shows.build] image runs"},
    Meaning{"server gave http response to https client", ErrorKind::InvalidInput,
            "the registry speaks plain HTTP: list it in the engine's insecure-registries"},
};

ErrorKind kind_of(int status) {
    switch (status) {
        case 400:
            return ErrorKind::InvalidInput;
        case 401:
        case 403:
            return ErrorKind::Unauthorized;
        case 404:
            return ErrorKind::NotFound;
        case 409:
            return ErrorKind::Conflict;
        case 429:
            return ErrorKind::RateLimited;
        case 503:
            return ErrorKind::Unavailable;
        default:
            return ErrorKind::Failed;
    }
}

}  // namespace

Error engine_refusal(int status, std::string_view text, std::string_view doing) {
    const auto lower = to_lower_ascii(text);
    const auto why = text.empty() ? fmt::format("status {}", status) : std::string(text);
    const auto sentence = fmt::format("the Docker engine says: {}", why);
    for (const auto& meaning : kMeanings)
        if (lower.find(meaning.words) != std::string::npos)
            return Error(meaning.kind, sentence)
                .hint(std::string(meaning.hint))
                .while_doing(std::string(doing));
    return Error(kind_of(status), sentence).while_doing(std::string(doing));
}

Error also_not_undone(const Error& why, const Error& undoing) {
    const bool is_gone = why.kind() == ErrorKind::Unavailable && undoing.kind() == ErrorKind::Unavailable;
    if (is_gone || undoing.message() == why.message()) return why;
    return Error(why).while_doing(undoing.describe());
}

}  // namespace ringmaster::docker
