"""Reads the tree once: files as text, and C++ with comments and strings blanked out."""
from __future__ import annotations

import dataclasses
import functools
import pathlib
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something a rule says about a place."""
    path: str
    line: int
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'' if self.is_error else 'note: '}{self.message}"


@dataclasses.dataclass(frozen=True)
class File:
    """`path` is relative to the root, with "/"."""
    path: str
    text: str

    @property
    def is_cpp(self) -> bool:
        return self.path.endswith((".cc", ".h"))

    @property
    def is_test(self) -> bool:
        return _TEST.search(self.path) is not None

    @functools.cached_property
    def code(self) -> str:
        """The text with comments and the insides of literals replaced by spaces; lines stay where they are."""
        return _LITERALS.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), self.text)

    @functools.cached_property
    def includes(self) -> list[tuple[int, str, bool]]:
        """(line, name, whether in quotes)."""
        return [(self.text.count("\n", 0, match.start()) + 1, match.group(2), match.group(1) == '"')
                for match in _INCLUDE.finditer(self.text)]


# Headers that only tests include are named so.
_TEST = re.compile(r"_test\.(cc|h|py)$|_(harness|fixture|test_support)\.h$|/test_[a-z_]+\.h$|^(testing|tests)/")
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
# Comments, raw strings, strings, characters (a digit separator is no character literal).
_LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)


def read_tree(root: pathlib.Path) -> list[File]:
    """All files git has or would take, without those that are no text."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                            capture_output=True, check=True).stdout.decode().split("\0")
    files = []
    for name in sorted(set(filter(None, listed))):
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            files.append(File(name, content.decode("utf-8", errors="replace")))
    return files
