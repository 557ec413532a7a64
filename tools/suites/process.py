"""Runs a program with its output in a log and a bound on its time."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "logs"
# Enough of a log to see what went wrong; the rest is in the file.
TAIL_LINES = 40


@dataclasses.dataclass
class Finished:
    """exit_code is None when the program was ended because its time was over."""
    exit_code: int | None
    output: str
    seconds: float
    log: pathlib.Path

    @property
    def succeeded(self) -> bool:
        return self.exit_code == 0

    def tail(self) -> str:
        return "\n".join("    " + line for line in self.output.splitlines()[-TAIL_LINES:])


def run(arguments: list[str], log_name: str, timeout_seconds: float, environment: dict[str, str] | None = None) -> Finished:
    """Both streams go to build/logs/LOG_NAME.log. When the time is over the whole process group is killed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    start = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **(environment or {})}, start_new_session=True)
        try:
            code: int | None = process.wait(timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            code = None
        except BaseException:  # Ctrl-C: leave nothing running
            _kill(process)
            raise
        if code is None:
            _kill(process)
    return Finished(code, log.read_text(encoding="utf-8", errors="replace"), time.monotonic() - start, log)


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
