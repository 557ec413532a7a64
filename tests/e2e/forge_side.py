"""The forge as its users see it: over HTTP, with a token; and what a pull request's labels say of its shows."""

import fcntl
import hashlib
import hmac
import http.client
import json
import os
import re
import sqlite3
import urllib.error
import urllib.parse
import urllib.request

from checking import START, expect, expect_equal, processes_below


class ForgeSide:
    """Part of a Stage: needs its forge, api, service, token, folder and state."""

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

    def statuses(self, number):
        return [name for name in self.tent_labels(number) if " 🚦 " in name]

    def close(self, number):
        self.rest("PATCH", f"/repos/ada/hello/pulls/{number}", {"state": "closed"})

    def definitions(self):
        return [label["name"] for label in self.rest("GET", "/repos/ada/hello/labels?per_page=100")]

    def lease_tokens(self):
        return [name for name in self.definitions() if name.startswith("🎪 🔑 ")]

    def comments(self, number):
        return [comment["body"] for comment in self.rest("GET", f"/repos/ada/hello/issues/{number}/comments")]

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
        except (OSError, http.client.HTTPException):
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

    def webhook_secret(self):
        with open(os.path.join(os.path.dirname(self.token_file), "webhook-secret")) as file:
            return file.read().strip()

    def deliver(self, event, body, secret, delivery="d1", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = "sha256=" + hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
        return self.request("POST", self.service + "/webhooks", data, {
            "Content-Type": "application/json", "X-GitHub-Event": event, "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": signature} | headers)
