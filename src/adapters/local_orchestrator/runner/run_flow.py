"""Runs one Python flow: run_flow.py FILE OBJECT, in the folder of the deployed code.

FILE is relative to that folder, OBJECT a dotted name in it. What the flow is called with is in
RINGMASTER_PARAMETERS, a JSON object. Whatever can be called will do: a Prefect flow (calling it runs it), a
plain function, a coroutine. Only the standard library is used, Python 3.8 or newer.
"""

import asyncio
import importlib
import importlib.util
import inspect
import json
import os
import sys
import traceback


def fail(message, is_said=False):
    """Ends the run. The message becomes its state's text; it goes to the log unless a traceback said it."""
    sys.stdout.flush()
    if not is_said:
        print(message, file=sys.stderr, flush=True)
    reason = os.environ.get("RINGMASTER_REASON")  # a file: what Prefect says while it shuts down comes last
    if reason:
        with open(reason, "w", encoding="utf-8", errors="replace") as file:
            file.write(message)
    sys.exit(1)


def package_of(path):
    """The topmost folder's parent and the dotted name of the module: ("/code/src", "orders.daily")."""
    folder, name = os.path.split(os.path.abspath(path))
    parts = [] if name == "__init__.py" else [os.path.splitext(name)[0]]
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    return folder, ".".join(parts)


def load(path):
    """The module, with the deployed code before whatever is installed under the same names."""
    folder, name = package_of(path)
    source = os.path.join(os.getcwd(), "src")
    here = [folder, os.path.dirname(os.path.abspath(path)), os.getcwd()]
    if os.path.isdir(source):
        here.insert(1, source)
    sys.path[:] = list(dict.fromkeys(here)) + sys.path[1:]  # [0] is the folder of this script
    if "." in name:
        return importlib.import_module(name)
    # A file beside no package may be called like an installed module ("email.py"), so it is loaded by its path.
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find(module, dotted):
    found = module
    for part in dotted.split("."):
        found = getattr(found, part)
    return found


def print_traceback(error):
    """Without the frames of this file and of the import system: they are no news."""
    frames = error.__traceback__
    while frames and (frames.tb_frame.f_code.co_filename == __file__ or
                      "importlib" in frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    sys.stdout.flush()
    traceback.print_exception(type(error), error, frames)


def explain_missing(error):
    if not isinstance(error, ModuleNotFoundError) or (error.name or "").partition(".")[0] != "prefect":
        return None
    return (f"this flow needs prefect, which {sys.executable} does not have: "
            f"{sys.executable} -m pip install prefect, or name another interpreter in [flows.local] python")


def run(path, dotted):
    module = load(path)
    try:
        flow = find(module, dotted)
    except AttributeError as error:
        fail(f"{path} has no {dotted}: {error}")
    if not callable(flow):
        fail(f"{dotted} in {path} is nothing that can be called, but of type {type(flow).__name__}")
    result = flow(**json.loads(os.environ.get("RINGMASTER_PARAMETERS") or "{}"))
    if inspect.isawaitable(result):
        async def wait():
            return await result
        result = asyncio.run(wait())
    if inspect.isgenerator(result):
        for _ in result:
            pass


def main():
    path, dotted = sys.argv[1:3]
    if not os.path.isfile(path):
        fail(f"the deployed commit has no file {path}")
    sys.argv[:] = [path]
    try:
        run(path, dotted)
    except Exception as error:  # whatever a flow raises
        print_traceback(error)
        missing = explain_missing(error)
        fail(missing or f"{type(error).__name__}: {error}", is_said=not missing)


if __name__ == "__main__":
    main()
