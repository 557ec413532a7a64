"""Webhooks as GitHub's own schemas describe them, checked by Ajv."""
import hashlib
import hmac
import http.server
import json
import pathlib
import shutil
import threading

from harness import Forge, equal, node_modules, run_command

SCRIPT = pathlib.Path(__file__).with_name("webhook_schema_script.mjs")
SECRET = b"s3cret"


class Receiver(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, bytes, str]] = []

    def do_POST(self) -> None:  # noqa: N802 (the name is http.server's)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["X-GitHub-Event"], body, self.headers["X-Hub-Signature-256"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _receive(forge: Forge) -> list[tuple[str, bytes, str]]:
    """Everything that a show's life causes, once."""
    if Receiver.seen:
        return Receiver.seen
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = {"url": f"http://127.0.0.1:{server.server_port}/", "content_type": "json", "secret": SECRET.decode()}
    hook = forge.api("POST", "/repos/demo/app/hooks", {"config": config, "events": ["*"]})
    forge.commit("More")
    forge.git("push", "-q", forge.remote(), "feature")
    forge.api("POST", "/repos/demo/app/issues/1/labels", ["🎪 abc1234 🚦 running"])
    forge.api("DELETE", "/repos/demo/app/issues/1/labels/%F0%9F%8E%AA%20abc1234%20%F0%9F%9A%A6%20running")
    forge.api("POST", "/repos/demo/app/issues/1/comments", {"body": "Hello"})
    made = forge.api("POST", "/repos/demo/app/deployments", {"ref": "feature", "auto_merge": False, "environment": "preview"})
    forge.api("POST", f"/repos/demo/app/deployments/{made['id']}/statuses", {"state": "success", "environment_url": "http://x"})
    forge.api("PATCH", "/repos/demo/app/pulls/1", {"title": "Renamed"})
    forge.api("PATCH", "/repos/demo/app/pulls/1", {"state": "closed"})
    forge.api("PATCH", "/repos/demo/app/pulls/1", {"state": "open"})
    last = threading.Event()
    for _ in range(600):  # up to a minute: until the last delivery has its record
        deliveries = forge.api("GET", f"/repos/demo/app/hooks/{hook['id']}/deliveries?per_page=100")
        if deliveries and all(delivery["status"] != "pending" for delivery in deliveries):
            break
        last.wait(0.1)
    server.shutdown()
    return Receiver.seen


def order(forge: Forge) -> None:
    """come in the order of what happened"""
    events = [event + ":" + json.loads(body).get("action", "") for event, body, _ in _receive(forge)]
    equal(events, ["ping:", "push:", "pull_request:synchronize", "label:created", "pull_request:labeled",
                   "pull_request:unlabeled", "issue_comment:created", "deployment:created", "deployment_status:created",
                   "pull_request:edited", "pull_request:closed", "pull_request:reopened"])


def signatures(forge: Forge) -> None:
    """carry a signature of their bytes"""
    for _, body, signature in _receive(forge):
        equal(signature, "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest())


def schemas(forge: Forge) -> None:
    """fit @octokit/webhooks-schemas"""
    folder = node_modules("octokit", "@octokit/webhooks-schemas", "ajv", "ajv-formats")
    shutil.copy(SCRIPT, folder / SCRIPT.name)
    sent = [{"event": event, "payload": json.loads(body)} for event, body, _ in _receive(forge)]
    run_command(["node", str(folder / SCRIPT.name)], environment={"HOME": str(forge.folder)}, input_text=json.dumps(sent))


CHECKS = (order, signatures, schemas)
