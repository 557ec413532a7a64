"""What the groups of checks share: a running forge, a repository with an open pull request, commands, counting."""
from __future__ import annotations

import contextlib
import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.request
from collections.abc import Callable, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "build" / "clients"
FORGE_PROGRAM = ROOT / "build" / "dev" / "forge_main"
GROUPS = ("git", "gh", "octokit", "pygithub", "webhooks", "showtime")
# The slowest check (a client that sleeps between requests) takes some 20 s on a busy machine.
COMMAND_TIMEOUT_SECONDS = 180


class Skip(Exception):
    """This machine cannot run the check; the message says why."""


class Forge:
    """A forge with demo/app: main, and pull request 1 from the branch "feature"."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.socket = folder / "forge.sock"
        self.process = subprocess.Popen([FORGE_PROGRAM, folder / "data", self.socket], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("forge_main did not start")
        self.port = self.url.rsplit(":", 1)[1]
        self.clone = folder / "clone"
        self._open_pull_request()

    def remote(self, token: str = "alice-token", repository: str = "demo/app") -> str:
        return f"http://x-access-token:{token}@127.0.0.1:{self.port}/{repository}"

    def git(self, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        return run_command(["git", "-C", str(self.clone), *arguments], expect=expect, environment={
            "HOME": str(self.folder), "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Alice", "GIT_AUTHOR_EMAIL": "alice@example.org",
            "GIT_COMMITTER_NAME": "Alice", "GIT_COMMITTER_EMAIL": "alice@example.org"})

    def api(self, method: str, path: str, body: object = None, token: str = "alice-token"):
        """One REST call, without a client of anybody's."""
        request = urllib.request.Request(f"{self.url}/api/v3{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": f"Bearer {token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def labels(self, number: int = 1) -> list[str]:
        return [label["name"] for label in self.api("GET", f"/repos/demo/app/issues/{number}/labels?per_page=100")]

    def commit(self, message: str, name: str = "feature.txt") -> str:
        with open(self.clone / name, "a", encoding="utf-8") as file:
            file.write(message + "\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").stdout.strip()

    def _open_pull_request(self) -> None:
        self.clone.mkdir()
        self.git("init", "-q", "-b", "main")
        self.commit("First", "README")
        self.git("push", "-q", self.remote(), "main")
        self.git("checkout", "-q", "-b", "feature")
        self.commit("Add a feature")
        self.git("push", "-q", self.remote(), "feature")

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)


def run_command(command: list[str], *, environment: dict[str, str] | None = None, expect: int | None = 0,
                folder: pathlib.Path | None = None, input_text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs it with PATH and `environment` only; an exit code other than `expect` (None: any) is a failure with its output."""
    done = subprocess.run(command, env={"PATH": os.environ["PATH"], **(environment or {})}, cwd=folder, input=input_text,
                          capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS, check=False)
    if expect is not None and done.returncode != expect:
        shown = " ".join(str(part) for part in command)
        raise AssertionError(f"{shown}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def python_with(name: str, *packages: str) -> pathlib.Path:
    """A virtual environment with these packages, made once; its python."""
    folder = CLIENTS / name
    done = folder / "installed"
    if not done.exists() or done.read_text(encoding="utf-8") != " ".join(packages):
        shutil.rmtree(folder, ignore_errors=True)
        _install([sys.executable, "-m", "venv", str(folder)])
        _install([str(folder / "bin" / "pip"), "install", "-q", *packages])
        done.write_text(" ".join(packages), encoding="utf-8")
    return folder / "bin" / "python"


def node_modules(*packages: str) -> pathlib.Path:
    """A folder with these packages of npm, made once."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Skip("no Node.js here")
    folder = CLIENTS / "node"
    done = folder / "installed"
    if not done.exists() or done.read_text(encoding="utf-8") != " ".join(packages):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / ".npmrc").write_text("omit-lockfile-registry-resolved=true\n", encoding="utf-8")
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n', encoding="utf-8")
        _install(["npm", "install", "--silent", "--no-audit", "--no-fund", *packages], folder)
        done.write_text(" ".join(packages), encoding="utf-8")
    return folder


def _install(command: list[str], folder: pathlib.Path | None = None) -> None:
    # With our own environment: where packages come from is configured there.
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise Skip(f"cannot install: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")


def equal(got: object, wanted: object) -> None:
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def contains(text: object, part: object) -> None:
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")


@contextlib.contextmanager
def running_forge() -> Iterator[Forge]:
    with tempfile.TemporaryDirectory(prefix="ringmaster-clients-") as folder:
        forge = Forge(pathlib.Path(folder))
        try:
            yield forge
        finally:
            forge.stop()


class Counter:
    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0

    def check(self, name: str, function: Callable[[Forge], None], forge: Forge) -> None:
        try:
            function(forge)
        except Skip as why:
            self.skip(name, str(why))
        except Exception as failure:  # noqa: BLE001: whatever goes wrong in a check is that check's failure
            self.failed += 1
            print(f"FAIL {name}: {failure}", flush=True)
            if not isinstance(failure, AssertionError):
                traceback.print_exc(file=sys.stdout)
        else:
            self.passed += 1
            print(f"ok {name}", flush=True)

    def skip(self, name: str, why: str) -> None:
        self.skipped += 1
        print(f"SKIP {name}: {why}", flush=True)


def main(groups: list[str]) -> int:
    unknown = [group for group in groups if group not in GROUPS]
    if unknown:
        print(f"no group {unknown[0]!r}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    build = str(ROOT / "build" / "dev")
    if not pathlib.Path(build).exists():
        subprocess.run(["cmake", "--preset", "dev"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", build, "--target", "forge_main"], check=True, stdout=subprocess.DEVNULL)
    counter = Counter()
    for group in groups or GROUPS:
        checks = importlib.import_module(f"{group}_checks").CHECKS
        with running_forge() as forge:
            for check in checks:
                counter.check(f"{group}: {check.__doc__}", check, forge)
    print(f"{counter.passed} passed, {counter.failed} failed, {counter.skipped} skipped")
    return 1 if counter.failed else 0
