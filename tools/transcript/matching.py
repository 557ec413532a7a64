"""Compares output with the expected lines, in which {{…}} stands for what varies from run to run."""
from __future__ import annotations

import dataclasses
import re

# What a placeholder may stand for. Nothing here matches across lines but {{...}}, alone on its line.
KINDS = {
    "any": r".*?",
    "word": r"\S+?",
    "number": r"[0-9]+(?:\.[0-9]+)?",
    "sha": r"[0-9a-f]{40}|[0-9a-f]{7}",
    "hex": r"[0-9a-f]+",
    "port": r"[0-9]{1,5}",
    "url": r"https?://[^\s\"'<>]+?",
    "time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z",
    "minute": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}[-:][0-9]{2}",
    "date": r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2} UTC",
    "duration": r"(?:[0-9]+(?:\.[0-9]+)? ?(?:ms|s|m|min|h|d|w|days)(?: ?(?=[0-9]))?)+",
}
ANY_LINES = "{{...}}"
_PLACEHOLDER = re.compile(r"\{\{([a-z]+)?(?::?([A-Z][A-Z0-9_]*))?\}\}")


class UnknownPlaceholder(Exception):
    """{{…}} with a word that means nothing."""


@dataclasses.dataclass
class Bindings:
    """Values of the names captured so far: {{kind:NAME}} binds, {{NAME}} repeats."""
    values: dict[str, str] = dataclasses.field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Replaces {{NAME}} by its value; other text is left as it is."""
        def value(match: re.Match[str]) -> str:
            kind, name = match.groups()
            return self.values.get(name, match.group(0)) if name and not kind else match.group(0)
        return _PLACEHOLDER.sub(value, text)


def line_pattern(expected: str, bindings: Bindings) -> re.Pattern[str]:
    """The regular expression of one expected line."""
    pattern = ""
    position = 0
    for match in _PLACEHOLDER.finditer(expected):
        pattern += re.escape(expected[position:match.start()])
        pattern += _pattern_of(match, bindings, pattern)
        position = match.end()
    return re.compile(pattern + re.escape(expected[position:]))


def _pattern_of(match: re.Match[str], bindings: Bindings, so_far: str) -> str:
    kind, name = match.groups()
    if name and name in bindings.values:
        return re.escape(bindings.values[name])
    if name and f"(?P<{name}>" in so_far:
        return f"(?P={name})"
    if kind in KINDS:
        if not name:
            return f"(?:{KINDS[kind]})"
        return f"(?P<{name}>{KINDS[kind]})"
    raise UnknownPlaceholder(f"{match.group(0)} is neither a captured name nor one of: {', '.join(sorted(KINDS))}")


def line_matches(expected: str, actual: str, bindings: Bindings) -> bool:
    """Whether the line is as expected; names it captures are bound then."""
    found = line_pattern(expected, bindings).fullmatch(actual)
    if not found:
        return False
    bindings.values.update({name: value for name, value in found.groupdict().items() if value is not None})
    return True


def lines_match(expected: list[str], actual: list[str], bindings: Bindings) -> bool:
    """Whether all lines are as expected. {{...}} alone on a line stands for any number of lines."""
    position = 0
    for index, line in enumerate(expected):
        if line.strip() == ANY_LINES:
            rest = expected[index + 1:]
            return any(lines_match(rest, actual[start:], bindings) for start in range(position, len(actual) + 1))
        if position >= len(actual) or not line_matches(line, actual[position], bindings):
            return False
        position += 1
    return position == len(actual)


def regenerate(expected: list[str], actual: list[str], bindings: Bindings, literals: dict[str, str]) -> list[str]:
    """The new expected lines: an old line that still matches is kept with its placeholders, all else is taken as it
    came, with the literals (text → placeholder) put in."""
    if lines_match(expected, actual, bindings):
        return expected
    kept: list[str] = []
    rest = list(expected)
    for line in actual:
        at = next((i for i, old in enumerate(rest) if old.strip() != ANY_LINES and line_matches(old, line, bindings)),
                  None)
        if at is None:
            for text, placeholder in literals.items():
                line = line.replace(text, placeholder)
            kept.append(line)
        else:
            kept.append(rest[at])
            del rest[:at + 1]
    return kept
