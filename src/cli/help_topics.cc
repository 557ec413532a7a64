#include "cli/help.h"

namespace ringmaster::cli {

const std::vector<Topic>& help_topics() {
    static const std::vector<Topic> topics = {
        {"exit-codes", "What the program's exit code means",
         "  0    done; also when there was nothing to do\n"
         "  1    it was tried and failed, or the other side could not be reached\n"
         "  2    wrong usage: an unknown command or option, a bad value, a mistake in ringmaster.toml\n"
         "  4    not authorized: no token, a wrong one, or a missing permission\n"
         "  75   try again later: another worker has the pull request, or the forge asks for patience\n"
         "  130  interrupted; the claim was released\n"},
        {"environment", "Environment variables that are read",
         "  GITHUB_TOKEN            token for the forge; without it, what `gh auth token` prints\n"
         "  GITHUB_WEBHOOK_SECRET   secret that webhooks are signed with\n"
         "  GITHUB_REPOSITORY       \"owner/name\"; GITHUB_ORG and GITHUB_REPO (of showtime) win over it\n"
         "  GITHUB_API_URL          REST address of GitHub Enterprise or another forge\n"
         "  GITHUB_GRAPHQL_URL      GraphQL address of it\n"
         "  GITHUB_SERVER_URL       address of its web pages\n"
         "  GITHUB_ACTOR            who asks; their permission counts when GITHUB_ACTIONS is \"true\"\n"
         "  GITHUB_ACTIONS, GITHUB_RUN_ID, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY\n"
         "                          set by GitHub Actions: links, groups, annotations, step outputs\n"
         "  RINGMASTER_SECTION_KEY  any key of ringmaster.toml, for instance RINGMASTER_SHOWS_TTL=24h\n"
         "  RINGMASTER_PROJECT_UPGRADE_NOTICE=off\n"
         "                          never tell of a newer version\n"
         "  RINGMASTER_NO_PROMPT    never ask, as if there were no terminal\n"
         "  NO_COLOR, CLICOLOR_FORCE, TERM\n"
         "                          colour off; colour even when piped; \"dumb\": neither colour nor cursor\n"
         "  RINGMASTER_FORCE_TTY    1, or a number of columns: write as on a terminal although it is none\n"
         "  SSL_CERT_FILE           PEM file of certificate authorities to trust, instead of the machine's\n"
         "  BROWSER                 program that `open` starts\n"},
        {"output", "What goes to stdout and stderr, and in which form",
         "The result of a command goes to stdout, everything else to stderr. On a terminal, tables are\n"
         "aligned and coloured; piped, they are separated by tabs, without headings, one row a line.\n"
         "--json prints one JSON value instead; --json FIELDS only these fields, separated by commas.\n"
         "Fields are only ever added. When a command with --json fails, stdout gets\n"
         "{\"error\": {\"code\", \"message\", \"hint\"}}, and the exit code tells as always.\n"},
    };
    return topics;
}

}  // namespace ringmaster::cli
