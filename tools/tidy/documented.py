"""Every command and every configuration key is documented, as the built binary tells them."""
from __future__ import annotations

import json
import pathlib
import re
import subprocess
from collections.abc import Callable

from source import Finding

TIMEOUT_SECONDS = 10


def check(root: pathlib.Path) -> list[Finding] | str:
    """Findings, or a sentence on why there was nothing to check."""
    binary = root / "build/dev/ringmaster"
    if not binary.exists():
        return "build/dev/ringmaster is not built"
    commands = _ask(binary, "commands", "--json")
    schema = _ask(binary, "config", "--schema")
    if commands is None or schema is None:
        return "the built binary does not tell its commands and configuration"
    return (_missing(root, "docs/commands.md", command_names(commands), documented_commands, "command") +
            _missing(root, "docs/configuration.md", config_keys(schema), documented_keys, "configuration key"))


def _ask(binary: pathlib.Path, *arguments: str) -> object | None:
    try:
        done = subprocess.run([str(binary), *arguments], capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def command_names(commands: object, prefix: str = "") -> list[str]:
    """All names in `ringmaster commands --json`: a list of objects with `name` and perhaps `commands` below it."""
    names = []
    listed = commands.get("commands", []) if isinstance(commands, dict) else commands
    for command in listed if isinstance(listed, list) else []:
        name = f"{prefix} {command['name']}".strip()
        names.append(name)
        names += command_names(command.get("commands", []), name)
    return names


def config_keys(schema: object, prefix: str = "") -> list[str]:
    """All keys of a JSON Schema's nested properties, with dots."""
    keys = []
    properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
    for key, below in properties.items():
        name = f"{prefix}.{key}".lstrip(".")
        deeper = config_keys(below, name)
        keys += deeper or [name]
    return keys


def documented_commands(text: str) -> set[str]:
    """Names in headings: "## sync", "### `ringmaster cleanup-labels PR`"."""
    headings = [heading.replace("`", "").removeprefix("ringmaster ").strip()
                for heading in re.findall(r"^#+ (.*)$", text, re.M)]
    return {" ".join(heading.split()[:length]) for heading in headings for length in (1, 2)}


def documented_keys(text: str) -> set[str]:
    """Headings: "## [shows.run]" opens a section, "### `port`" is a key in it."""
    keys = set()
    section = ""
    for opened, key in re.findall(r"^#+ (?:\[([a-z_.]+)\]|`([a-z_]+)`)", text, re.M):
        if opened:
            section = opened
        else:
            keys.add(f"{section}.{key}")
    return keys


def _missing(root: pathlib.Path, document: str, names: list[str], read: Callable[[str], set[str]], what: str) -> list[Finding]:
    path = root / document
    known = read(path.read_text(encoding="utf-8")) if path.exists() else set()
    return [Finding(document, 1, f"the {what} {name} is not documented here") for name in names if name not in known]
