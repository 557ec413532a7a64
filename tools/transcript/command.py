"""The command line of the transcript runner."""
from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import difflib
import pathlib
import re
import sys

from transcript import grammar, matching, player

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Names the binary is called by; the others are programs that it replaces.
CALLED_AS = ("ringmaster", "showtime")


@dataclasses.dataclass
class Outcome:
    """What became of one file."""
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    report: str = ""
    updated: bool = False


def main(folder: pathlib.Path) -> int:
    options = _parse_arguments()
    if not options.binary.exists():
        print(f"there is no {options.binary}: run scripts/build first, or give --binary", file=sys.stderr)
        return 2
    files = sorted(path for path in folder.rglob("*.txt") if "fixtures" not in path.relative_to(folder).parts
                   and (not options.filters or any(word in str(path.relative_to(folder)) for word in options.filters)))
    if options.list:
        print("\n".join(str(path.relative_to(folder)) for path in files))
        return 0
    stage = player.Stage(folder / "fixtures", {name: options.binary.resolve() for name in CALLED_AS},
                         _project_version())
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(lambda path: play_file(path, str(path.relative_to(folder)), stage, options.update),
                                 files))
    return _summarize(outcomes, options.update)


def play_file(path: pathlib.Path, name: str, stage: player.Stage, update: bool) -> Outcome:
    outcome = Outcome(name)
    try:
        blocks = grammar.parse(path)
        steps = sum(isinstance(block, grammar.Step) for block in blocks)
        with player.Player(stage) as play:
            try:
                results = play.play(blocks)
            except player.Skipped as reason:
                outcome.skipped = steps
                outcome.report = f"SKIP {name}: {reason}\n"
                return outcome
            if update and not all(result.passed for result in results):
                _rewrite(path, blocks, results, play)
                outcome.updated = True
            for result in results:
                outcome.passed += result.passed
                outcome.failed += not result.passed
                if not result.passed and not update:
                    outcome.report += _describe(name, result, play.bindings)
    except (grammar.FormatError, matching.UnknownPlaceholder) as error:
        outcome.failed += 1
        outcome.report += f"FAIL {name}: {error}\n"
    return outcome


def _rewrite(path: pathlib.Path, blocks: list[grammar.Block], results: list[player.StepResult],
             play: player.Player) -> None:
    literals = {str(play.folder): "{{TMP}}", play.bindings.values["VERSION"]: "{{VERSION}}"}
    fresh = {result.step.line: player.updated(result, play.bindings, literals) for result in results}
    path.write_text(grammar.render([fresh[block.line] if isinstance(block, grammar.Step) else block
                                    for block in blocks]), encoding="utf-8")


def _describe(name: str, result: player.StepResult, bindings: matching.Bindings) -> str:
    step = result.step
    text = f"FAIL {name}:{step.line}: $ {step.command}\n"
    if result.note:
        text += f"  {result.note}\n"
    elif result.exit_code != step.exit_code:
        text += f"  exit code {result.exit_code}, expected {step.exit_code}\n"
    if player.ends_well(result.stdout) != step.ends_with_newline:
        text += f"  stdout {'has' if step.ends_with_newline is False else 'lacks'} a newline at its end\n"
    for stream, expected, actual in (("stdout", step.stdout, result.stdout), ("stderr", step.stderr, result.stderr)):
        actual_lines = player.output_lines(actual)
        if not matching.lines_match(expected, actual_lines, bindings):
            diff = difflib.unified_diff([bindings.fill(line) for line in expected], actual_lines,
                                        f"expected {stream}", f"actual {stream}", lineterm="")
            text += "".join(f"  {line}\n" for line in diff)
    return text


def _summarize(outcomes: list[Outcome], update: bool) -> int:
    for outcome in outcomes:
        if outcome.updated:
            print(f"updated {outcome.name}")
        print(outcome.report, end="")
    passed, failed, skipped = (sum(getattr(outcome, field) for outcome in outcomes)
                               for field in ("passed", "failed", "skipped"))
    print(f"{len(outcomes)} transcripts; each command counts:")
    if update:
        print(f"{failed} commands did something else than before; read the diff")
        return 0
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not outcomes else 0


def _project_version() -> str:
    found = re.search(r"project\(ringmaster VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    return found.group(1) if found else "unknown"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Plays transcripts: commands with the output they must give.")
    parser.add_argument("filters", nargs="*", metavar="WORD", help="only files whose path contains one of these")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/dev/ringmaster",
                        help="the program under test (default: build/dev/ringmaster)")
    parser.add_argument("--update", action="store_true", help="write what the commands did into the files; read the diff")
    parser.add_argument("--list", action="store_true", help="print the files and stop")
    parser.add_argument("--jobs", type=int, default=2, help="files played at the same time (default: 2)")
    return parser.parse_args()
