#!/usr/bin/env python3
"""A runtime for Ringmaster: a show is a process, known by a folder of its own below STATE (docs/engines/exec.md)."""
import contextlib, datetime, fcntl, json, os, pathlib, shutil, signal, socket, subprocess, sys, time

os.umask(0o077)
STATE = pathlib.Path(os.environ.get("SHOWS", os.path.expanduser("~/.my-shows")))


def say(**message):
    print(json.dumps(message), flush=True)


def fail(kind, message):
    say(error={"kind": kind, "message": message})
    sys.exit(1)


def folder(show):
    return STATE / show["repository"].replace("/", "--") / show["name"]


@contextlib.contextmanager
def locked(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def is_alive(home):
    """Everything of a show inherits the lock on this file, and the kernel takes it back when the last has ended."""
    try:
        with open(home / "alive") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


def look(home):
    try:
        record = json.loads((home / "show.json").read_text())
    except FileNotFoundError:
        return None
    request, state, detail = record["request"], "running" if is_alive(home) else "exited", ""
    if state == "exited":
        with contextlib.suppress(FileNotFoundError):
            detail = "exit " + (home / "exit").read_text()
    return {"show": request["show"], "name": home.name, "state": state, "detail": detail, "endpoint": record["endpoint"],
            "created_at": request["created_at"], "expires_at": request["expires_at"], "artifact": request["artifact"]}


def clear(home, grace):
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5)):
        end, is_told = time.monotonic() + patience, False
        while is_alive(home) and time.monotonic() < end:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError, ValueError):
                if not is_told:
                    os.killpg(int((home / "group").read_text()), number)
                    is_told = True
            time.sleep(0.02)
    if is_alive(home):
        fail("failed", f"the processes of {home.name} do not end")
    shutil.rmtree(home, ignore_errors=True)


def deploy(request):
    home = folder(request["show"])
    with locked(home.with_suffix(".lock")):
        there = look(home)
        if there and there["state"] == "running" and there["artifact"] == request["artifact"]:
            return {"endpoint": there["endpoint"]}
        clear(home, request["stop_grace_seconds"])
        if not os.path.isdir(request["artifact"]["directory"]):
            fail("failed", "there is no folder to run in: " + request["artifact"]["directory"])
        with socket.create_server((request["address"], 0)) as free:
            endpoint = {"host": request["host"], "port": free.getsockname()[1]}
        home.mkdir(parents=True)
        with locked(home / "alive") as alive:  # a session of their own lets `supervise` and the app outlive this call
            kept = {name: value for name, value in request.items() if name != "environment"}  # it may hold secrets
            (home / "show.json").write_text(json.dumps({"request": kept, "endpoint": endpoint}))
            environment = request["environment"] | {"PORT": str(endpoint["port"]), "HOST": request["address"]}
            subprocess.Popen([sys.executable, os.path.abspath(__file__), "supervise", str(home), str(alive.fileno())],
                             pass_fds=[alive.fileno()], start_new_session=True, env=dict(os.environ) | environment,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return {"endpoint": endpoint}


def supervise(home, alive):
    """Runs the app, stamps each line of its output with the time, and writes down how it ended."""
    signal.signal(signal.SIGTERM, lambda *_: None)  # it is the app's to end; this goes on writing its log until then
    (home / "group").write_text(str(os.getpid()))
    request = json.loads((home / "show.json").read_text())["request"]
    with open(home / "log", "ab", buffering=0) as log:
        app = subprocess.Popen(request["command"], cwd=request["artifact"]["directory"], pass_fds=[alive],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in app.stdout:
            log.write(str(time.time()).encode() + b" " + line.rstrip(b"\n") + b"\n")
    with contextlib.suppress(FileNotFoundError):
        (home / "exit").write_text(str(app.wait()))


def logs(request):
    home = folder(request["show"])
    if not look(home):
        fail("not_found", f"there is no show {home.name}")
    since = datetime.datetime.fromisoformat(request["since"].replace("Z", "+00:00")).timestamp() if request["since"] else 0
    told = None
    while True:
        ended = not is_alive(home)
        lines = (home / "log").read_text(errors="replace").split("\n")[:-1] if (home / "log").exists() else []
        wanted = [text for at, _, text in (line.partition(" ") for line in lines) if float(at) >= since]
        if told is None:
            told = max(0, len(wanted) - request["tail_lines"]) if request["tail_lines"] >= 0 else 0
        for text in wanted[told:]:
            say(line=text)
        told = len(wanted)
        if ended or not request["follow"]:
            return {}
        time.sleep(0.1)


def run(request):
    home = folder(request["show"])
    show = look(home)
    if not show or show["state"] != "running" or not (home / "group").exists():
        fail("not_found", f"there is no show {home.name} that runs")
    given = pathlib.Path("/proc", (home / "group").read_text(), "environ").read_text().split("\0")
    try:  # what it writes is progress, as our stderr is
        done = subprocess.run(request["command"], cwd=show["artifact"]["directory"], timeout=request["timeout_seconds"],
                              env=dict(pair.split("=", 1) for pair in given if pair), stdin=subprocess.DEVNULL, stdout=sys.stderr)
    except subprocess.TimeoutExpired:
        fail("timed_out", f"the command in {home.name} had not ended after {request['timeout_seconds']:.0f} s")
    if done.returncode:
        fail("failed", f"the command in {home.name} ended with exit code {done.returncode}")
    return {}


def remove(request):
    home = folder(request["show"])
    with locked(home.with_suffix(".lock")):
        clear(home, request["stop_grace_seconds"])
    return {}


def every(request):
    homes = (STATE / request["repository"].replace("/", "--")).glob("*/show.json")
    return {"shows": [show for show in (look(home.parent) for home in sorted(homes)) if show]}


def main():
    if sys.argv[1] == "supervise":
        return supervise(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    request = json.load(sys.stdin)
    operations = {"hello": lambda _: {"protocol": 1, "name": "processes", "operations": sorted(operations)}, "deploy": deploy,
                  "find": lambda asked: {"show": look(folder(asked["show"]))}, "list": every, "remove": remove, "logs": logs,
                  "run": run}
    say(ok=operations[sys.argv[1]](request))


if __name__ == "__main__":
    main()
