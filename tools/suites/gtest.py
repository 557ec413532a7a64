"""Builds a preset and runs its GoogleTest programs, counting each test."""
from __future__ import annotations

import concurrent.futures
import pathlib
import re

from suites import process
from suites.report import Report

# From nothing the slowest preset takes 10 minutes on two cores.
BUILD_TIMEOUT_SECONDS = 40 * 60
# A test program takes seconds; sanitizers make it ten times slower.
PROGRAM_TIMEOUT_SECONDS = {"dev": 300, "asan": 900, "tsan": 900}
PARALLEL_PROGRAMS = 2
# Where threads meet; the rest has none, and would cost minutes of building for nothing.
CONCURRENT_LAYERS = ("adapters_support", "database", "http_server", "process", "python_source", "server", "sqlite")

# A test may have printed something without a newline before the runner's own mark, so the marks are searched anywhere.
_RUN = re.compile(r"\[ RUN      \] (\S+)")
_END = re.compile(r"\[(       OK |  FAILED  |  SKIPPED )\] (\S+?)(?:, where .*)?(?: \(\d+ ms\))?$", re.M)
_SUMMARY = re.compile(r"^\[==========\] (\d+) tests? from \d+ test suites? ran\.", re.M)


def build(preset: str, targets: list[str]) -> Report:
    """Builds through scripts/build; a failure is a failed test named after the preset."""
    report = Report()
    done = process.run([str(process.ROOT / "scripts/build"), preset, *targets], f"build-{preset}", BUILD_TIMEOUT_SECONDS)
    if not done.succeeded:
        report.fail(f"the build of preset {preset}: see {_short(done.log)}\n{done.tail()}")
    return report


def run_preset(preset: str, layers: tuple[str, ...] = ()) -> Report:
    """Builds the preset and runs its test programs: all, or those of these layers."""
    wanted = [f"rm_{layer}_test" for layer in layers]
    report = build(preset, wanted)
    if report.failed:
        return report
    programs = sorted(program for program in (process.ROOT / "build" / preset).glob("rm_*_test")
                      if not wanted or program.name in wanted)
    if not programs:
        report.fail(f"preset {preset} has no test programs")
    with concurrent.futures.ThreadPoolExecutor(PARALLEL_PROGRAMS) as pool:
        for part in pool.map(lambda program: run_program(program, preset), programs):
            report.add(part)
    return report


def run_program(program: pathlib.Path, preset: str) -> Report:
    # Address-space randomisation breaks the sanitizers' shadow memory on recent kernels.
    prefix = [] if preset == "dev" else ["setarch", "-R"]
    environment = {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1", "UBSAN_OPTIONS": "print_stacktrace=1",
                   "TSAN_OPTIONS": "halt_on_error=0:second_deadlock_stack=1"}
    done = process.run([*prefix, str(program), "--gtest_color=no"], f"{preset}-{program.name}",
                       PROGRAM_TIMEOUT_SECONDS[preset], environment)
    return count(program.name, done)


def count(name: str, done: process.Finished) -> Report:
    """Counts the tests a program reported. A program that ended without its summary is a failure that names the test
    it was in."""
    report = Report()
    # The summary repeats failures and skips; count only what stands before it.
    summary = _SUMMARY.search(done.output)
    body = done.output[:summary.start()] if summary else done.output
    started = [match.group(1) for match in _RUN.finditer(body)]
    ended = {}
    for match in _END.finditer(body):
        ended[match.group(2)] = match.group(1).strip()
    for test, result in ended.items():
        if result == "OK":
            report.passed += 1
        elif result == "SKIPPED":
            report.skip(f"{name} {test}", _skip_reason(body, test))
        else:
            report.fail(f"{name} {test}\n{_excerpt(body, test)}")
    unfinished = [test for test in started if test not in ended]
    where = f" in {unfinished[-1]}" if unfinished else ""
    if done.exit_code is None:
        report.fail(f"{name} hangs{where} (ended after {done.seconds:.0f} s): see {_short(done.log)}\n{done.tail()}")
    elif not summary or unfinished:
        report.fail(f"{name} broke off{where} (exit code {done.exit_code}): see {_short(done.log)}\n{done.tail()}")
    elif done.exit_code != 0 and not report.failed:
        report.fail(f"{name} ended with exit code {done.exit_code} after its tests: see {_short(done.log)}\n{done.tail()}")
    return report


def _between(body: str, test: str) -> str:
    start = body.rfind(f"[ RUN      ] {test}\n")
    end = min((at for at in (body.find(f"[{mark}] {test}", start) for mark in ("  FAILED  ", "  SKIPPED ")) if at >= 0),
              default=len(body))
    return body[start:end].partition("\n")[2]


def _skip_reason(body: str, test: str) -> str:
    lines = [line.strip() for line in _between(body, test).splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


def _excerpt(body: str, test: str) -> str:
    return "\n".join("    " + line for line in _between(body, test).splitlines()[:process.TAIL_LINES])


def _short(path: pathlib.Path) -> str:
    return str(path.relative_to(process.ROOT)) if path.is_relative_to(process.ROOT) else str(path)
