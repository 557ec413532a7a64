"""Which C++ files there are, and which of them changed."""
from __future__ import annotations

import functools
import hashlib
import pathlib
import re
import subprocess

from suites.process import ROOT

FOLDERS = ("src/", "testing/", "sim/", "fuzz/")
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def git(*arguments: str) -> list[str]:
    """Lines of git's output; none when git says no."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def all_sources() -> list[pathlib.Path]:
    """Our .cc and .h files, those not yet added to git included."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard", *FOLDERS)
    return [ROOT / name for name in sorted(set(names)) if name.endswith((".cc", ".h")) and (ROOT / name).exists()]


def changed_since_main() -> set[pathlib.Path]:
    """Files that differ from where this branch left main, uncommitted changes included."""
    base = next((found[0] for name in ("origin/main", "main") if (found := git("merge-base", "HEAD", name))), "HEAD")
    return {ROOT / name for name in git("diff", "--name-only", base) + git("ls-files", "--others", "--exclude-standard")}


@functools.cache
def closure(path: pathlib.Path) -> frozenset[pathlib.Path]:
    """The file and every project header it includes, directly or not."""
    seen: set[pathlib.Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current in seen or not current.exists():
            continue
        seen.add(current)
        for name in _INCLUDE.findall(current.read_text(encoding="utf-8")):
            waiting += [ROOT / "src" / name, ROOT / name]
    return frozenset(seen)


@functools.cache
def _digest(path: pathlib.Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def fingerprint(path: pathlib.Path, salt: str) -> str:
    """Changes when the file, a project header it includes, or `salt` does."""
    total = hashlib.sha256(salt.encode())
    for part in sorted(closure(path)):
        total.update(str(part.relative_to(ROOT)).encode() + _digest(part))
    return total.hexdigest()
