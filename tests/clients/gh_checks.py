"""gh over a Unix socket, so that it needs no TLS (its configuration key http_unix_socket)."""
import json
import shutil
import subprocess

from harness import Forge, Skip, contains, equal, run_command

HOST = "forge.test"


def gh(forge: Forge, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    if not shutil.which("gh"):
        raise Skip("no gh here")
    folder = forge.folder / "gh"
    folder.mkdir(exist_ok=True)
    (folder / "config.yml").write_text(f"http_unix_socket: {forge.socket}\n", encoding="utf-8")
    return run_command(["gh", *arguments], expect=expect, environment={
        "HOME": str(forge.folder), "GH_CONFIG_DIR": str(folder), "GH_HOST": HOST, "GH_ENTERPRISE_TOKEN": "alice-token",
        "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"})


def in_app(forge: Forge, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    return gh(forge, *arguments, "-R", f"{HOST}/demo/app", expect=expect)


def auth_status(forge: Forge) -> None:
    """gh auth status"""
    contains(gh(forge, "auth", "status").stderr, "Logged in to forge.test as alice")


def label_create(forge: Forge) -> None:
    """gh label create, and again with --force"""
    in_app(forge, "label", "create", "🎪 abc1234 🚦 running", "--color", "28A745", "--description", "A show")
    again = in_app(forge, "label", "create", "🎪 abc1234 🚦 running", expect=1)
    contains(again.stderr, "already exists")
    in_app(forge, "label", "create", "🎪 abc1234 🚦 running", "--color", "FF0000", "--force")
    equal(forge.api("GET", "/repos/demo/app/labels")[0]["color"], "ff0000")


def label_list(forge: Forge) -> None:
    """gh label list"""
    contains(in_app(forge, "label", "list").stdout, "🎪 abc1234 🚦 running")


def pr_list(forge: Forge) -> None:
    """gh pr list"""
    contains(in_app(forge, "pr", "list").stdout, "1\tAdd a feature\tfeature\tOPEN")


def pr_edit(forge: Forge) -> None:
    """gh pr edit --add-label, --remove-label"""
    in_app(forge, "pr", "edit", "1", "--add-label", "🎪 abc1234 🚦 running")
    equal(forge.labels(), ["🎪 abc1234 🚦 running"])
    in_app(forge, "pr", "edit", "1", "--remove-label", "🎪 abc1234 🚦 running")
    equal(forge.labels(), [])
    in_app(forge, "pr", "edit", "1", "--add-label", "🎪 abc1234 🚦 running")


def pr_list_by_label(forge: Forge) -> None:
    """gh pr list --label"""
    contains(in_app(forge, "pr", "list", "--label", "🎪 abc1234 🚦 running").stdout, "Add a feature")
    equal(in_app(forge, "pr", "list", "--label", "absent").stdout, "")


def pr_view(forge: Forge) -> None:
    """gh pr view"""
    shown = in_app(forge, "pr", "view", "1", "--comments").stdout
    shown += in_app(forge, "pr", "view", "1").stdout
    contains(shown, "title:\tAdd a feature")
    contains(shown, "labels:\t🎪 abc1234 🚦 running")


def pr_view_json(forge: Forge) -> None:
    """gh pr view --json"""
    fields = "number,title,state,labels,headRefName,headRefOid,isDraft,isCrossRepository,author,comments,mergeable,commits,url"
    shown = json.loads(in_app(forge, "pr", "view", "1", "--json", fields).stdout)
    equal((shown["state"], shown["headRefName"], shown["author"]["login"]), ("OPEN", "feature", "alice"))
    equal(shown["headRefOid"], forge.git("rev-parse", "feature").stdout.strip())


def pr_comment(forge: Forge) -> None:
    """gh pr comment"""
    in_app(forge, "pr", "comment", "1", "--body", "Hello from gh")
    equal(forge.api("GET", "/repos/demo/app/issues/1/comments")[0]["body"], "Hello from gh")


def api_paginate(forge: Forge) -> None:
    """gh api --paginate follows the links"""
    for number in range(7):
        forge.api("POST", "/repos/demo/app/labels", {"name": f"label {number}"})
    listed = gh(forge, "api", "--paginate", "repos/demo/app/labels?per_page=3", "--jq", ".[].name").stdout.splitlines()
    equal(len(listed), 8)


def api_graphql(forge: Forge) -> None:
    """gh api graphql"""
    query = "query($n: Int!) { repository(owner: \"demo\", name: \"app\") { pullRequest(number: $n) { title } } }"
    shown = json.loads(gh(forge, "api", "graphql", "-F", "n=1", "-f", f"query={query}").stdout)
    equal(shown["data"]["repository"]["pullRequest"]["title"], "Add a feature")


def label_delete(forge: Forge) -> None:
    """gh label delete takes it off the pull request"""
    in_app(forge, "label", "delete", "🎪 abc1234 🚦 running", "--confirm")
    equal(forge.labels(), [])


def pr_close_and_reopen(forge: Forge) -> None:
    """gh pr close, gh pr reopen"""
    in_app(forge, "pr", "close", "1")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["state"], "closed")
    in_app(forge, "pr", "reopen", "1")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["state"], "open")


def pr_merge(forge: Forge) -> None:
    """gh pr merge --merge"""
    in_app(forge, "pr", "merge", "1", "--merge")
    equal(forge.api("GET", "/repos/demo/app/pulls/1")["merged"], True)


CHECKS = (auth_status, label_create, label_list, pr_list, pr_edit, pr_list_by_label, pr_view, pr_view_json, pr_comment,
          api_paginate, api_graphql, label_delete, pr_close_and_reopen, pr_merge)
