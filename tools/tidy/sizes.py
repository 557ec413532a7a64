"""Lengths of files and functions: small rooms."""
from __future__ import annotations

import re

import rules
from source import File, Finding
from text_rules import line_of

_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
_WORD_BEFORE_PARENTHESIS = re.compile(r"([~\w:]+|operator\s*\S+)\s*\(")


def check(files: list[File]) -> list[Finding]:
    allowed = {path for path, _ in rules.LONG_FILES_ALLOWED}
    findings = []
    for file in files:
        if not file.is_cpp and not file.path.endswith(".py"):
            continue
        lines = file.text.count("\n")
        if lines > rules.FILE_LINES_STOP and not file.is_test and file.path not in allowed:
            findings.append(Finding(file.path, 1, f"{lines} lines: more than {rules.FILE_LINES_STOP} is two ideas"))
        elif lines > rules.FILE_LINES_WARN:
            findings.append(Finding(file.path, 1, f"{lines} lines", is_error=False))
        if file.is_cpp:
            for name, line, length in functions(file.code):
                if length > rules.FUNCTION_LINES_WARN:
                    findings.append(Finding(file.path, line, f"{name} has {length} lines", is_error=False))
    return findings


def functions(code: str) -> list[tuple[str, int, int]]:
    """(name, first line, lines) of every function defined in C++ whose comments and literals are blanked out. By braces
    alone: what opens inside a namespace or a type, after a parenthesis, is a function."""
    found = []
    stack: list[tuple[str, str, int]] = []  # (kind, name, line)
    statement_start = 0
    for match in re.finditer(r"[{};]", code):
        sign, at = match.group(0), match.start()
        if sign == "{":
            before = _without_preprocessor(code[statement_start:at])
            stack.append(_classify(before, all(kind == "container" for kind, _, _ in stack)) + (line_of(code, at),))
        elif sign == "}" and stack:
            kind, name, line = stack.pop()
            if kind == "function":
                found.append((name, line, line_of(code, at) - line + 1))
        statement_start = at + 1
    return found


def _classify(before: str, in_container: bool) -> tuple[str, str]:
    if _CONTAINER.search(before):
        return "container", ""
    name = _WORD_BEFORE_PARENTHESIS.search(before)
    return ("function", name.group(1)) if in_container and name else ("block", "")


def _without_preprocessor(text: str) -> str:
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)
