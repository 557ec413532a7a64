#include "cli/help.h"

namespace ringmaster::cli {

namespace {

Topic exit_codes() {
    return {
        .name = "exit-codes",
        .summary = "What the program's exit code means",
        .entries = {
            {"0", "done; also when there was nothing to do"},
            {"1", "it was tried and failed, or the other side could not be reached"},
            {"2", "wrong usage: an unknown command or option, a bad value, a mistake in ringmaster.toml"},
            {"4", "not authorized: no token, a wrong one, or a missing permission"},
            {"75", "try again later: another worker has the pull request, or the forge asks for patience"},
            {"130", "interrupted; the claim was released"},
        }};
}

Topic environment() {
    return {
        .name = "environment",
        .summary = "Environment variables that are read",
        .entries = {
            {"GITHUB_TOKEN", "token for the forge; without it, what `gh auth token` prints"},
            {"GITHUB_WEBHOOK_SECRET", "secret that webhooks are signed with"},
            {"GITHUB_REPOSITORY", "\"owner/name\"; GITHUB_ORG and GITHUB_REPO (of showtime) win over it"},
            {"GITHUB_API_URL", "REST address of GitHub Enterprise or another forge"},
            {"GITHUB_GRAPHQL_URL", "GraphQL address of it"},
            {"GITHUB_SERVER_URL", "address of its web pages"},
            {"GITHUB_ACTOR", "who asks; their permission counts when GITHUB_ACTIONS is \"true\""},
            {"GITHUB_ACTIONS, GITHUB_RUN_ID, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY",
             "set by GitHub Actions: links, groups, annotations, step outputs"},
            {"RINGMASTER_SECTION_KEY", "any key of ringmaster.toml, for instance RINGMASTER_SHOWS_TTL=24h"},
            {"RINGMASTER_PROJECT_RELEASES", "owner/name: tell of newer versions there"},
            {"RINGMASTER_NO_PROMPT", "never ask, as if there were no terminal"},
            {"RINGMASTER_FORCE_TTY", "1, or a number of columns: write as on a terminal although it is none"},
            {"NO_COLOR, CLICOLOR_FORCE, TERM",
             "colour off; colour even when piped; \"dumb\": neither colour nor cursor"},
            {"CI, BUILD_NUMBER, RUN_ID", "set by CI services: nobody is told of newer versions there"},
            {"SSL_CERT_FILE", "PEM file of certificate authorities to trust, instead of the machine's"},
            {"BROWSER", "program that `open` starts"},
        }};
}

Topic output() {
    return {
        .name = "output",
        .summary = "What goes to stdout and stderr, and in which form",
        .text =
            "The result of a command goes to stdout, everything else to stderr. On a terminal, tables are "
            "aligned and coloured; piped, they are separated by tabs, without headings, one row a line. "
            "--json prints one JSON value instead; --json FIELDS only these fields, separated by commas. "
            "Fields are only ever added. When a command with --json fails, stdout gets {\"error\": "
            "{\"code\", \"message\", \"hint\"}}, and the exit code tells as always."};
}

}  // namespace

const std::vector<Topic>& help_topics() {
    static const std::vector<Topic> topics = {exit_codes(), environment(), output()};
    return topics;
}

}  // namespace ringmaster::cli
