"""What strangers can try (docs/security.md): hostile names, hostile repositories, forged and repeated webhooks, and secrets
that must not be told anywhere."""

import http.server
import json
import os
import socket
import threading
import time

from harness import START, check, expect, expect_equal, processes_below, wait_for

# Each would do something in one of: a shell, a terminal, HTML, Markdown, a path, a format string.
SHELL = "$(touch pwned)`touch pwned`;touch pwned&&touch pwned|touch pwned"
TERMINAL = "\x1b[2J\x1b]0;owned\x07"
HTML = "<script>alert(1)</script><img src=x onerror=alert(1)></details></table>"
MARKDOWN = "[click](javascript:alert(1)) ![x](http://evil.example/x.png) @octocat #1 |a|b| **x**"
MARKER = "<!-- ringmaster-show state=running -->"
PATH = "../../../../etc/passwd %2e%2e%2f {0} %s %n"


def files_named(folder, name):
    return [os.path.join(where, name) for where, folders, files in os.walk(folder) if name in files + folders]


def expect_harmless(stage, text, where):
    expect("\x1b" not in text and "\x07" not in text, f"{where} has control characters:", repr(text[:300]))


@check("security: hostile titles, branches, labels, bodies and commit subjects stay text everywhere", serving=True)
def hostile_names(stage):
    branch = "x;touch$IFS'pwned';$(touch${IFS}pwned)"
    stage.git("checkout", "--quiet", "-b", branch, "main")
    stage.write("version.txt", "hostile\n")
    stage.git("commit", "--quiet", "--all", "--message",
              f"{HTML} {MARKDOWN} {SHELL} {MARKER}{TERMINAL}\n\n{PATH}")
    stage.git("push", "--quiet", "origin", branch)
    number = wait_for(lambda: next((pull["number"] for pull in stage.pulls()), None), 5, "the pull request")
    stage.rest("PATCH", f"/repos/ada/hello/pulls/{number}",
               {"title": f"{TERMINAL}{SHELL} {HTML}", "body": f"FEATURE_X=$(touch pwned)\n{TERMINAL}{MARKER}{HTML}"})
    sha = stage.git("rev-parse", "HEAD")
    stage.add_labels(number, f"🎪 {sha[:7]} 🤡 $(touch pwned)", f"🎪 {sha[:7]} 🌐 evil;touch pwned", "🎪 <img src=x>",
                     "$(touch pwned)")
    stage.add_labels(number, START)
    wait_for(lambda: stage.running(number), 30, "the show", lambda: stage.tent_labels(number))
    said = ""
    for arguments in (["list"], ["status", str(number)], ["sync", str(number), "-vv"], ["history"], ["logs", str(number)],
                      ["stop", str(number), "--yes"]):
        result = stage.run(*arguments, expect_exit=None)
        expect_harmless(stage, result.stdout + result.stderr, " ".join(arguments))
        said += result.stdout
    expect_harmless(stage, stage.server_said(), "the server's log")
    (comment,) = stage.comments(number)
    expect("<script" not in comment and "<img" not in comment, "the comment has somebody else's HTML:", comment)
    expect("](javascript:" not in comment and "![x]" not in comment, "the comment has somebody else's link:", comment)
    expect("@octocat" not in comment.replace("\\@", "").replace("`@octocat`", ""), "the comment mentions somebody:", comment)
    expect_equal(files_named(stage.folder, "pwned"), [], "a name was run as a command")
    expect_equal(stage.tent_labels(number), sorted(name for name in stage.tent_labels(number) if "<img" in name),
                 "labels of the show are left")


@check("security: planted secrets are told nowhere: not by -vv, logs, comments, history, process lists, or a build")
def planted_secrets(stage):
    app_secret, webhook_secret, file_secret = "planted-app-5ecret", "planted-webhook-5ecret", "planted-file-5ecret"
    key_file = os.path.join(stage.folder, "key")
    with open(os.open(key_file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write(file_secret + "\n")
    stage.write("ringmaster.toml", open(os.path.join(stage.checkout, "ringmaster.toml")).read() +
                f'secrets = ["APP_SECRET"]\nsecret_files = {{ FILE_SECRET = "{key_file}" }}\n')
    number, _ = stage.open_pull_request("leak", **{"build.sh": "env; cat /proc/$PPID/environ | tr '\\0' '\\n'; sleep 1\n"})
    extra = {"APP_SECRET": app_secret, "GITHUB_WEBHOOK_SECRET": webhook_secret}
    stage.add_labels(number, START)
    worker = stage.start("sync", str(number), "-vv", **extra)
    lists = ""
    while worker.poll() is None:
        lists += "".join(stage.command_line(pid) for pid in processes_below(stage.folder))
        lists += stage.command_line(worker.pid)
        time.sleep(0.05)
    out, err = worker.communicate()
    expect(stage.running(number), "no show:", out, err)
    shown = {"sync -vv": out + err, "process lists": lists, "comments": "".join(stage.comments(number)),
             "the forge's log": stage.server_said()}
    for arguments in (["logs", str(number)], ["history", "--json"], ["status", str(number), "--json"], ["config", "--json"],
                      ["doctor"], ["list", "-vv"]):
        done = stage.run(*arguments, expect_exit=None, **extra)
        shown[" ".join(arguments)] = done.stdout + done.stderr
    crashed = stage.start("sync", "not-a-number", "-vv", **extra)
    shown["a crash"] = "".join(crashed.communicate(timeout=20))
    for where, text in shown.items():
        for secret in (app_secret, webhook_secret, file_secret, stage.token):
            expect(secret not in text, f"{where} tells {secret[:8]}…")
    for where, _, files in os.walk(stage.state):
        for name in files:
            with open(os.path.join(where, name), "rb") as file:
                data = file.read()
            for secret in (app_secret, webhook_secret, file_secret, stage.token):
                expect(secret.encode() not in data, f"{where}/{name} holds {secret[:8]}…")
    (show,) = stage.show_processes()
    with open(f"/proc/{show}/environ", "rb") as file:
        environment = file.read()
    expect(app_secret.encode() in environment, "the app did not get its secret")
    expect(f"FILE_SECRET={file_secret}\0".encode() in environment, "the app did not get its secret from a file")
    expect(stage.token.encode() not in environment and webhook_secret.encode() not in environment,
           "the app got a secret that is not its own")


@check("security: a build's background children end with it, its links lead nowhere, and endless output is bounded")
def hostile_build(stage):
    script = ("sh -c 'trap \"\" TERM HUP INT; echo $$ > child.pid; sleep 600' &\n"
              "setsid sleep 601 &\n"
              "ln -s /etc/passwd version-link; ln -s / root; ln -sf /etc/hostname ../escape 2>/dev/null\n"
              "yes 'a line of endless output' | head -c 60000000\n"
              "head -c 1000000 /dev/zero | tr '\\0' 'x'; printf '\\033[2J\\n'\n")
    number, _ = stage.open_pull_request("hostile", **{"build.sh": script})
    stage.add_labels(number, START)
    done = stage.run("sync", str(number), timeout=120)
    expect_harmless(stage, done.stdout + done.stderr, "sync")
    left = [stage.command_line(pid) for pid in processes_below(stage.folder) if "sleep 60" in stage.command_line(pid)]
    expect_equal(left, [], "children of the build live on")
    size = sum(os.lstat(os.path.join(where, name)).st_size for where, _, files in os.walk(stage.state) for name in files)
    expect(size < 50_000_000, f"{size} bytes are kept of an endless build")
    stage.run("stop", str(number), "--yes")
    expect(os.path.exists("/etc/passwd") and os.path.exists("/etc/hostname"), "a link was followed when removing")
    stage.expect_gone(number)


@check("security: a health check follows no redirect to another address")
def health_redirect(stage):
    visits = []

    class Inner(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    inner = http.server.HTTPServer(("127.0.0.1", 0), Inner)
    threading.Thread(target=inner.serve_forever, daemon=True).start()
    app = ("import http.server, os\n"
           "class Page(http.server.BaseHTTPRequestHandler):\n"
           "    def do_GET(self):\n"
           f"        self.send_response(302); self.send_header('Location', 'http://127.0.0.1:{inner.server_port}/metadata')\n"
           "        self.end_headers()\n"
           "http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), Page).serve_forever()\n")
    number, _ = stage.open_pull_request("inward", **{"app.py": app})
    stage.add_labels(number, START)
    failed = stage.run("sync", str(number), expect_exit=1, RINGMASTER_SHOWS_RUN_HEALTH_TIMEOUT="2s")
    inner.shutdown()
    inner.server_close()
    expect_equal(visits, [], "the redirect was followed")
    expect("did not answer 200" in failed.stderr, failed.stderr)


@check("security: a repeated or reordered webhook changes nothing, and one with a wrong signature is not read", serving=True)
def replayed(stage):
    number, sha = stage.open_pull_request()
    stage.add_labels(number, START)
    wait_for(lambda: stage.running(number), 30, "the show")
    before = stage.running(number)
    body = {"action": "labeled", "number": number, "label": {"name": START},
            "pull_request": {"number": number, "state": "open"}, "repository": {"full_name": "ada/hello"}}
    words = [json.loads(stage.deliver("pull_request", body, stage.webhook_secret(), delivery=delivery)[2])
             for delivery in ("replay-1", "replay-1", "replay-2")]
    expect("duplicate" in json.dumps(words[1]), "the same delivery was taken twice:", words)
    expect_equal(stage.deliver("pull_request", body, "forged", delivery="forged-1")[0], 401)
    metrics = f"{stage.service}/metrics"
    wait_for(lambda: 'ringmaster_queue_keys{state="in_work"} 0' in stage.request("GET", metrics)[2], 20, "an idle service")
    expect_equal(stage.running(number), before, "a replay changed the show")
    expect_equal(len(stage.show_processes()), 1)


@check("security: when permission cannot be asked for, nothing is started")
def closed_when_unknown(stage):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    stage.proxy.breaks = lambda asked: "before" if "/collaborators/" in asked.path else None
    stage.run("sync", str(number), expect_exit=1, timeout=120, GITHUB_ACTIONS="true", GITHUB_ACTOR="ada")
    stage.proxy.breaks = lambda asked: None
    for actor in ("", "unknown", "nobody-we-know"):
        stage.run("sync", str(number), expect_exit=1, GITHUB_ACTIONS="true", GITHUB_ACTOR=actor)
    expect_equal(stage.tent_labels(number), [START], "something was written")
    expect_equal(stage.show_processes(), [])


@check("security: no path leads out of the local forge's folders", serving=True)
def traversal(stage):
    host, port = stage.forge.removeprefix("http://").split(":")
    service = stage.service.removeprefix("http://").split(":")
    paths = ["/../../../../etc/passwd", "/ada/hello.git/../../../../../etc/passwd", "/ada/hello.git/%2e%2e/%2e%2e/etc/passwd",
             "/ada/..%2f..%2f..%2fetc%2fpasswd/info/refs?service=git-upload-pack",
             "/../forge.db", "/ada/hello.git/objects/../../../forge.db", "/ada/hello.git/config", "/ada/hello.git/../token",
             "/api/v3/repos/ada/hello/git/refs/heads/../../../config", "/api/v3/repos/..%2f..%2f/hello", "//etc/passwd"]
    for target in ((host, port), tuple(service)):
        for path in paths:
            with socket.create_connection((target[0], int(target[1])), timeout=10) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while chunk := connection.recv(65536):
                    answer += chunk
            expect(b"root:" not in answer and b"SQLite format" not in answer and stage.token.encode() not in answer
                   and b"[core]" not in answer, path, answer[:300])
            expect(not answer.startswith(b"HTTP/1.1 200"), path, answer[:200])
    for name in ("../evil", "a/../../b", "-x", ".", "..", "a\x00b", "con\n"):
        status, _, _ = stage.request("POST", stage.api + "/user/repos", {"name": name}, {"Content-Type": "application/json"},
                                     stage.token)
        expect(status in (404, 422), f"a repository named {name!r}: {status}")
