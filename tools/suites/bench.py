"""scripts/bench: runs the programs of bench/, checks each figure against its bound, prints one table."""
from __future__ import annotations

import dataclasses
import pathlib
import re
import sys

from suites import gtest, process
from suites.report import SKIP, Report

# Building takes minutes and wants an idle machine.
ONLY_WHEN_NAMED = ("build",)
TIMEOUT_SECONDS = 20 * 60
_FIGURE = re.compile(r"^FIGURE (?P<name>.+): (?P<value>[0-9.]+) (?P<unit>[^()]+?)(?: \(at (?P<side>most|least) (?P<bound>[0-9.]+)\))?$")


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    side: str | None = None  # "most" or "least"; None: for information
    bound: float = 0

    @property
    def is_good(self) -> bool:
        return self.side is None or (self.value <= self.bound if self.side == "most" else self.value >= self.bound)


def read_figure(line: str) -> Figure | None:
    found = _FIGURE.match(line.strip())
    if not found:
        return None
    return Figure(found["name"], float(found["value"]), found["unit"], found["side"], float(found["bound"] or 0))


def run(words: list[str]) -> tuple[list[Figure], Report]:
    report = gtest.build("release", [])
    figures: list[Figure] = []
    if report.failed:
        return figures, report
    binary = process.ROOT / "build/release/ringmaster"
    for program in chosen(sorted((process.ROOT / "bench").glob("*.*")), words):
        print(f"bench: {program.stem} …", file=sys.stderr, flush=True)
        done = process.run([str(program)], f"bench-{program.stem}", TIMEOUT_SECONDS, {"RINGMASTER": str(binary)})
        found = [figure for line in done.output.splitlines() if (figure := read_figure(line))]
        figures += found
        for figure in found:
            if figure.is_good:
                report.passed += figure.side is not None
            else:
                report.fail(f"{figure.name}: {figure.value:g} {figure.unit}, wanted at {figure.side} {figure.bound:g}")
        for line in done.output.splitlines():
            if skipped := SKIP.match(line):
                report.skip(*skipped.groups())
        if not done.succeeded:
            report.fail(f"bench {program.stem} {'hangs' if done.exit_code is None else 'failed'}\n{done.tail()}")
    return figures, report


def chosen(programs: list[pathlib.Path], words: list[str]) -> list[pathlib.Path]:
    programs = [program for program in programs if program.suffix in (".py", ".sh")]
    if words:
        return [program for program in programs if any(word in program.stem for word in words)]
    return [program for program in programs if program.stem not in ONLY_WHEN_NAMED]


def print_table(figures: list[Figure]) -> None:
    width = max((len(figure.name) for figure in figures), default=0)
    for figure in figures:
        bound = f"  at {figure.side} {figure.bound:g}" if figure.side else ""
        print(f"{' ' if figure.is_good else '!'} {figure.name:{width}}  {figure.value:10g} {figure.unit}{bound}")


def main() -> int:
    figures, report = run(sys.argv[1:])
    print_table(figures)
    for failure in report.failures:
        print(f"FAIL {failure}")
    for skip in report.skips:
        print(f"SKIP {skip}")
    print(report.totals())
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
