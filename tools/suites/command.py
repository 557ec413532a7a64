"""scripts/test: picks suites, runs them, prints what failed and the totals."""
from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Callable

from suites import clang, fuzz, gtest, process, simulation
from suites.report import Report, read_totals

# Bounds of the suites that are programs of their own, far above what they take.
PROGRAM_TIMEOUT_SECONDS = 30 * 60
# Every case of the crash sweep, or 200 rounds of each race, take an hour or two: whoever asks for them by one of these waits.
TOLD_BY = ("CRASH_SECONDS", "RACE_SECONDS", "RACE_ROUNDS", "SOAK_SECONDS")
TOLD_TIMEOUT_SECONDS = 12 * 60 * 60
# A machine without Docker skips tens of tests for that one reason.
MOST_SKIPS_OF_ONE_REASON = 10


@dataclasses.dataclass(frozen=True)
class Suite:
    name: str
    what: str
    run: Callable[[], Report]
    # Slow suites run only when named, or with --all.
    is_slow: bool = False
    # Measurements need a quiet machine, so they never judge a change: only when named.
    is_measurement: bool = False
    # A file that must be there; suites of folders that don't exist are not listed.
    needs: str = ""


def external(name: str, command: list[str], needs_binary: bool = True) -> Callable[[], Report]:
    """A suite that is a program: it prints "SKIP name: reason" and "FAIL …" lines, and its totals as its last line."""
    def run() -> Report:
        report = gtest.build("dev", ["ringmaster"]) if needs_binary else Report()
        if report.failed:
            return report
        is_told = any(variable in os.environ for variable in TOLD_BY)
        done = process.run(command, name, TOLD_TIMEOUT_SECONDS if is_told else PROGRAM_TIMEOUT_SECONDS)
        counted = read_totals(done.output)
        if done.exit_code is None:
            report.fail(f"{name} hangs (ended after {done.seconds:.0f} s): see build/logs/{name}.log\n{done.tail()}")
        elif counted is None:
            report.fail(f"{name} ended (exit code {done.exit_code}) without its totals\n{done.tail()}")
        else:
            report.add(counted)
            if counted.failed:
                report.notes.append(done.tail())
            elif not done.succeeded:
                report.fail(f"{name} says that nothing failed, but ended with exit code {done.exit_code}\n{done.tail()}")
        return report
    return run


def run_tidy() -> Report:
    report = gtest.build("dev", [])
    if not report.failed:
        report.add(clang.run_tidy())
    return report


SUITES = (
    Suite("format", "clang-format would change nothing", clang.run_format),
    Suite("lint", "layers, ambient world, lengths, documentation; tests of the tools",
          external("lint", ["python3", "tools/lint"])),
    Suite("unit", "unit, property and contract tests", lambda: gtest.run_preset("dev")),
    Suite("transcripts", "the command line, as tests/cli says", external("transcripts", ["tests/cli/run"])),
    Suite("sim", "the simulator: a fixed set of seeds and new ones for SIM_SECONDS (20)", simulation.run),
    Suite("tidy", "clang-tidy on the changed files of the product (TIDY_FILES=all: on all)", run_tidy),
    Suite("asan", "the unit tests with address and undefined-behaviour sanitizers", lambda: gtest.run_preset("asan")),
    Suite("tsan", "the unit tests of the concurrent parts with the thread sanitizer",
          lambda: gtest.run_preset("tsan", gtest.CONCURRENT_LAYERS)),
    Suite("fuzz", "each fuzz target for FUZZ_SECONDS (20)", fuzz.run),
    Suite("model", "the lease protocol, every interleaving of two workers",
          external("model", ["tools/lease_model.py", "--check"], needs_binary=False), is_slow=True),
    Suite("clients", "GitHub's real clients against the local forge", external("clients", ["tests/clients/run"]),
          needs="tests/clients/run"),
    Suite("e2e", "everything together, with real servers", external("e2e", ["tests/e2e/run"]), is_slow=True,
          needs="tests/e2e/run"),
    Suite("engines", "shows on real engines: Docker, a swarm, ECS without AWS", external("engines", ["tests/engines/run"]), is_slow=True,
          needs="tests/engines/run"),
    Suite("crash", "operations broken at each of their requests, for CRASH_SECONDS (120; 0: every case)",
          external("crash", ["tests/proof/crash"]), is_slow=True),
    Suite("races", "processes racing for one pull request, for RACE_SECONDS (120; 0: RACE_ROUNDS, 200, of each kind)",
          external("races", ["tests/proof/races"]), is_slow=True),
    Suite("soak", "the service and 200 pull requests, faults on, for SOAK_SECONDS (60)",
          external("soak", ["tests/proof/soak"]), is_slow=True, needs="tests/proof/soak"),
    Suite("bench", "the figures we promise", external("bench", ["scripts/bench"], needs_binary=False),
          is_measurement=True),
)


def main() -> int:
    known = [suite for suite in SUITES if not suite.needs or (process.ROOT / suite.needs).exists()]
    options = _parse_arguments()
    if options.list:
        for suite in known:
            print(f"{suite.name:12} {suite.what}{_when(suite)}")
        return 0
    unknown = [name for name in options.suites if name not in {suite.name for suite in known}]
    if unknown:
        print(f"there is no suite {unknown[0]!r}; there are: {', '.join(suite.name for suite in known)}", file=sys.stderr)
        return 2
    chosen = [suite for suite in known
              if (suite.name in options.suites if options.suites else _is_chosen(suite, options.all))]
    total = Report()
    for suite in chosen:
        total.add(_run(suite))
    return _conclude(total)


def _is_chosen(suite: Suite, everything: bool) -> bool:
    return not suite.is_measurement and (everything or not suite.is_slow)


def _when(suite: Suite) -> str:
    if suite.is_measurement:
        return " (only when named)"
    return " (slow: only when named, or with --all)" if suite.is_slow else ""


def _run(suite: Suite) -> Report:
    print(f"{suite.name}: {suite.what} …", flush=True)
    start = time.monotonic()
    try:
        report = suite.run()
    except OSError as error:
        report = Report()
        report.fail(f"{suite.name} could not run: {error}")
    for failure in report.failures:
        print(f"  FAIL {failure}")
    for note in report.notes:
        print(note)
    if report.passed + report.failed + report.skipped == 0:
        print(f"{suite.name}: nothing to do")
    print(f"{suite.name}: {report.totals()} in {time.monotonic() - start:.0f} s", flush=True)
    return report


def _conclude(total: Report) -> int:
    if total.skips:
        print(f"\nskipped ({len(total.skips)}):")
        print("\n".join(f"  {line}" for line in skip_lines(total.skips)))
    if total.failures:
        print(f"\nfailed ({total.failed}):")
        print("\n".join(f"  {failure.splitlines()[0]}" for failure in total.failures))
    print(total.totals())
    return 1 if total.failed else 0


def skip_lines(skips: list[str]) -> list[str]:
    """Each skip with its reason; where many have the same one, the first few and how many more."""
    by_reason: dict[str, list[str]] = {}
    for skip in skips:
        name, _, reason = skip.partition(": ")
        by_reason.setdefault(reason, []).append(name)
    lines = []
    for reason, names in by_reason.items():
        lines += [f"{name}: {reason}" for name in names[:MOST_SKIPS_OF_ONE_REASON]]
        if len(names) > MOST_SKIPS_OF_ONE_REASON:
            lines.append(f"and {len(names) - MOST_SKIPS_OF_ONE_REASON} more: {reason}")
    return lines


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/test", description="Runs the test suites.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="only these (all but the slow ones otherwise)")
    parser.add_argument("--list", action="store_true", help="name the suites and stop")
    parser.add_argument("--all", action="store_true", help="the slow suites too")
    return parser.parse_args()
