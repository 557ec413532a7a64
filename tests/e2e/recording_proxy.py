"""Stands between the program and the forge: counts what is asked, and breaks what it is told to break."""

import http.client
import http.server
import json
import socketserver
import threading
import urllib.parse

# Headers of one connection, not of the message.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Asked:
    def __init__(self, method, path, body):
        self.method, self.path, self.body = method, path, body

    @property
    def is_graphql(self):
        return self.path.endswith("/graphql")

    @property
    def writes(self):
        if self.is_graphql:
            return json.loads(self.body or b"{}").get("query", "").lstrip().startswith("mutation")
        return self.method not in ("GET", "HEAD")

    def __repr__(self):
        what = self.body[:60].decode(errors="replace") if self.is_graphql else ""
        return f"{self.method} {self.path} {what}"


BROKEN = (502, [], b"bad gateway")
# What GitHub says to one who writes too fast.
SLOW_DOWN = (429, [("Retry-After", "1"), ("Content-Type", "application/json")],
             b'{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}')


class Proxy:
    """`breaks(asked)`: None lets a request pass; "before" answers 502 instead of it, "after" answers 502 although it
    was done, "drop" closes the connection instead, "cut" closes it after it was done, "limit" answers 429 instead;
    "kill before" and "kill after" call `kill()` and close the connection, "stop" calls it and lets the request pass."""

    def __init__(self, forge_url):
        self.target = urllib.parse.urlsplit(forge_url).netloc
        self.asked = []
        self.breaks = lambda asked: None
        self.kill = lambda: None
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(self.command, self.path, self.rfile.read(length))
                proxy.asked.append(asked)
                how = proxy.breaks(asked)
                if how == "before":
                    return self.answer(*BROKEN)
                if how == "limit":
                    return self.answer(*SLOW_DOWN)
                if how in ("kill before", "stop"):
                    proxy.kill()
                if how in ("drop", "kill before"):
                    return self.hang_up()
                answer = proxy.pass_on(asked, self.headers)
                if how == "kill after":
                    proxy.kill()
                if how in ("cut", "kill after"):
                    return self.hang_up()
                return self.answer(*(BROKEN if how == "after" else answer))

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = serve

            def hang_up(self):
                self.close_connection = True

            def answer(self, status, headers, body):
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in HOP_BY_HOP:
                        self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status not in (204, 304) and self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 100

            def handle_error(self, request, client_address):
                pass  # a client that was killed in the middle

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def pass_on(self, asked, headers):
        connection = http.client.HTTPConnection(self.target, timeout=60)
        connection.request(asked.method, asked.path, asked.body, dict(headers.items()))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    def writes(self):
        return sum(asked.writes for asked in self.asked)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
