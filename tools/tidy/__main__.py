"""tools/tidy: what compilers and formatters don't check. `python3 tools/tidy` reads the whole tree in under a second,
prints each finding with its place, and ends with "N passed, N failed, N skipped", a count of rules."""
from __future__ import annotations

import pathlib
import sys

import documented
import layers
import named_tests
import sizes
import text_rules
from source import Finding, read_tree


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    files = read_tree(root)
    cmake = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    checks: dict[str, list[Finding] | str] = {
        "arrows point down": layers.check(files, cmake),
        "no ambient world": text_rules.check_ambient(files),
        "headers say what they are for": text_rules.check_headers(files),
        "small rooms": sizes.check(files),
        "no words that must not be there": text_rules.check_words(files),
        "text files are well formed": text_rules.check_form(files),
        "tests that documents name are there": named_tests.check(files),
        "commands and configuration are documented": documented.check(root),
    }
    passed = failed = skipped = 0
    for name, result in checks.items():
        if isinstance(result, str):
            skipped += 1
            print(f"SKIP {name}: {result}")
            continue
        errors = [finding for finding in result if finding.is_error]
        for finding in result:
            print(f"FAIL {finding}" if finding.is_error else finding)
        failed += bool(errors)
        passed += not errors
        if errors:
            print(f"{name}: {len(errors)} findings")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
