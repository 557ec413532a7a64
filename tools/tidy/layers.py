"""Arrows between folders: every include must point down."""
from __future__ import annotations

import re

import rules
from source import File, Finding

_LAYER = re.compile(r"^rm_layer\(\s*(\S+)([^)]*)\)", re.M)


def read_layers(cmake: str) -> dict[str, set[str]]:
    """Folder → the folders it may use, directly or through others, as CMakeLists.txt says."""
    folder_of: dict[str, str] = {}
    direct: dict[str, set[str]] = {}
    for match in _LAYER.finditer(cmake):
        folder, words = match.group(1), match.group(2).split()
        name = words[words.index("AS") + 1] if "AS" in words else folder
        uses: set[str] = set()
        taking = False
        for word in words:
            if word in ("ROOT", "AS", "IF", "LIBRARIES", "USES", "TEST_USES"):
                taking = word == "USES"
            elif taking:
                uses.add(folder_of[word])  # KeyError: a layer used before it is listed points up
        folder_of[name] = folder
        direct[folder] = uses | set().union(*(direct[use] for use in uses))
    return direct


def folder_of(path: str, layers: dict[str, set[str]]) -> str | None:
    """The layer a file of ours is in; `path` without "src/"."""
    parts = path.split("/")
    for depth in (2, 1):
        if "/".join(parts[:depth]) in layers and len(parts) > depth:
            return "/".join(parts[:depth])
    return None


def check(files: list[File], cmake: str) -> list[Finding]:
    try:
        layers = read_layers(cmake)
    except KeyError as missing:
        return [Finding("CMakeLists.txt", 1, f"the layer {missing} is used above the line that lists it")]
    findings = []
    known = {file.path for file in files}
    for file in files:
        if not file.is_cpp or not file.path.startswith(("src/", *(f"{folder}/" for folder in rules.OUTSIDE_SRC))):
            continue
        for line, name, quoted in file.includes:
            if quoted:
                problem = _arrow_problem(file, name, layers, known) or _private_problem(file, name)
            else:
                problem = _system_problem(file, name)
            if problem:
                findings.append(Finding(file.path, line, problem))
    return findings


def _arrow_problem(file: File, name: str, layers: dict[str, set[str]], known: set[str]) -> str | None:
    source = folder_of(file.path.removeprefix("src/"), layers)
    target = folder_of(name, layers)
    target = target or next((outside for outside in rules.OUTSIDE_SRC if name.startswith(outside + "/")), None)
    if f"src/{name}" not in known and name not in known:
        return _system_problem(file, name) if target is None else f"there is no {name}"
    if target is None or source is None or source == target or file.path.startswith(("fuzz/", "sim/")):
        return None
    if problem := _purity_problem(file, name):
        return problem
    if file.is_test:
        return _test_problem(source, target, layers)
    if target in rules.ONLY_IN_TESTS:
        return f"{target}/ is for tests only"
    if source.startswith("adapters/") and target.startswith("adapters/") and target != rules.SHARED_BY_ADAPTERS:
        return f"an adapter includes another's folder ({target}); what two share is a port, or in {rules.SHARED_BY_ADAPTERS}"
    for above, below, why in rules.FORBIDDEN_ARROWS:
        if _is_in(source, above) and _is_in(target, below):
            return f"{source} must not include {target}: {why}"
    if target not in layers[source]:
        return f"{source} does not use {target} (CMakeLists.txt): this arrow points up or sideways"
    return None


def _is_in(folder: str, pattern: str) -> bool:
    return folder.startswith(pattern) if pattern == "" or pattern.endswith("/") else folder == pattern


def _purity_problem(file: File, name: str) -> str | None:
    if not any(pattern.match(file.path) for pattern in rules.PURE) or file.is_test:
        return None
    if name.startswith(("base/", "domain/")) or any(pattern.match(f"src/{name}") for pattern in rules.PURE):
        return None
    if any(path == file.path and included == name for path, included, _ in rules.PURE_MAY_INCLUDE):
        return None
    return f"this file is pure (it decides, and touches nothing): it includes base/ and domain/ only, not {name}"


def _test_problem(source: str, target: str, layers: dict[str, set[str]]) -> str | None:
    allowed = layers[source] | layers.get("testing", set()) | set(rules.ONLY_IN_TESTS)
    allowed |= {layer for folder, extra, _ in rules.TEST_MAY_USE if folder == source for layer in extra}
    return None if target in allowed else f"a test of {source} uses {target}, which {source} does not"


def _private_problem(file: File, name: str) -> str | None:
    folder = file.path.rpartition("/")[0]
    for path, why in rules.HEAVY_HEADERS_OF_ONE_ROOM:
        if path == f"src/{name}" and folder != path.rpartition("/")[0] and not file.path.startswith("fuzz/"):
            return f"{name} is {why}"
    return None


def _system_problem(file: File, name: str) -> str | None:
    its_room = any(file.path == path for path, _ in rules.HEAVY_HEADERS_OF_ONE_ROOM)
    if file.path.endswith(".h") and not file.is_test and not its_room and rules.HEAVY_HEADERS.match(name):
        return f"<{name}> costs seconds of compiling: include it in .cc files only"
    for pattern, folders, why in rules.ONLY_THERE:
        if pattern.match(name) and not file.path.startswith((*folders, "fuzz/")) and not file.is_test:
            return f"<{name}> outside {', '.join(folders)}: {why}"
    return None
