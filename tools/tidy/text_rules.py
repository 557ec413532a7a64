"""Rules on single files: the ambient world, headers, words that must not be there."""
from __future__ import annotations

import re

import rules
from source import File, Finding


def check_ambient(files: list[File]) -> list[Finding]:
    """No clock, randomness, environment or sleep but where the ports are implemented."""
    allowed = tuple(prefix for prefix, _ in rules.AMBIENT_ALLOWED)
    findings = []
    for file in files:
        if not file.is_cpp or not file.path.startswith("src/") or file.path.startswith(allowed):
            continue
        if file.is_test and file.path.startswith(rules.AMBIENT_ALLOWED_IN_TESTS):
            continue
        for pattern, what in rules.AMBIENT:
            for match in pattern.finditer(file.code):
                findings.append(Finding(file.path, line_of(file.code, match.start()),
                                        f"{what} without a port ({match.group(0).strip()}…): see src/ports"))
    return findings


def check_headers(files: list[File]) -> list[Finding]:
    """#pragma once, and a paragraph (or a documented type) that says what the header is for."""
    findings = []
    for file in files:
        if not file.path.endswith(".h"):
            continue
        lines = file.text.splitlines()
        if "#pragma once" not in lines[:3]:
            findings.append(Finding(file.path, 1, "a header begins with #pragma once"))
        if not _says_what_it_is_for(lines):
            findings.append(Finding(file.path, 2, "a header opens with a paragraph: what it is for, how it fits"))
        for number, line in enumerate(lines, start=1):
            if line.startswith("using namespace"):
                findings.append(Finding(file.path, number, "no using namespace in a header"))
    return findings


def _says_what_it_is_for(lines: list[str]) -> bool:
    opening = lines[1:3] if lines[:1] == ["#pragma once"] else lines[:3]
    if any(line.startswith("//") for line in opening):
        return True
    # A small header may carry its paragraph on the first thing it declares, or on its one type.
    first = next((line for line in lines[1:] if line and not line.startswith(("#", "namespace", "class ", "struct "))
                  or line.startswith(("class ", "struct ")) and not line.endswith(";")), "")
    on_a_type = any(line.startswith("/// ") and following.startswith(("class ", "struct ", "enum ", "template"))
                    for line, following in zip(lines, lines[1:]))
    return on_a_type or first.startswith("///")


def check_words(files: list[File]) -> list[Finding]:
    """Hosts of registries, paths of one machine, secrets, marks of unfinished work."""
    skipped = tuple(prefix for prefix, _ in rules.WORDS_NOT_IN)
    findings = []
    for file in files:
        if file.path.startswith(skipped):
            continue
        for pattern, what in rules.WORDS:
            for match in pattern.finditer(file.text):
                findings.append(Finding(file.path, line_of(file.text, match.start()), f"{what}: {match.group(0)[:40]}"))
    return findings


def check_form(files: list[File]) -> list[Finding]:
    """Text files end with one newline and have no carriage returns."""
    findings = []
    for file in files:
        if not re.search(r"\.(cc|h|py|sh|md|txt|cmake|json|toml|yml)$", file.path) or file.path.startswith("fuzz/corpus/"):
            continue
        if file.text and not file.text.endswith("\n"):
            findings.append(Finding(file.path, file.text.count("\n") + 1, "no newline at the end of the file"))
        if "\r\n" in file.text:
            findings.append(Finding(file.path, line_of(file.text, file.text.index("\r\n")), "a carriage return"))
    return findings


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
