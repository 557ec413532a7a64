"""Plays one transcript: a fresh folder, a clean environment, each command in a shell of its own."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from transcript import grammar, matching

# A command of a transcript takes milliseconds; one that takes this long hangs. `@ timeout SECONDS` asks for more.
STEP_TIMEOUT_SECONDS = 30
# How long a program started with `@ background` may take until it says what `@ until` waits for.
BACKGROUND_TIMEOUT_SECONDS = 15
# Between asking a background program to stop and ending it by force.
STOP_TIMEOUT_SECONDS = 5


class Skipped(Exception):
    """This machine cannot play the transcript; the message says why."""


@dataclasses.dataclass
class StepResult:
    step: grammar.Step
    passed: bool
    exit_code: int
    stdout: str
    stderr: str
    note: str = ""


@dataclasses.dataclass
class Stage:
    """What a transcript is played on."""
    fixtures: pathlib.Path
    programs: dict[str, pathlib.Path]  # name on PATH → file
    version: str


class Player:
    """Plays the blocks of one file in order. Use as a context manager: it stops what was started and removes the folder."""

    def __init__(self, stage: Stage):
        self._stage = stage
        # The real path: programs print paths with symbolic links resolved.
        self._root = pathlib.Path(tempfile.mkdtemp(prefix="rmt-")).resolve()
        self.folder = self._root / "work"
        self.bindings = matching.Bindings({"TMP": str(self.folder), "VERSION": stage.version})
        self._timeout = STEP_TIMEOUT_SECONDS
        self._background: list[subprocess.Popen[bytes]] = []
        self._background_log: pathlib.Path | None = None
        self.environment = self._clean_environment()

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._background):
            _stop(process)
        shutil.rmtree(self._root, ignore_errors=True)

    def play(self, blocks: list[grammar.Block]) -> list[StepResult]:
        """Runs everything; goes on after a step that failed, as the later ones may tell more. Raises Skipped."""
        results = []
        for block in blocks:
            if isinstance(block, grammar.Directive):
                self._obey(block)
            elif isinstance(block, grammar.Step):
                results.append(self._run(block))
        return results

    def _clean_environment(self) -> dict[str, str]:
        for name in ("work", "home", "bin", "run"):
            (self._root / name).mkdir()
        for name, file in self._stage.programs.items():
            (self._root / "bin" / name).symlink_to(file)
        return {
            "PATH": f"{self._root}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": f"{self._root}/home", "TMPDIR": f"{self._root}/run", "XDG_RUNTIME_DIR": f"{self._root}/run",
            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "COLUMNS": "100",
            "TMP_WORK": str(self.folder),
            # The same commits on every machine and every day.
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
        }

    def _obey(self, directive: grammar.Directive) -> None:
        rest = self.bindings.fill(directive.rest)
        if directive.word == "env":
            name, _, value = rest.partition("=")
            self.environment[name] = value
        elif directive.word == "fixture":
            self._bring(rest)
        elif directive.word == "needs":
            missing = [program for program in rest.split() if not shutil.which(program, path=self.environment["PATH"])]
            if missing:
                raise Skipped(f"{', '.join(missing)} is not installed")
        elif directive.word == "timeout":
            self._timeout = int(rest)
        elif directive.word == "background":
            self._start(rest)
        elif directive.word == "until":
            self._await(rest, directive.line)
        else:
            raise grammar.FormatError(f"line {directive.line}: unknown directive \"@ {directive.word}\"")

    def _bring(self, name: str) -> None:
        source = self._stage.fixtures / name
        if not source.is_dir():
            raise grammar.FormatError(f"there is no fixture {source}")
        shutil.copytree(source, self.folder, dirs_exist_ok=True)  # a link to a file of the project becomes a copy of it
        setup = self.folder / "setup"
        if setup.exists():
            done = subprocess.run([str(setup)], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                                  timeout=self._timeout, check=False)
            if done.returncode != 0:
                raise grammar.FormatError(f"the fixture's setup failed: {done.stdout}{done.stderr}")
            setup.unlink()

    def _start(self, command: str) -> None:
        self._background_log = self._root / f"background-{len(self._background)}.log"
        with self._background_log.open("wb") as log:
            self._background.append(subprocess.Popen(
                ["bash", "-c", command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True))

    def _await(self, pattern: str, line: int) -> None:
        if self._background_log is None:
            raise grammar.FormatError(f"line {line}: \"@ until\" without a \"@ background\" before it")
        deadline = time.monotonic() + BACKGROUND_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            text = self._background_log.read_text(encoding="utf-8", errors="replace")
            if found := re.search(pattern, text):
                self.bindings.values.update(found.groupdict())
                self.environment.update(found.groupdict())
                return
            if self._background[-1].poll() is not None:
                raise grammar.FormatError(f"line {line}: the background program ended: {text}")
            time.sleep(0.01)
        raise grammar.FormatError(f"line {line}: the background program never said /{pattern}/; it said: {text}")

    def _run(self, step: grammar.Step) -> StepResult:
        process = subprocess.Popen(["bash", "-c", self.bindings.fill(step.command)], cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        note = ""
        try:
            stdout, stderr = process.communicate(timeout=self._timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            note = f"it did not end within {self._timeout} s"
        result = StepResult(step, False, process.returncode, stdout.decode(errors="backslashreplace"),
                            stderr.decode(errors="backslashreplace"), note)
        result.passed = not note and self._is_expected(result)
        return result

    def _is_expected(self, result: StepResult) -> bool:
        step = result.step
        return (result.exit_code == step.exit_code
                and ends_well(result.stdout) == step.ends_with_newline
                and matching.lines_match(step.stdout, output_lines(result.stdout), self.bindings)
                and matching.lines_match(step.stderr, output_lines(result.stderr), self.bindings))


def output_lines(text: str) -> list[str]:
    return grammar.strip_blank_end(text.split("\n"))


def ends_well(text: str) -> bool:
    return text == "" or text.endswith("\n")


def updated(result: StepResult, bindings: matching.Bindings, literals: dict[str, str]) -> grammar.Step:
    """The step with what the command really did as its expectation."""
    step = result.step
    return dataclasses.replace(
        step, exit_code=result.exit_code, ends_with_newline=ends_well(result.stdout),
        stdout=matching.regenerate(step.stdout, output_lines(result.stdout), bindings, literals),
        stderr=matching.regenerate(step.stderr, output_lines(result.stderr), bindings, literals))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the process group, politely first. The group is ours alone: it was started as a session of its own."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
