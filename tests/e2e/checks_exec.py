"""Shows that programs of the user's own build and run: the examples, on the local forge."""

import pathlib
import threading
import time

from harness import CONFIG, check, expect, expect_equal, wait_for

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/plugins"


def use_programs(stage, builder, runtime="runtime.py"):
    """From now on the examples build and run, and keep what they make below the state folder."""
    text = CONFIG.replace('engine = "command"', 'engine = "exec"').replace('engine = "process"', 'engine = "exec"')
    stage.write("ringmaster.toml", text + f"""
[shows.exec]
builder = ["env", "BUILDS={stage.state}/my-builds", "{EXAMPLES}/{builder}"]
runtime = ["env", "SHOWS={stage.state}/my-shows", "{EXAMPLES}/{runtime}"]
""")


def left_behind(stage):
    return [str(path) for folder in ("my-builds/ada/hello", "my-shows/ada--hello")
            for path in pathlib.Path(stage.state, folder).glob("*") if path.suffix != ".lock"]


class Visitor(threading.Thread):
    """Follows the pull request's pointer, and counts what did not answer."""

    def __init__(self, stage, number):
        super().__init__()
        self.stage, self.number = stage, number
        self.pages, self.failed = [], []
        self.is_done = threading.Event()
        self.start()

    def run(self):
        while not self.is_done.is_set():
            address = self.stage.running_pointer(self.number)
            for _ in range(2):  # well within the time that the old version goes on
                page = self.stage.visit(address)
                self.pages.append(page) if page else self.failed.append(f"{time.monotonic():.2f} {address}")

    def stop(self):
        self.is_done.set()
        self.join()


def whole_life(stage, builder):
    use_programs(stage, builder)
    number, first, address = stage.created(version="one")
    expect_equal(stage.visit(address), "version one\n")
    expect(first[:7] in stage.run("list").stdout, "list does not see it")
    visitor = Visitor(stage, number)
    try:
        wait_for(lambda: len(visitor.pages) > 20, 20, "visits", lambda: visitor.failed)
        second = stage.push(version="two")
        stage.run("sync", str(number))
        wait_for(lambda: visitor.pages[-20:].count("version two\n") == 20, 20, "visits to the new version")
    finally:
        visitor.stop()
    expect_equal(visitor.failed, [], "failed requests")
    expect_equal((stage.running(number) or [None])[0], second[:7])
    expect_equal(len(stage.show_processes()), 1, "processes after the replacement")
    stage.run("stop", str(number), "--yes")
    stage.expect_gone(number)
    expect_equal(left_behind(stage), [], "folders")
    return f"{len(visitor.pages)} requests, 0 failed"


@check("exec: a show of the shell builder and the Python runtime is created, replaced under load, and stopped")
def life_with_shell(stage):
    return whole_life(stage, "builder.sh")


@check("exec: the same with the Python builder")
def life_with_python(stage):
    return whole_life(stage, "builder.py")


@check("exec: a build that says no fails the show with the program's sentence, and leaves nothing")
def broken_build(stage):
    use_programs(stage, "builder.sh")
    number, _ = stage.open_pull_request(broken="")
    stage.run("start", str(number), expect_exit=1)
    expect(any("build.sh ended with exit code 3" in body for body in stage.comments(number)), stage.comments(number))
    expect_equal(left_behind(stage), [], "folders")


@check("exec: a program that breaks off fails the show with its last words, and is asked to remove what there may be")
def broken_program(stage):
    use_programs(stage, "builder.sh")
    stage.write("mine.sh", 'echo "$1" >> calls; case $1 in remove) echo \'{"ok":{}}\' ;; find) echo \'{"ok":{"show":null}}\' ;; '
                'list) echo \'{"ok":{"shows":[]}}\' ;; *) echo no more room >&2; exit 7 ;; esac\n')
    text = pathlib.Path(stage.checkout, "ringmaster.toml").read_text()
    stage.write("ringmaster.toml", text.replace(f'"{EXAMPLES}/runtime.py"', '"sh", "./mine.sh"'))
    number, _ = stage.open_pull_request()
    said = stage.run("start", str(number), expect_exit=1).stderr
    expect("ended with exit code 7: no more room" in said, said)
    calls = pathlib.Path(stage.checkout, "calls").read_text().split()
    expect("remove" in calls[calls.index("deploy"):], calls)


KILLER = """
# Kills who called it before or after the operation that the file `kill` names, once: "deploy before".
program=$1; shift
read -r operation moment 2> /dev/null < {folder}/kill
[ "$operation" = "$PART-$1" ] || exec "$program" "$@"
rm {folder}/kill
[ "$moment" = before ] || "$program" "$@" > /dev/null
kill -9 $PPID; sleep 60
"""


@check("exec: a worker killed before or after any call leaves nothing that the next one does not find")
def killed(stage):
    use_programs(stage, "builder.sh")
    killer = pathlib.Path(stage.folder, "killer.sh")
    killer.write_text(KILLER.replace("{folder}", stage.folder))
    text = pathlib.Path(stage.checkout, "ringmaster.toml").read_text()
    for part, program in (("builder", "builder.sh"), ("runtime", "runtime.py")):
        text = text.replace(f'"{EXAMPLES}/{program}"', f'"PART={part}", "sh", "{killer}", "{EXAMPLES}/{program}"')
    stage.write("ringmaster.toml", text)
    number, _ = stage.open_pull_request()
    for operation in ("builder-build", "runtime-deploy", "runtime-remove", "builder-remove"):
        for moment in ("before", "after"):
            kill = pathlib.Path(stage.folder, "kill")
            kill.write_text(f"{operation} {moment}\n")
            began = stage.run("start", str(number), expect_exit=None)
            ended = stage.run("stop", str(number), "--yes", expect_exit=None) if began.returncode == 0 else began
            expect_equal(ended.returncode, -9, f"{operation} {moment}: {began.stderr} {ended.stderr}")
            expect(not kill.exists(), operation, moment)
            stage.run("release", str(number))
            stage.run("stop", str(number), "--yes")
            stage.expect_gone(number)
            expect_equal(left_behind(stage), [], f"folders after {operation} {moment}")


@check("exec: a stable address leads to the version that serves, is told to people, and goes with the last one")
def stable_address(stage):
    use_programs(stage, "builder.sh")
    maps = pathlib.Path(stage.folder, "maps")
    maps.mkdir()
    text = pathlib.Path(stage.checkout, "ringmaster.toml").read_text()
    stage.write("ringmaster.toml", text + f"""router = ["env", "ROUTES={maps}", "RELOAD=true", "{EXAMPLES}/router.sh"]
[shows.router]
engine = "exec"
address = "https://pr-{{pr}}.shows.example.org"
""")
    number, _, address = stage.created()
    route = maps / f"ada/hello/{number}.map"

    def expect_led_to(where):
        expect_equal(route.read_text(), f"pr-{number}.shows.example.org {where.removeprefix('http://')};\n")

    expect_led_to(address)
    (show,) = stage.json("status", str(number), "--json")
    expect_equal(show["stable_url"], f"https://pr-{number}.shows.example.org")
    stage.push()
    stage.run("sync", str(number))
    expect(stage.running_pointer(number) != address, "the address of the new version")
    expect_led_to(stage.running_pointer(number))
    route.write_text("somebody else was here;\n")
    stage.run("sync", str(number))
    expect_led_to(stage.running_pointer(number))
    doctor = [line for line in stage.run("doctor").stdout.splitlines() if "router" in line]
    expect(len(doctor) == 1 and "passed" in doctor[0] and "nginx maps" in doctor[0], doctor)
    stage.run("stop", str(number), "--yes")
    expect(not route.exists(), "the route of a show that was stopped")
    maps.rename(pathlib.Path(stage.folder, "away"))
    expect("there is no folder" in stage.run("start", str(number), expect_exit=1).stderr, "the program's sentence")


COUNTING_KILLER = """
# Kills who called it before or after its call number `place`.
echo "$4" >> {folder}/calls
[ "$(wc -l < {folder}/calls)" = "$(cat {folder}/place)" ] || exec "$3" "$4"
[ "$2" = before ] || "$3" "$4" > /dev/null
kill -9 $PPID; sleep 60
"""


def use_killed_router(stage, maps, moment):
    """The example as a router, in between one that kills its caller at a call. Gives how to arm it: with the number of the
    call; the name of that call, or None if there were fewer."""
    use_programs(stage, "builder.sh")
    killer = pathlib.Path(stage.folder, "killer.sh")
    killer.write_text(COUNTING_KILLER.replace("{folder}", stage.folder))
    text = pathlib.Path(stage.checkout, "ringmaster.toml").read_text()
    stage.write("ringmaster.toml", text + f"""router = ["env", "ROUTES={maps}", "RELOAD=true", "sh", "{killer}", "at", "{moment}", "{EXAMPLES}/router.sh"]
[shows.router]
engine = "exec"
address = "https://pr-{{pr}}.shows.example.org"
""")
    calls, place = pathlib.Path(stage.folder, "calls"), pathlib.Path(stage.folder, "place")

    def arm(number):
        calls.write_text("")
        place.write_text(str(number))

    def struck():
        made = calls.read_text().split()
        return made[int(place.read_text()) - 1] if len(made) >= int(place.read_text()) else None

    return arm, struck


def router_is_killed(moment):
    def run(stage):
        maps = pathlib.Path(stage.folder, "maps")
        maps.mkdir()
        arm, struck = use_killed_router(stage, maps, moment)
        number, _ = stage.open_pull_request()
        route = maps / f"ada/hello/{number}.map"
        words = {"start": ("start", str(number)), "replace": ("sync", str(number)), "stop": ("stop", str(number), "--yes")}
        seen = []
        for operation, words_of_it in words.items():
            for place in range(1, 30):
                arm(0)
                if operation != "start":
                    stage.run("start", str(number))
                if operation == "replace":
                    stage.push()
                arm(place)
                done = stage.run(*words_of_it, expect_exit=None)
                call = struck()
                if call:
                    expect_equal(done.returncode, -9, f"{operation}, {moment} call {place}: {done.stderr}")
                    seen.append(f"{operation}:{call}")
                arm(0)
                stage.run("release", str(number))
                if operation != "stop":
                    stage.run("sync" if operation == "replace" else "start", str(number))
                    where = stage.running_pointer(number)
                    expect(stage.visit(where), f"{operation}, {moment} call {place} ({call}): nobody answers at {where}")
                    expect_equal(route.read_text(), f"pr-{number}.shows.example.org {where.removeprefix('http://')};\n")
                    expect_equal(len(stage.show_processes()), 1, f"processes: {operation}, {moment} call {place}")
                stage.run("stop", str(number), "--yes")
                stage.expect_gone(number)
                expect(not route.exists(), f"{operation}, {moment} call {place} ({call}): a route is left")
                expect_equal(left_behind(stage), [], f"folders after {operation}, {moment} call {place}")
                if not call:
                    break
        for wanted in ("start:point", "replace:point", "stop:withdraw"):
            expect(wanted in seen, f"{wanted} is not among {seen}")
        return f"{len(seen)} places"
    return run


check("exec: a worker killed before any call to its router: the next run leads visitors to what serves, or nowhere")(
    router_is_killed("before"))
check("exec: a worker killed after any call to its router: the same")(router_is_killed("after"))


@check("exec: doctor names the programs, and says which one cannot be started")
def doctor(stage):
    use_programs(stage, "builder.py")
    engines = [line for line in stage.run("doctor").stdout.splitlines() if "engine" in line]
    expect(all("passed" in line and "protocol 1" in line for line in engines) and len(engines) == 2, engines)
    use_programs(stage, "builder.py", "no-such-program")
    done = stage.run("doctor", expect_exit=1)
    expect("no-such-program" in done.stdout, done.stdout)


@check("exec: the app gets the environment and secrets, and the example keeps none of them on disk")
def secrets(stage):
    use_programs(stage, "builder.py")
    stage.write("ringmaster.toml", pathlib.Path(stage.checkout, "ringmaster.toml").read_text().replace(
        "[shows.run]\n", '[shows.run]\nenv = { COLOR = "green" }\nsecrets = ["APP_SECRET"]\n'))
    number, _ = stage.open_pull_request()
    stage.run("start", str(number), APP_SECRET="planted-5ecret")
    (app,) = stage.show_processes()
    environment = pathlib.Path(f"/proc/{app}/environ").read_bytes().split(b"\0")
    expect({b"COLOR=green", b"APP_SECRET=planted-5ecret"} <= set(environment), environment)
    expect(not any(stage.token.encode() in variable for variable in environment), "the app has our token")
    for path in pathlib.Path(stage.state).rglob("*"):
        expect(not path.is_file() or b"planted-5ecret" not in path.read_bytes(), f"{path} holds the secret")


@check("exec: logs are the app's, whole and followed until the show ends")
def logs(stage):
    use_programs(stage, "builder.sh")
    stage.write("app.py", 'print("hello from the app", flush=True)\n' + stage.FILES["app.py"])
    number, _, _ = stage.created()
    expect_equal(stage.run("logs", str(number)).stdout, "hello from the app\n")
    follower = stage.start("logs", str(number), "--follow")
    wait_for(lambda: follower.stdout.readline() == "hello from the app\n", 10, "the first line")
    stage.run("stop", str(number), "--yes")
    follower.communicate(timeout=20)
    expect_equal(follower.returncode, 0, "the follower's exit code")
