"""What the end-to-end checks stand on: real processes of the built binary, a forge of their own, a checkout, git.

A check is a function marked with @check("what it proves"); it gets a fresh Stage. Nothing here waits for a fixed
time: wait_for() looks until something holds, and fails with what was seen instead.
"""

import hashlib
import hmac
import fcntl
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from recording_proxy import Proxy

CHECKS = []

START = "🎪 ⚡ showtime-trigger-start"
STOP = "🎪 🛑 showtime-trigger-stop"
FREEZE = "🎪 🧊 showtime-freeze"
BLOCKED = "🎪 🔒 showtime-blocked"

# The shortest lease the configuration takes: what a killed worker leaves is free again after it.
LEASE_SECONDS = 20


class Skip(Exception):
    """This machine cannot run the check; says why."""


class Failure(Exception):
    pass


def check(sentence, **options):
    def mark(function):
        CHECKS.append((sentence, function, options))
        return function

    return mark


def expect(condition, *what):
    if not condition:
        raise Failure(" ".join(str(part) for part in what) or "an expectation did not hold")


def expect_equal(seen, wanted, what=""):
    if seen != wanted:
        raise Failure(f"{what}\n  wanted: {wanted!r}\n  seen:   {seen!r}")


def wait_for(holds, seconds, what, seen=lambda: ""):
    """Looks until `holds()` is true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        result = holds()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {seconds} s; {seen()}")
        time.sleep(0.03)


def processes_below(folder):
    """Processes whose working directory is in that folder: shows and builds run in checkouts there."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/cwd").startswith(str(folder) + "/"):
                found.append(int(pid))
        except OSError:
            pass
    return found


APP = '''\
import http.server, os
page = ("version " + open("version.txt").read().strip() + "\\n").encode()
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists("unhealthy") else 200)
        self.end_headers()
        self.wfile.write(page)
    def log_message(self, *arguments):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
'''

BUILD = '''\
echo "building $(cat version.txt)"
if [ -f slow ]; then sleep "$(cat slow)"; fi
if [ -f broken ]; then echo "cannot find the frobnicator"; exit 3; fi
'''

CONFIG = f'''\
[project]
repository = "ada/hello"

[shows]
lease = "{LEASE_SECONDS}s"
lease_settle = "0s"

[shows.build]
engine = "command"
command = ["sh", "build.sh"]

[shows.run]
engine = "process"
command = ["python3", "app.py"]
health = ["/"]
health_interval = "100ms"
health_timeout = "20s"
'''


class Stage:
    """A forge and a checkout of ada/hello in a folder of their own.

    `serving`: the service acts on webhooks; otherwise it is told nothing, and only the command line acts.
    """

    def __init__(self, binary, serving=False, config="", server_environment=None):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="ringmaster-e2e-")
        self.checkout = os.path.join(self.folder, "hello")
        self.state = os.path.join(self.folder, "state")
        self.children = []
        self.server_log = os.path.join(self.folder, "server.log")
        os.makedirs(self.checkout)
        self.write("app.py", APP)
        self.write("build.sh", BUILD)
        self.write("version.txt", "1\n")
        self.write("ringmaster.toml", CONFIG + config)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Begin")
        self.start_server(serving, server_environment or {})
        self.git("remote", "add", "origin", self.clone_url.replace("://", f"://x:{self.token}@"))
        self.git("push", "--quiet", "origin", "main")

    # -- processes -----------------------------------------------------------------------------------------

    def base_environment(self):
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return keep | {"RINGMASTER_PROJECT_STATE": self.state, "XDG_CACHE_HOME": os.path.join(self.folder, "cache"),
                       "XDG_STATE_HOME": os.path.join(self.folder, "user-state")}

    def restart_server(self):
        self.start_server(True, {})

    def start_server(self, serving, extra):
        environment = self.base_environment() | {"RINGMASTER_SERVER_SWEEP_INTERVAL": "1h"} | extra
        log = open(self.server_log, "w")
        self.server = subprocess.Popen(
            [self.binary, "serve", "--local", "--data", os.path.join(self.folder, "forge"), "--listen", "127.0.0.1:0"],
            cwd=self.checkout, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        self.children.append(self.server)
        said = wait_for(lambda: self.read_announcement(), 15, "the local forge's announcement", self.server_said)
        self.forge, self.clone_url, self.service = said["forge"], said["clone"], said["service"]
        self.token = open(said["token"]).read().strip()
        self.token_file = said["token"]
        self.api = self.forge + "/api/v3"
        self.proxy = Proxy(self.forge)  # between the command line and the forge; the service talks to it directly
        if not serving:
            for hook in self.rest("GET", "/repos/ada/hello/hooks"):
                self.rest("DELETE", f"/repos/ada/hello/hooks/{hook['id']}")

    def read_announcement(self):
        expect(self.server.poll() is None, "the server ended:", self.server_said())
        lines = re.findall(r"^ +(forge|clone|service|token) +(\S+)", self.server_said(), re.MULTILINE)
        return dict(lines) if len(lines) == 4 else None

    def server_said(self):
        with open(self.server_log) as log:
            return log.read()

    def environment(self, **extra):
        return self.base_environment() | {
            "GITHUB_API_URL": self.proxy.url + "/api/v3",
            "GITHUB_GRAPHQL_URL": self.proxy.url + "/api/graphql",
            "GITHUB_SERVER_URL": self.forge,
            "GITHUB_TOKEN": self.token,
        } | extra

    def start(self, *arguments, **extra):
        """The command line as a process that runs on."""
        child = subprocess.Popen([self.binary, *arguments], cwd=self.checkout, env=self.environment(**extra),
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True)
        self.children.append(child)
        return child

    def run(self, *arguments, expect_exit=0, timeout=60, **extra):
        child = self.start(*arguments, **extra)
        out, err = child.communicate(timeout=timeout)
        result = subprocess.CompletedProcess(arguments, child.returncode, out, err)
        if expect_exit is not None and child.returncode != expect_exit:
            raise Failure(f"ringmaster {' '.join(arguments)}: exit {child.returncode}, wanted {expect_exit}\n"
                          f"  stdout: {out}\n  stderr: {err}")
        return result

    def json(self, *arguments, **extra):
        return json.loads(self.run(*arguments, **extra).stdout)

    def under_the_name(self, name):
        """The program as it is found under one of the names it replaces."""
        path = os.path.join(self.folder, name)
        os.symlink(self.binary, path)
        return path

    def call(self, program, *arguments, **extra):
        saved, self.binary = self.binary, program
        try:
            return self.run(*arguments, **extra)
        finally:
            self.binary = saved

    def end(self):
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            for pipe in (child.stdout, child.stderr):
                if pipe:
                    pipe.close()
        if hasattr(self, "proxy"):
            self.proxy.stop()
        for pid in processes_below(self.folder):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- the author ----------------------------------------------------------------------------------------

    def write(self, name, text):
        with open(os.path.join(self.checkout, name), "w") as file:
            file.write(text)

    def git(self, *arguments):
        return self.git_input(arguments[0], None, *arguments[1:])

    def git_input(self, command, text, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
                       "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
        done = subprocess.run(["git", command, *arguments], cwd=self.checkout, env=environment, input=text,
                              capture_output=True, text=True)
        expect(done.returncode == 0, f"git {command}: {done.stderr}")
        return done.stdout.strip()

    def push(self, branch="feature", version=None, **files):
        """Commits on the branch (made from main if it is new) and pushes; the commit."""
        branches = self.git("branch", "--format=%(refname:short)").split()
        self.git("checkout", "--quiet", *([] if branch in branches else ["-b"]), branch,
                 *([] if branch in branches else ["main"]))
        self.write("version.txt", f"{version or time.monotonic_ns()}\n")
        for name, text in files.items():
            if text is None:
                os.unlink(os.path.join(self.checkout, name))
            else:
                self.write(name, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"Change {branch}")
        self.git("push", "--quiet", "--force", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def open_pull_request(self, branch="feature", **files):
        """Number and commit of a new pull request: the forge opens one for a pushed branch."""
        before = {pull["number"] for pull in self.pulls()}
        sha = self.push(branch, **files)
        number = wait_for(lambda: next(iter({pull["number"] for pull in self.pulls()} - before), None), 5,
                          "the pull request of the pushed branch")
        return number, sha

    def open_fork_pull_request(self, login="mallory", branch="gift"):
        """Number and commit of a pull request from somebody's fork."""
        token = self.person(login)
        self.rest("POST", "/repos/ada/hello/forks", {}, token)
        self.git("checkout", "--quiet", "-b", branch, "main")
        self.write("version.txt", "from a fork\n")
        self.git("commit", "--quiet", "--all", "--message", "A gift")
        self.git("push", "--quiet", f"{self.forge.replace('://', f'://{login}:{token}@')}/{login}/hello.git", branch)
        pull = self.rest("POST", "/repos/ada/hello/pulls",
                         {"title": "A gift", "head": f"{login}:{branch}", "base": "main"}, token)
        return pull["number"], self.git("rev-parse", "HEAD")

    # -- the forge -----------------------------------------------------------------------------------------

    def request(self, method, url, body=None, headers=None, token=None, timeout=30):
        """Status, headers and text of one HTTP exchange; any status."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers=dict(headers or {}))
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode()

    def rest(self, method, path, body=None, token=None, expect_status=None):
        status, _, text = self.request(method, self.api + path, body, {"Content-Type": "application/json"},
                                       token or self.token)
        good = status == expect_status if expect_status else 200 <= status < 300
        expect(good, f"{method} {path}: {status} {text[:300]}")
        return json.loads(text) if text else None

    def writes(self):
        """Changing requests that the command line has made so far."""
        return self.proxy.writes()

    def person(self, login, role="none"):
        """Somebody with an account on the forge and a role in ada/hello; their token. As on GitHub, no API makes
        accounts: this writes to the forge's database."""
        token = "token-of-" + login
        roles = ["none", "read", "triage", "write", "maintain", "admin"]
        database = sqlite3.connect(os.path.join(self.folder, "forge", "forge.db"), timeout=10)
        with database:
            database.execute("INSERT OR IGNORE INTO users(login, name, email, type) VALUES(?, '', ?, 0)",
                             (login, login + "@example.org"))
            database.execute("INSERT OR IGNORE INTO tokens(secret_hash, user_id, scopes) "
                             "SELECT ?, id, 'repo' FROM users WHERE login = ?",
                             (hashlib.sha256(token.encode()).hexdigest(), login))
            database.execute("INSERT OR REPLACE INTO roles(repository_id, user_id, role) SELECT repositories.id, "
                             "users.id, ? FROM repositories, users WHERE repositories.name = 'hello' AND login = ?",
                             (roles.index(role), login))
        database.close()
        return token

    def pulls(self, state="open"):
        return self.rest("GET", f"/repos/ada/hello/pulls?state={state}&per_page=100")

    def labels(self, number):
        return sorted(label["name"] for label in self.rest("GET", f"/repos/ada/hello/issues/{number}/labels"))

    def tent_labels(self, number):
        return [name for name in self.labels(number) if name.startswith("🎪 ")]

    def add_labels(self, number, *names, token=None):
        self.rest("POST", f"/repos/ada/hello/issues/{number}/labels", {"labels": list(names)}, token)

    def remove_label(self, number, name):
        self.rest("DELETE", f"/repos/ada/hello/issues/{number}/labels/{urllib.parse.quote(name, safe='')}")

    def close(self, number):
        self.rest("PATCH", f"/repos/ada/hello/pulls/{number}", {"state": "closed"})

    def definitions(self):
        return [label["name"] for label in self.rest("GET", "/repos/ada/hello/labels?per_page=100")]

    def lease_tokens(self):
        return [name for name in self.definitions() if name.startswith("🎪 🔑 ")]

    def comments(self, number):
        return [comment["body"] for comment in self.rest("GET", f"/repos/ada/hello/issues/{number}/comments")]

    # -- shows ---------------------------------------------------------------------------------------------

    def running(self, number):
        """(sha7, address) of the one running show with the pointer; None unless all is settled."""
        labels = self.tent_labels(number)
        pointers = [re.fullmatch(r"🎪 🎯 ([0-9a-f]{7})", name) for name in labels]
        pointers = [match.group(1) for match in pointers if match]
        statuses = [re.fullmatch(r"🎪 ([0-9a-f]{7}) 🚦 (\w+)", name) for name in labels]
        statuses = [match.groups() for match in statuses if match]
        addresses = dict(match.groups() for match in
                         (re.fullmatch(r"🎪 ([0-9a-f]{7}) 🌐 (\S+)", name) for name in labels) if match)
        if len(pointers) == 1 and statuses == [(pointers[0], "running")] and pointers[0] in addresses \
                and not any("🏗" in name for name in labels) and START not in labels:
            return pointers[0], addresses[pointers[0]]
        return None

    def running_pointer(self, number):
        """The address of the show that the pointer names, whatever else goes on."""
        labels = self.tent_labels(number)
        for sha in (match.group(1) for match in (re.fullmatch(r"🎪 🎯 ([0-9a-f]{7})", name) for name in labels)
                    if match):
            for name in labels:
                if name.startswith(f"🎪 {sha} 🌐 "):
                    return name.rsplit(" ", 1)[1]
        return None

    def visit(self, address):
        """The page at an address, or None if nobody answers with 200."""
        try:
            with urllib.request.urlopen(f"http://{address}/", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def show_processes(self):
        return [pid for pid in self.processes_of_state() if self.command_line(pid).startswith("python3 app.py")]

    def processes_of_state(self):
        return processes_below(self.state)

    @staticmethod
    def command_line(pid):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                return file.read().replace("\0", " ").strip()
        except OSError:
            return ""

    def hold_service(self, number, sha):
        """Keeps the engine from touching a service, as a stuck process of it would; close() what it returns."""
        folder = os.open(os.path.join(self.state, "shows/ada/hello", f"pr-{number}-{sha[:7]}-service"), os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        return folder

    def expect_gone(self, number):
        """Nothing of the pull request is left: no label, no process, no lease."""
        expect_equal(self.tent_labels(number), [], f"tent labels of #{number}")
        expect_equal(self.show_processes(), [], "processes of shows")
        expect_equal(self.lease_tokens(), [], "lease tokens")

    def created(self, branch="feature", **files):
        """A pull request with a running show: its number, commit and address."""
        number, sha = self.open_pull_request(branch, **files)
        self.add_labels(number, START)
        self.run("sync", str(number))
        show = self.running(number)
        expect(show, f"no running show of #{number}:", self.tent_labels(number))
        expect_equal(show[0], sha[:7], "the show's version")
        return number, sha, show[1]

    # -- the service ---------------------------------------------------------------------------------------

    def webhook_secret(self):
        with open(os.path.join(os.path.dirname(self.token_file), "webhook-secret")) as file:
            return file.read().strip()

    def deliver(self, event, body, secret, delivery="d1", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = "sha256=" + hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
        return self.request("POST", self.service + "/webhooks", data, {
            "Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": signature} | headers)
