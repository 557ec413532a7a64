"""Every test that a document names is there: `Suite.Name` and `Suite.Prefix*` of GoogleTest, and `e2e: words`, which must be
part of a check's sentence. A promise whose test was renamed or removed must not go on looking tested."""
from __future__ import annotations

import re

from source import File, Finding

_GTEST = re.compile(r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(\s*(\w+),\s*(\w+)")
_SENTENCE = re.compile(r'@check\(\s*"((?:[^"\\]|\\.)*)"')
_NAMED = re.compile(r"`(\w+)\.([A-Z]\w*|)(\*?)`")
_NAMED_CHECK = re.compile(r"`e2e: ([^`]+)`")


def check(files: list[File]) -> list[Finding]:
    tests = [match.groups() for file in files if file.is_cpp for match in _GTEST.finditer(file.text)]
    suites = {suite for suite, _ in tests}
    sentences = [match.group(1) for file in files if file.path.startswith("tests/e2e/")
                 for match in _SENTENCE.finditer(file.text)]
    findings = []
    for file in files:
        if not (file.path.startswith("docs/") and file.path.endswith(".md")):
            continue
        for number, line in enumerate(file.text.splitlines(), 1):
            for suite, name, star in _NAMED.findall(line):
                is_test = suite in suites or suite.endswith("Test")
                known = any(suite == one and (test.startswith(name) if star else test == name) for one, test in tests)
                if is_test and not known:
                    findings.append(Finding(file.path, number, f"there is no test {suite}.{name}{star}"))
            for words in _NAMED_CHECK.findall(line):
                if not any(words in sentence for sentence in sentences):
                    findings.append(Finding(file.path, number, f'no end-to-end check says "{words}"'))
    return findings
