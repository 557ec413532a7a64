// The local forge as a program of its own, for the client scripts beside this file:
//   forge_main DATA_FOLDER UNIX_SOCKET
// It makes demo/app (alice: admin, bob: write, carol: read, "limited": pull-requests only), prints its address, and
// ends when its input does.

#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "local_forge/forge.h"
#include "local_forge/store.h"

namespace {

using namespace ringmaster;
using namespace ringmaster::local_forge;

std::string random_hex(std::size_t bytes) {
    std::ifstream source("/dev/urandom", std::ios::binary);
    std::string raw(bytes, '\0');
    source.read(raw.data(), static_cast<std::streamsize>(bytes));
    std::string text;
    for (const unsigned char byte : raw) text += fmt::format("{:02x}", byte);
    return text;
}

Result<void> run(const std::string& data_folder, const std::string& unix_socket) {
    ForgeOptions options;
    options.data_folder = data_folder;
    options.unix_socket = unix_socket;
    options.now = [] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); };
    options.random_hex = random_hex;
    auto forge = TRY(Forge::start(std::move(options)));
    TRY(forge->create_repository({.owner = "demo", .name = "app"}));
    TRY(forge->create_repository({.owner = "demo", .name = "secret", .is_private = true}));
    TRY(forge->add_user("alice", "alice-token", {{"demo/app", Role::Admin}, {"demo/secret", Role::Admin}}));
    TRY(forge->add_user("bob", "bob-token", {{"demo/app", Role::Write}}));
    TRY(forge->add_user("carol", "carol-token", {{"demo/app", Role::Read}}));
    const auto bot = TRY(forge->add_user("github-actions[bot]", "bot-token", {{"demo/app", Role::Write}}, UserType::Bot));
    TRY(forge->store().accounts().add_token(bot, "limited-token", {}, std::vector{Right::PullRequests}));
    fmt::print("{}\n", forge->url());
    std::fflush(stdout);
    while (std::fgetc(stdin) != EOF) {
    }
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        fmt::print(stderr, "usage: forge_main DATA_FOLDER UNIX_SOCKET\n");
        return 2;
    }
    const auto result = run(arguments[1], arguments[2]);
    if (result) return 0;
    fmt::print(stderr, "forge_main: {}\n", result.error().describe());
    return 1;
}
