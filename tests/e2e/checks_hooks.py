"""Seed and teardown: commands of the project's own in a show's life."""

import pathlib

from checks_exec import EXAMPLES, use_programs
from harness import CONFIG, check, expect, expect_equal


def use_hooks(stage, seed, teardown=""):
    """From now on every show runs these lines of shell; $NOTES is a file that they share with the check."""
    notes = pathlib.Path(stage.folder, "notes")
    config = pathlib.Path(stage.checkout, "ringmaster.toml")
    text = config.read_text() if config.exists() else CONFIG
    hooks = f"seed = '''{seed}'''\nteardown = '''{teardown}'''\nenv = {{ NOTES = \"{notes}\" }}\n"
    stage.write("ringmaster.toml", text.replace("[shows.run]\n", "[shows.run]\n" + hooks))
    return lambda: notes.read_text().splitlines() if notes.exists() else []


def whole_life(stage):
    notes = use_hooks(stage, "echo seeding $RINGMASTER_SHA at $PORT >> $NOTES", "echo leaving $PORT >> $NOTES")
    number, first, address = stage.created()
    port = address.rsplit(":", 1)[1]
    expect_equal(notes(), [f"seeding {first} at {port}"])
    stage.run("sync", str(number))
    expect_equal(len(notes()), 1, "notes after a second sync")
    second = stage.push()
    stage.run("sync", str(number))
    new_port = stage.running_pointer(number).rsplit(":", 1)[1]
    expect_equal(notes()[1:], [f"seeding {second} at {new_port}", f"leaving {port}"])
    stage.run("stop", str(number), "--yes")
    expect_equal(notes()[3:], [f"leaving {new_port}"])
    stage.expect_gone(number)


@check("hooks: a show is seeded once, before visitors are sent to it, and takes its leave before it goes")
def process_life(stage):
    whole_life(stage)


@check("hooks: the same with a runtime of one's own")
def exec_life(stage):
    use_programs(stage, "builder.sh")
    whole_life(stage)


@check("hooks: a worker killed while it seeds: the next one starts the show afresh and seeds it from the beginning")
def killed(stage):
    notes = use_hooks(stage, 'test -e seeded && exit 9; touch seeded; echo seeding $PORT >> $NOTES; '
                             'test "$(wc -l < $NOTES)" -gt 1 || { kill -9 $PPID; sleep 60; }', "rm -f seeded; echo leaving $PORT >> $NOTES")
    number, _ = stage.open_pull_request()
    expect_equal(stage.run("start", str(number), expect_exit=None).returncode, -9, "exit code of the killed worker")
    expect_equal(stage.running(number), None, "visitors are sent to a show that is not seeded")
    stage.run("release", str(number))
    stage.run("start", str(number))
    expect_equal([line.split()[0] for line in notes()], ["seeding", "leaving", "seeding"])
    expect_equal(len(stage.show_processes()), 1, "processes")
    expect(stage.visit(stage.running_pointer(number)), "nobody answers")


@check("hooks: a seed that says no fails the show with its last lines; a teardown that does is told of and keeps nothing")
def failing(stage):
    use_hooks(stage, "echo the table is missing; exit 4", "exit 5")
    number, _ = stage.open_pull_request()
    done = stage.run("start", str(number), expect_exit=1)
    expect("exit code 4" in done.stderr and "step seed" in done.stderr, done.stderr)
    expect("exit code 5" in done.stderr, "the teardown is not told of:", done.stderr)
    (comment,) = stage.comments(number)
    expect("the table is missing" in comment and "seed" in comment, comment)
    expect_equal(stage.show_processes(), [], "processes")


@check("hooks: a runtime of one's own that runs no commands fails the seed, and says what it lacks")
def without_run(stage):
    use_programs(stage, "builder.sh")
    lacking = (EXAMPLES / "runtime.py").read_text().replace('"operations": sorted(operations)',
                                                            '"operations": sorted(set(operations) - {"run"})')
    stage.write("lacking.py", lacking)
    config = pathlib.Path(stage.checkout, "ringmaster.toml")
    stage.write("ringmaster.toml", config.read_text().replace(f'"{EXAMPLES}/runtime.py"', '"python3", "./lacking.py"'))
    use_hooks(stage, "true")
    number, _ = stage.open_pull_request()
    done = stage.run("start", str(number), expect_exit=None)
    expect(done.returncode != 0 and '"run" is not among its operations' in done.stderr, done.stderr)
    expect_equal(stage.show_processes(), [], "processes")
