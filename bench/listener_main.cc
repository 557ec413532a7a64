// The HTTP listener alone, for bench/forge.py: prints its address, answers everything with two bytes, ends
// with its input.

#include <cstdio>

#include "http_server/listener.h"

int main() {
    using namespace ringmaster::http_server;
    const auto listener = Listener::start({}, [](const Request&) { return Response{200, {}, "ok"}; });
    if (!listener) return 1;
    std::printf("%s\n", (*listener)->url().c_str());
    std::fflush(stdout);
    while (std::fgetc(stdin) != EOF) {
    }
    return 0;
}
