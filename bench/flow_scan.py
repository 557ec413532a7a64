#!/usr/bin/env python3
"""Flows found in 10,000 Python files: ours, cold and with its cache; CPython's `ast` walking the same files; and
acme-portal-sdk 1.2.0's PrefectFlowFinder, where pip can install it.

The files are the contract's flow cases again and again, each in a module of its own, so names repeat as they do in real
projects; nothing but the number of files is invented.
"""
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build/release"
CASES = ROOT / "tests/data/flow_cases"
FILES = 10_000
RUNS = 5
SDK = "acme-portal-sdk==1.2.0"

AST_WALK = """
import ast, os, sys, time
start = time.perf_counter()
found = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            tree = ast.parse(file.read())
        found += sum(isinstance(node, ast.FunctionDef) and bool(node.decorator_list) for node in ast.walk(tree))
print(found, (time.perf_counter() - start) * 1000)
"""
SDK_FIND = """
import contextlib, io, sys, time
from acme_portal_sdk.prefect.flow_finder import PrefectFlowFinder
start = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    found = len(PrefectFlowFinder(sys.argv[1]).find_flows())
print(found, (time.perf_counter() - start) * 1000)
"""


def make_project(root):
    """Writes the files; returns how many flows they have, by the contract's count."""
    cases = json.loads((CASES / "expected.json").read_text())["cases"]
    texts = {name: (CASES / name).read_bytes() for name in cases}
    flows = 0
    for number, name in zip(range(FILES), itertools.cycle(cases)):
        folder = root / f"team_{number // 1000}" / f"area_{number // 100 % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"flows_{number}.py").write_bytes(texts[name])
        # Where a place makes several flows as it runs, it is found once.
        flows += len({flow["line_number"] if not flow["static"] else (flow["line_number"], flow["original_name"])
                      for flow in cases[name]["flows"]})
    return flows


def ours(root, *cache):
    """(flows, milliseconds in the process)"""
    answer = subprocess.run([BUILD / "bench/flow_scan", root, *cache], check=True, capture_output=True, text=True)
    words = answer.stdout.replace(",", "").split()
    return int(words[0]), float(words[words.index("ms") - 1])


def best(measure):
    """The fastest of RUNS: what the work takes, without what else the machine does."""
    return min((measure() for _ in range(RUNS)), key=lambda result: result[1])


def with_python(python, program, root):
    answer = subprocess.run([python, "-c", program, root], check=True, capture_output=True, text=True)
    found, milliseconds = answer.stdout.split()
    return int(found), float(milliseconds)


def sdk_python(folder):
    """A Python that has the SDK; None where pip cannot get it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    done = subprocess.run([python, "-m", "pip", "install", "-q", SDK], capture_output=True, check=False)
    return python if done.returncode == 0 else None


subprocess.run(["cmake", "--build", str(BUILD), "--target", "flow_scan"], check=True, stdout=subprocess.DEVNULL)
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    project = folder / "acme_demo"
    wanted = make_project(project)
    found, cold = best(lambda: ours(project))
    if found != wanted:
        sys.exit(f"{found} flows were found in {FILES} files that have {wanted}")
    print(f"FIGURE flows of {FILES} files, cold, best of {RUNS}: {cold:.0f} ms (at most 400)")
    cache = folder / "cache/flows"
    ours(project, cache)
    _, cached = best(lambda: ours(project, cache))
    print(f"FIGURE flows of {FILES} files, with the cache: {cached:.0f} ms (at most 100)")
    print(f"FIGURE flows found: {found} of {wanted}")
    _, walked = with_python(sys.executable, AST_WALK, project)
    print(f"FIGURE CPython's ast on the same files: {walked:.0f} ms")
    python = sdk_python(folder / "venv")
    if python is None:
        print(f"SKIP {SDK}: pip could not install it")
    else:
        found, milliseconds = with_python(python, SDK_FIND, project)
        print(f"FIGURE {SDK} on the same files: {milliseconds:.0f} ms, {found} flows")
