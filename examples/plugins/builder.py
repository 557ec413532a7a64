#!/usr/bin/env python3
"""A builder for Ringmaster: unpacks a commit and runs the configured command in it (docs/engines/exec.md)."""
import fcntl, json, os, pathlib, shutil, subprocess, sys

asked = json.load(sys.stdin)


def answer(**message):
    print(json.dumps(message), flush=True)
    sys.exit(0 if "ok" in message else 1)


if asked["operation"] == "hello":
    answer(ok={"protocol": 1, "name": "folders", "operations": ["hello", "build", "remove"]})
home = pathlib.Path(os.environ.get("BUILDS", os.path.expanduser("~/.my-builds")), asked["show"]["repository"], asked["show"]["name"])
new = home.with_suffix(".new")
home.parent.mkdir(parents=True, exist_ok=True)
lock = open(home.with_suffix(".lock"), "w")
fcntl.flock(lock, fcntl.LOCK_EX)  # two calls for one show wait for each other
shutil.rmtree(new, ignore_errors=True)
if asked["operation"] == "remove":
    shutil.rmtree(home, ignore_errors=True)
    answer(ok={})
if not home.exists():
    archive = subprocess.run(["git", "-C", asked["source"], "archive", asked["commit"]], stdout=subprocess.PIPE)
    if archive.returncode != 0:
        answer(error={"kind": "not_found", "message": "there is no commit " + asked["commit"], "hint": "fetch it first"})
    new.mkdir()
    subprocess.run(["tar", "-xf", "-", "-C", new], input=archive.stdout, check=True)
    build = subprocess.run(asked["command"], cwd=new, env=dict(os.environ) | asked["environment"], stdout=sys.stderr)
    if build.returncode != 0:
        shutil.rmtree(new)
        answer(error={"kind": "failed", "message": f"the build ended with exit code {build.returncode}"})
    new.rename(home)  # from here on it counts
answer(ok={"artifact": {"directory": str(home)}})
