"""Octokit, in Node.js; octokit_script.mjs is what runs there."""
import pathlib
import shutil

from harness import Forge, node_modules, run_command

SCRIPT = pathlib.Path(__file__).with_name("octokit_script.mjs")


def _step(name: str, what: str):
    def check(forge: Forge) -> None:
        folder = node_modules("octokit")
        # Modules are looked for beside the script, so it runs beside them.
        shutil.copy(SCRIPT, folder / SCRIPT.name)
        run_command(["node", str(folder / SCRIPT.name), forge.url, name], environment={"HOME": str(forge.folder)})
    check.__doc__ = what
    return check


CHECKS = (
    _step("viewer", "knows who it is"),
    _step("labels", "creates labels, and is told of a duplicate"),
    _step("paginate", "pages through a list"),
    _step("pull", "reads and edits a pull request"),
    _step("sticky", "keeps one comment up to date"),
    _step("deployment", "records a deployment"),
    _step("conditional", "gets 304 for what it knows"),
    _step("graphql", "asks by GraphQL"),
    _step("merge", "merges"),
)
