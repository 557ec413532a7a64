"""`ringmaster serve`: webhooks, the sweep, its routes, its end; and what it does with bad input."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse

from harness import START, STOP, check, expect, expect_equal, processes_below, wait_for


def metrics(stage):
    text = stage.request("GET", stage.service + "/metrics")[2]
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
            if line and not line.startswith("#")}


@check("serve: a label starts a show, a push replaces it, a stop label ends it, all by webhook", serving=True)
def by_webhook(stage):
    number, first = stage.open_pull_request()
    stage.add_labels(number, START)
    show = wait_for(lambda: stage.running(number), 30, "a show", lambda: stage.tent_labels(number))
    expect_equal(show[0], first[:7])
    second = stage.push()
    wait_for(lambda: (stage.running(number) or [None])[0] == second[:7], 30, "the replacement",
             lambda: stage.tent_labels(number))
    stage.add_labels(number, STOP)
    wait_for(lambda: not stage.tent_labels(number) and not stage.show_processes(), 30, "the end",
             lambda: stage.tent_labels(number))
    wait_for(lambda: not stage.lease_tokens(), 5, "no lease token")


@check("serve: /go/ leads to the version that serves, through start, replacement and stop", serving=True)
def stable_address(stage):
    number, _ = stage.open_pull_request()
    page = f"{stage.service}/go/hello/{number}"
    expect_equal(stage.request("GET", page)[0], 404)

    def version():
        try:
            status, _, text = stage.request("GET", page)
        except (OSError, http.client.HTTPException) as error:  # a show that ends while it answers
            return str(error)
        return text.strip() if status == 200 else status

    stage.add_labels(number, START)
    wait_for(lambda: str(version()).startswith("version"), 30, "the first version", version)
    stage.push(version="newer", slow="1")
    seen = []
    wait_for(lambda: (seen.append(version()), seen[-1] == "version newer")[1], 30, "the newer version", version)
    expect(all(str(one).startswith("version") for one in seen), "visitors were turned away:", seen)
    stage.add_labels(number, STOP)
    wait_for(lambda: version() == 404, 30, "the end", version)


@check("serve: closing a pull request ends its show by webhook", serving=True)
def close_by_webhook(stage):
    number, _ = stage.open_pull_request()
    stage.add_labels(number, START)
    wait_for(lambda: stage.running(number), 30, "a show", lambda: stage.tent_labels(number))
    stage.close(number)
    wait_for(lambda: not stage.tent_labels(number) and not stage.show_processes(), 30, "the end",
             lambda: stage.tent_labels(number))


@check("serve: what no webhook told, the sweep finds", server_environment={"RINGMASTER_SERVER_SWEEP_INTERVAL": "1s"})
def by_sweep(stage):
    number, sha = stage.open_pull_request()
    stage.add_labels(number, START)
    wait_for(lambda: stage.running(number), 30, "a show", lambda: stage.tent_labels(number))
    stage.close(number)
    wait_for(lambda: not stage.tent_labels(number) and not stage.show_processes(), 30, "the end",
             lambda: stage.tent_labels(number))


@check("serve: the service and a person's sync at once make one show", serving=True)
def both(stage):
    number, sha = stage.open_pull_request(slow="0.3")
    stage.add_labels(number, START)
    for child in [stage.start("sync", str(number)) for _ in range(2)]:
        child.communicate(timeout=60)
    show = wait_for(lambda: stage.running(number), 40, "a show", lambda: stage.tent_labels(number))
    expect_equal(show[0], sha[:7])
    wait_for(lambda: len(stage.show_processes()) == 1, 5, "one process", lambda: stage.show_processes())


@check("serve: SIGTERM during a build ends it within seconds and releases the lease", serving=True)
def graceful(stage):
    number, _ = stage.open_pull_request(slow="60")
    stage.add_labels(number, START)
    wait_for(lambda: any("sleep" in stage.command_line(pid) for pid in stage.processes_of_state()), 20, "the build")
    began = time.monotonic()
    stage.server.send_signal(signal.SIGTERM)
    stage.server.wait(timeout=20)
    expect(time.monotonic() - began < 10, "it took", time.monotonic() - began)
    expect_equal(stage.server.returncode, 0, stage.server_said())
    expect_equal(stage.processes_of_state(), [], "processes of the build")
    expect("Traceback" not in stage.server_said() and "bug" not in stage.server_said(), stage.server_said())


@check("serve: started again on the same data, it knows its shows; they served on meanwhile", serving=True)
def again(stage):
    number, sha = stage.open_pull_request()
    stage.add_labels(number, START)
    show = wait_for(lambda: stage.running(number), 30, "a show", lambda: stage.tent_labels(number))
    stage.server.send_signal(signal.SIGTERM)
    expect_equal(stage.server.wait(timeout=20), 0, stage.server_said())
    expect(stage.visit(show[1]), "the show went with the service")
    stage.restart_server()
    expect_equal(stage.running(number)[0], sha[:7])
    stage.add_labels(number, STOP)
    wait_for(lambda: not stage.tent_labels(number) and not stage.show_processes(), 30, "the end",
             lambda: stage.tent_labels(number))


@check("serve: routes answer, and refusals are problem documents", serving=True)
def routes(stage):
    expect_equal(stage.request("GET", stage.service + "/healthz")[0], 200)
    wait_for(lambda: stage.request("GET", stage.service + "/readyz")[0] == 200, 10, "readiness",
             lambda: stage.request("GET", stage.service + "/readyz")[2])
    status, headers, text = stage.request("GET", stage.service + "/nowhere")
    expect_equal((status, headers["Content-Type"]), (404, "application/problem+json"))
    expect_equal(json.loads(text)["status"], 404)
    expect("process_resident_memory_bytes" in metrics(stage), "metrics")
    expect_equal(stage.request("POST", stage.service + "/metrics", b"")[0], 405)


@check("serve: unsigned, wrongly signed and malformed webhooks are refused and change nothing", serving=True)
def bad_webhooks(stage):
    body = {"action": "opened", "number": 1, "repository": {"full_name": "ada/hello"}}
    url = stage.service + "/webhooks"
    expect_equal(stage.request("POST", url, body, {"X-GitHub-Event": "pull_request"})[0], 401, "unsigned")
    status, headers, text = stage.deliver("pull_request", body, "not the secret")
    expect_equal((status, headers["Content-Type"]), (401, "application/problem+json"))
    expect_equal(stage.deliver("pull_request", b"{broken", stage.webhook_secret())[0], 400)
    expect_equal(stage.deliver("pull_request", b"[]", stage.webhook_secret())[0], 400)
    other = dict(body, repository={"full_name": "eve/other"})
    expect_equal(json.loads(stage.deliver("pull_request", other, stage.webhook_secret())[2])["result"],
                 "other_repository")
    good = [stage.deliver("pull_request", body, stage.webhook_secret(), "same-id") for _ in range(2)]
    expect_equal([status for status, _, _ in good], [202, 202])
    expect_equal(json.loads(good[1][2])["result"], "duplicate")
    expect_equal(stage.request("GET", stage.service + "/healthz")[0], 200)


def raw_connection(stage):
    where = urllib.parse.urlsplit(stage.service)
    connection = socket.create_connection((where.hostname, where.port), timeout=60)
    return connection


@check("serve: a body of 100 MB is refused with 413 before it is read, and memory stays small", serving=True)
def huge_body(stage):
    with raw_connection(stage) as connection:
        connection.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"X-GitHub-Event: pull_request\r\nContent-Length: 104857600\r\n\r\n")
        try:
            for _ in range(1600):
                connection.sendall(b" " * 65536)
        except OSError:
            pass  # it listens on a little, so that the answer arrives, and then closes
        answer = b""
        try:
            answer = connection.recv(200)
        except OSError:
            pass
    expect(not answer or b" 413 " in answer.split(b"\r\n")[0], answer)
    expect(metrics(stage)["process_resident_memory_bytes"] < 150e6, metrics(stage)["process_resident_memory_bytes"])
    expect_equal(stage.request("GET", stage.service + "/healthz")[0], 200)


@check("serve: bodies that come a byte a second are cut off, and others are served meanwhile", serving=True)
def slow_bodies(stage):
    slow = [raw_connection(stage) for _ in range(50)]
    try:
        for connection in slow:
            connection.sendall(b"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            connection.settimeout(0.01)
        began = time.monotonic()
        cut = 0

        def all_cut():
            nonlocal cut
            for connection in list(slow):
                try:
                    connection.send(b" ")
                    if connection.recv(100):
                        raise ConnectionResetError  # an answer (408) ends it as well
                    raise ConnectionResetError
                except TimeoutError:
                    continue
                except OSError:
                    slow.remove(connection)
                    connection.close()
            expect_equal(stage.request("GET", stage.service + "/healthz", timeout=5)[0], 200)
            time.sleep(1)  # the byte a second
            return not slow

        wait_for(all_cut, 60, "the end of slow connections", lambda: f"{len(slow)} are open")
        expect(time.monotonic() - began < 50, "too patient")
    finally:
        for connection in slow:
            connection.close()


@check("serve: a taken port is a clear error; a bad one is wrong usage")
def ports(stage):
    taken = urllib.parse.urlsplit(stage.service).netloc
    refused = stage.run("serve", "--listen", taken, expect_exit=None)
    expect(refused.returncode not in (0, 2), refused.returncode)
    expect(taken.split(":")[1] in refused.stderr, refused.stderr)
    wrong = stage.run("serve", "--listen", "nonsense", expect_exit=2)
    expect("listen" in wrong.stderr, wrong.stderr)


@check("serve: other machines may reach it only with a webhook secret")
def exposure(stage):
    refused = stage.run("serve", "--listen", "0.0.0.0:0", expect_exit=2)
    expect("GITHUB_WEBHOOK_SECRET" in refused.stderr, refused.stderr)


def typed(stage, lines):
    """What a person pastes into a shell, with nothing of ours in the environment."""
    clean = {"PATH": os.environ["PATH"], "HOME": stage.folder, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["sh", "-e"], input="\n".join(lines), cwd=stage.checkout, env=clean, capture_output=True,
                          text=True, timeout=60)
    expect(done.returncode == 0, f"exit {done.returncode}: {done.stdout}\n{done.stderr}")
    return done.stdout


@check("serve --local: the commands it prints work as they are typed", serving=True)
def printed_commands(stage):
    stage.git("config", "user.name", "Ada")
    stage.git("config", "user.email", "ada@example.org")
    said = stage.server_said()
    commands = [line.strip() for line in said[said.index("Try, in"):].splitlines() if line.startswith("  ")]
    expect(len(commands) == 5, commands)
    typed(stage, commands)
    expect(wait_for(lambda: stage.running(1), 20, "a show", lambda: stage.tent_labels(1)), "no show")


@check("demo --keep: the commands it prints work as they are typed, and Ctrl-C clears all away")
def kept_demo(stage):
    folder = os.path.join(stage.folder, "demo")
    demo = stage.start("demo", "--fast", "--keep", "--directory", folder)
    said = ""
    while "curl" not in said:
        line = demo.stdout.readline()
        expect(line, "the demo ended:", said, demo.stderr.read() if not line else "")
        said += line
    commands = [line.strip() for line in said[said.index("In another terminal"):].splitlines()
                if line.startswith("  ")]
    out = typed(stage, commands)
    expect("running" in out and "ringmaster_webhooks_total" in out, out)
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=20)
    expect_equal(demo.returncode, 0)
    expect_equal(processes_below(folder), [], "processes of the demo")


@check("demo --fast: every act as it should be, nothing failed, at most 20 s")
def demo(stage):
    began = time.monotonic()
    done = stage.run("demo", "--fast", timeout=60)
    expect(time.monotonic() - began <= 20, "it took", time.monotonic() - began)
    expect(" 0 failed" in done.stdout, done.stdout)
