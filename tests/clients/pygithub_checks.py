"""PyGithub, in a virtual environment of its own; pygithub_script.py is what runs there."""
import pathlib

from harness import Forge, python_with, run_command

SCRIPT = pathlib.Path(__file__).with_name("pygithub_script.py")


def _step(name: str, what: str):
    def check(forge: Forge) -> None:
        python = python_with("pygithub", "PyGithub==2.10.0")
        run_command([str(python), str(SCRIPT), forge.url, name], environment={"HOME": str(forge.folder)})
    check.__doc__ = what
    return check


CHECKS = (
    _step("labels", "creates, lists, renames and deletes label definitions"),
    _step("duplicate", "tells a duplicate label apart"),
    _step("pull", "reads a pull request, its head and its commits by their urls"),
    _step("attach", "adds, sets and removes a pull request's labels"),
    _step("pages", "pages through a list"),
    _step("comments", "writes, edits and deletes comments"),
    _step("permission", "asks for a collaborator's permission"),
    _step("deployments", "creates a deployment with statuses"),
    _step("refs", "creates, moves and deletes refs"),
    _step("hooks", "creates, pings and deletes a webhook"),
    _step("search", "searches issues"),
)
