"""What the end-to-end checks stand on: real processes of the built binary, a forge of their own, a checkout, git.

A check is a function marked with @check("what it proves"); it gets a fresh Stage. Nothing here waits for a fixed
time: wait_for() looks until something holds, and fails with what was seen instead.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from checking import (BLOCKED, CHECKS, FREEZE, LEASE_SECONDS, START, STOP, Failure, Skip, check, expect,  # noqa: F401
                      expect_equal, processes_below, wait_for)
from forge_side import ForgeSide
from recording_proxy import Proxy
from sample import APP, BUILD, CONFIG


class Stage(ForgeSide):
    """A forge and a checkout of ada/hello in a folder of their own.

    `serving`: the service acts on webhooks; otherwise it is told nothing, and only the command line acts.
    """

    FILES = {"app.py": APP, "build.sh": BUILD, "version.txt": "1\n"}

    def config_text(self):
        return CONFIG

    def __init__(self, binary, serving=False, config="", server_environment=None, server_arguments=()):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="ringmaster-e2e-")
        self.checkout = os.path.join(self.folder, "hello")
        self.state = os.path.join(self.folder, "state")
        self.children = []
        self.server_arguments = server_arguments
        self.server_log = os.path.join(self.folder, "server.log")
        os.makedirs(self.checkout)
        for name, text in self.FILES.items():
            self.write(name, text)
        self.write("ringmaster.toml", self.config_text() + config)
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
            [self.binary, "serve", "--local", "--data", os.path.join(self.folder, "forge"), "--listen", "127.0.0.1:0",
             *self.server_arguments],
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
