"""Reads and writes transcript files. A transcript is a list of blocks: prose, directives and steps."""
from __future__ import annotations

import dataclasses
import pathlib

# What begins a line that is not output; a line of output that begins so is written with a backslash before it.
RESERVED = ("$ ", "> ", "! ", "!", "# ", "@ ", "[exit ", "[no newline", "\\")


class FormatError(Exception):
    """The transcript itself is wrong; the message has file and line."""


@dataclasses.dataclass
class Step:
    """One command and what it must do."""
    line: int
    command: str
    stdout: list[str] = dataclasses.field(default_factory=list)
    stderr: list[str] = dataclasses.field(default_factory=list)
    exit_code: int = 0
    ends_with_newline: bool = True


@dataclasses.dataclass
class Directive:
    """`@ word rest`."""
    line: int
    word: str
    rest: str


@dataclasses.dataclass
class Prose:
    """Lines for the reader, kept as they are."""
    lines: list[str]


Block = Step | Directive | Prose


def parse(path: pathlib.Path) -> list[Block]:
    """The file's blocks, in order. Raises FormatError."""
    blocks: list[Block] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        try:
            _add_line(blocks, number, line)
        except ValueError as error:
            raise FormatError(f"{path}:{number}: {error}") from None
    for block in blocks:
        if isinstance(block, Step):
            block.stdout = strip_blank_end(block.stdout)
            block.stderr = strip_blank_end(block.stderr)
    return blocks


def _add_line(blocks: list[Block], number: int, line: str) -> None:
    step = blocks[-1] if blocks and isinstance(blocks[-1], Step) else None
    if line.startswith("$ "):
        blocks.append(Step(number, line[2:]))
    elif line.startswith("@ "):
        word, _, rest = line[2:].strip().partition(" ")
        blocks.append(Directive(number, word, rest.strip()))
    elif line.startswith("# ") or line == "#":
        if blocks and isinstance(blocks[-1], Prose):
            blocks[-1].lines.append(line)
        else:
            blocks.append(Prose([line]))
    elif step is None:
        if line.strip():
            raise ValueError('a line before the first command must begin with "# ", "@ " or "$ "')
    elif line == ">" or line.startswith("> "):
        if step.stdout or step.stderr:
            raise ValueError("the rest of a command must follow it directly")
        step.command += "\n" + line[2:]
    elif line == "!" or line.startswith("! "):
        step.stderr.append(unescape(line[2:]))
    elif line.startswith("[exit "):
        step.exit_code = int(line.removeprefix("[exit ").rstrip("]"))
    elif line.startswith("[no newline"):
        step.ends_with_newline = False
    else:
        step.stdout.append(unescape(line))


def render(blocks: list[Block]) -> str:
    """The text of a transcript file: what parse() reads back."""
    parts: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None and not _belong_together(previous, block):
            parts.append("")
        parts.extend(_lines_of(block))
        previous = block
    return "\n".join(parts) + "\n"


def _belong_together(above: Block, below: Block) -> bool:
    return isinstance(above, Prose) or (isinstance(above, Directive) and isinstance(below, Directive))


def _lines_of(block: Block) -> list[str]:
    if isinstance(block, Prose):
        return block.lines
    if isinstance(block, Directive):
        return [f"@ {block.word} {block.rest}".rstrip()]
    first, *more = block.command.split("\n")
    lines = ["$ " + first] + [("> " + line).rstrip() for line in more]
    lines += [escape(line) for line in strip_blank_end(block.stdout)]
    if not block.ends_with_newline:
        lines.append("[no newline at the end of stdout]")
    lines += [("! " + line) if line else "!" for line in strip_blank_end(block.stderr)]
    if block.exit_code != 0:
        lines.append(f"[exit {block.exit_code}]")
    return lines


def escape(line: str) -> str:
    return "\\" + line if line.startswith(RESERVED) or line in ("#", ">") else line


def unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") else line


def strip_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return lines[:end]
