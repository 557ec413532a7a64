"""The GitHub Actions workflows that `ringmaster init --workflows` writes: a linter's view of them, and their steps run as the
runner would, on the local forge."""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

from harness import START, STOP, Skip, check, expect, expect_equal, wait_for

TOOLS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "build/tools")
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7"


def read_yaml(path):
    """With PyYAML, which is installed below build/ where Python has none."""
    sys.path.append(os.path.join(TOOLS, "python"))
    try:
        import yaml
    except ImportError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", sys.path[-1], "PyYAML"], check=True)
        import yaml
    with open(path) as file:
        return yaml.safe_load(file)


def written_workflows(stage):
    stage.run("init", "--workflows")
    return sorted(glob.glob(os.path.join(stage.checkout, ".github/workflows/*.yml")))


@check("the workflows of init have nothing that actionlint minds")
def linted(stage):
    program = os.path.join(TOOLS, "actionlint")
    if not os.path.exists(program):
        if not shutil.which("go"):
            raise Skip("go is not installed, which builds actionlint")
        environment = {**os.environ, "GOBIN": TOOLS, "GOFLAGS": "-mod=mod"}
        done = subprocess.run(["go", "install", ACTIONLINT], env=environment, capture_output=True, text=True)
        expect(done.returncode == 0, "actionlint does not build:", done.stderr)
    files = written_workflows(stage)
    expect_equal(len(files), 2)
    done = subprocess.run([program, *files], capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout, done.stderr)


class Runner:
    """One job of a workflow on a machine of its own: its steps in order, as the runner does them. Expressions are those that
    `values` knows; an unknown one is a defect of the check."""

    def __init__(self, stage, path, values, **extra):
        (self.job,) = read_yaml(path)["jobs"].values()
        self.stage = stage
        self.values = values
        self.folder = os.path.join(stage.folder, f"runner-{time.monotonic_ns()}")
        self.outputs = {}
        self.failed = False
        os.makedirs(self.folder)
        self.environment = stage.environment(GITHUB_ACTIONS="true", RUNNER_TEMP=self.folder, **extra)
        del self.environment["GITHUB_TOKEN"]  # a step has it only if it asks for it

    def evaluate(self, text):
        def value(match):
            expression = match.group(1)
            found = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+)", expression)
            return self.outputs[found.group(1)].get(found.group(2), "") if found else str(self.values[expression])
        return re.sub(r"\$\{\{ (.*?) \}\}", value, str(text))

    def wants(self, condition):
        if condition == "always()":
            return True
        if self.failed or condition is None:
            return not self.failed
        found = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+) (==|!=) '(\w+)'", condition)
        same = self.outputs[found.group(1)].get(found.group(2), "") == found.group(4)
        return same == (found.group(3) == "==")

    def run(self):
        """Runs the job; the names of the steps that ran, and what they said."""
        ran, said = [], ""
        for number, step in enumerate(self.job["steps"]):
            if "run" not in step or not self.wants(step.get("if")):
                continue
            output_file, path_file = (os.path.join(self.folder, f"{word}-{number}") for word in ("output", "path"))
            for file in (output_file, path_file):
                open(file, "w").close()
            environment = {**self.environment, "GITHUB_OUTPUT": output_file, "GITHUB_PATH": path_file}
            for name, value in {**self.job.get("env", {}), **step.get("env", {})}.items():
                environment[name] = self.evaluate(value)
            done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=self.stage.checkout, env=environment,
                                  capture_output=True, text=True, timeout=60)
            ran.append(step["name"])
            said += done.stdout + done.stderr
            self.failed = self.failed or done.returncode != 0
            for line in open(path_file).read().splitlines():
                self.environment["PATH"] = line + os.pathsep + self.environment["PATH"]
            self.outputs[step.get("id", str(number))] = self.read_outputs(output_file)
        return ran, said

    @staticmethod
    def read_outputs(path):
        return {name: value for name, _, value in
                re.findall(r"^(\w+)<<(\S+)\n(.*?)\n\2$", open(path).read(), re.MULTILINE | re.DOTALL)}


def values_for(stage, number, sha="", checksum=None):
    with open(stage.binary, "rb") as file:
        checksum = checksum or hashlib.sha256(file.read()).hexdigest()
    return {"github.event.pull_request.number || inputs.pull_request": number, "inputs.sha": sha,
            "github.token": stage.token, "vars.RINGMASTER_URL": "file://" + os.path.realpath(stage.binary),
            "vars.RINGMASTER_SHA256": checksum, "inputs.dry_run && '--dry-run' || ''": ""}


@check("the workflow of init brings a show up, replaces it, stops it, and gives the claim up")
def shows_workflow(stage):
    cleanup, shows = written_workflows(stage)
    stage.person("grace", "write")
    number, sha = stage.open_pull_request()

    def run(**extra):
        runner = Runner(stage, shows, values_for(stage, number), GITHUB_ACTOR="grace", **extra)
        ran, said = runner.run()
        expect(not runner.failed, said)
        return ran

    expect_equal(run()[1:], ["Look what is needed", "Bring the show up, replace it, or take it down",
                             "Give the claim up, however this ended"])
    expect_equal(stage.tent_labels(number), [], "nobody asked for a show")
    stage.add_labels(number, START)
    expect("Fetch the commit to build" in run(), "nothing was fetched")
    expect_equal(stage.running(number)[0], sha[:7])
    newer = stage.push()
    run()
    expect_equal(stage.running(number)[0], newer[:7])
    runner = Runner(stage, cleanup, values_for(stage, number))
    said = runner.run()[1]
    expect(not runner.failed, said)
    expect(stage.running(number), "the cleanup took a wanted show")
    stage.add_labels(number, STOP)
    run()
    stage.expect_gone(number)


@check("the workflow of init runs no program with another checksum, and gives up the claim of a run that was killed")
def workflow_faults(stage):
    _, shows = written_workflows(stage)
    stage.person("grace", "write")
    number, _ = stage.open_pull_request(slow="60")
    stage.add_labels(number, START)
    runner = Runner(stage, shows, values_for(stage, number, checksum="0" * 64), GITHUB_ACTOR="grace")
    ran, said = runner.run()
    expect(runner.failed and "Look what is needed" not in ran, said)

    worker = stage.start("sync", str(number))
    wait_for(lambda: stage.statuses(number), 20, "the build's begin")
    worker.kill()
    worker.wait()
    runner = Runner(stage, shows, values_for(stage, number))
    release = next(step for step in runner.job["steps"] if step.get("if") == "always()")
    runner.environment["PATH"] = os.path.dirname(os.path.realpath(stage.binary)) + os.pathsep + runner.environment["PATH"]
    runner.job["steps"] = [release]
    runner.run()
    expect_equal(stage.lease_tokens(), [], "the claim is still held")
