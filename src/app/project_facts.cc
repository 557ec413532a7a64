#include "app/project_facts.h"

#include <array>
#include <filesystem>

#include "adapters/support/files.h"
#include "base/text.h"
#include "domain/repository_name.h"

namespace ringmaster::app {

namespace {

constexpr std::size_t kMostBytes = 256 << 10;  // a Procfile or package.json that is longer is not one

struct Clue {
    const char* file;
    const char* language;
    const char* start;  ///< empty: the file does not say
    const char* build;
};
// In order: the first that is there decides.
constexpr std::array kClues = {
    Clue{"manage.py", "Python (Django)", "python manage.py runserver 127.0.0.1:$PORT", ""},
    Clue{"package.json", "Node.js", "npm start", "npm ci"},
    Clue{"pyproject.toml", "Python", "", ""},
    Clue{"requirements.txt", "Python", "", ""},
    Clue{"go.mod", "Go", "", "go build ./..."},
    Clue{"Cargo.toml", "Rust", "cargo run --release", "cargo build --release"},
    Clue{"Gemfile", "Ruby", "", "bundle install"},
    Clue{"pom.xml", "Java", "", ""},
    Clue{"CMakeLists.txt", "C++", "", ""},
    Clue{"index.html", "static pages", "python3 -m http.server --bind 127.0.0.1 $PORT", ""},
};

/// The command of the process type "web" (https://devcenter.heroku.com/articles/procfile).
std::string procfile_web(const std::string& text) {
    for (const auto line : split_lines(text)) {
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && trim(line.substr(0, colon)) == "web")
            return std::string(trim(line.substr(colon + 1)));
    }
    return {};
}

/// The first port of the first EXPOSE that names a number (docs.docker.com/reference/dockerfile: "EXPOSE
/// <port>
/// [<port>/<protocol>…]"). 0: none does.
int exposed_port(std::string_view dockerfile) {
    for (const auto line : split_lines(dockerfile)) {
        const auto text = trim(line);
        const auto space = text.find_first_of(" \t");
        if (space == std::string_view::npos || !equal_ignoring_ascii_case(text.substr(0, space), "EXPOSE"))
            continue;
        const auto ports = trim(text.substr(space));
        const auto port = parse_integer(ports.substr(0, ports.find_first_of("/ \t")));
        if (port && *port > 0 && *port <= 65535) return static_cast<int>(*port);
    }
    return 0;
}

}  // namespace

cli::ProjectFacts look_at_folder(const std::string& folder) {
    cli::ProjectFacts facts{.directory = folder};
    for (const auto& clue : kClues) {
        if (!support::exists(folder + "/" + clue.file)) continue;
        facts.language = clue.language;
        facts.start_command = clue.start;
        facts.build_command = clue.build;
        if (!facts.start_command.empty()) facts.start_command_from = clue.file;
        break;
    }
    if (const auto procfile = support::read_file(folder + "/Procfile", kMostBytes)) {
        if (auto command = procfile_web(*procfile); !command.empty()) {
            facts.start_command = std::move(command);
            facts.start_command_from = "Procfile";
        }
    }
    if (const auto dockerfile = support::read_file(folder + "/Dockerfile", kMostBytes)) {
        facts.has_dockerfile = true;
        facts.runs_in_docker = true;
        facts.exposed_port = exposed_port(*dockerfile);
    }
    return facts;
}

std::string repository_of_remote(std::string_view url) {
    while (url.ends_with("/")) url.remove_suffix(1);
    if (url.ends_with(".git")) url.remove_suffix(4);
    const auto slash = url.rfind('/');
    if (slash == std::string_view::npos || slash == 0) return {};
    const auto before = url.find_last_of("/:", slash - 1);
    const auto owner = url.substr(before == std::string_view::npos ? 0 : before + 1,
                                  slash - (before == std::string_view::npos ? 0 : before + 1));
    const auto name = RepositoryName::parse(std::string(owner) + "/" + std::string(url.substr(slash + 1)));
    return name ? name->text() : std::string();
}

}  // namespace ringmaster::app
