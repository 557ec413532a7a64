"""What doctor says of programs that others have installed."""

import os
import pathlib

from harness import CONFIG, check, expect

# A docker of that version; the plugin is where Docker itself looks for it, in its configuration's folder.
DOCKER = """#!/bin/sh
[ "$1" = --version ] && echo "Docker version {version}, build e6534b4" && exit
[ -e "$DOCKER_CONFIG/cli-plugins/docker-buildx" ] && echo "github.com/docker/buildx v0.12.1" && exit
echo "docker: 'buildx' is not a docker command." >&2; exit 1
"""


@check("doctor: a docker that cannot build because its plugin is missing is told, and one that has it where its configuration is is not")
def docker_without_plugin(stage):
    text = CONFIG.replace('engine = "command"', 'engine = "docker"\ntool = "TOOL"').replace('engine = "process"', 'engine = "docker"')
    text = "\n".join(line for line in text.splitlines() if not line.startswith("command"))
    programs, plugins = pathlib.Path(stage.folder, "programs"), pathlib.Path(stage.folder, "with-plugin/cli-plugins")
    programs.mkdir()
    plugins.mkdir(parents=True)
    (plugins / "docker-buildx").touch()

    def verdict(tool, version, configuration=""):
        (programs / "docker").write_text(DOCKER.replace("{version}", version))
        (programs / "docker").chmod(0o755)
        stage.write("ringmaster.toml", text.replace("TOOL", tool))
        said = stage.run("doctor", expect_exit=None, PATH=f"{programs}:{os.environ['PATH']}", DOCKER_CONFIG=configuration).stdout
        (line,) = [line for line in said.splitlines() if "\tbuild engine\t" in line]
        return line

    for tool, version in (("buildx", "20.10.24"), ("buildx", "28.2.2"), ("docker", "28.2.2")):
        line = verdict(tool, version)
        expect(line.startswith("failed") and "buildx plugin is missing" in line, tool, version, line)
        line = verdict(tool, version, str(plugins.parent))
        expect(line.startswith("passed"), tool, version, line)
    line = verdict("docker", "20.10.24")
    expect(line.startswith("passed") and "20.10.24" in line, line)
