"""Somebody at a stable address, again and again: with a new connection each time, or with one that is kept."""
import http.client
import socket
import ssl
import threading
import time
import urllib.parse


class Connection(http.client.HTTPConnection):
    """To 127.0.0.1, whatever the name says; `authority`: a certificate to trust, for https."""

    def __init__(self, url: str, authority=None):
        parts = urllib.parse.urlsplit(url)
        secure = parts.scheme == "https"
        super().__init__(parts.hostname, parts.port or (443 if secure else 80), timeout=20)
        self.context = ssl.create_default_context(cafile=str(authority)) if secure else None

    def connect(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        if self.context:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)


def visit(url: str, authority=None) -> tuple[int, str]:
    connection = Connection(url, authority)
    try:
        connection.request("GET", urllib.parse.urlsplit(url).path + "/")
        answer = connection.getresponse()
        return answer.status, answer.read().decode().strip()
    finally:
        connection.close()


class Visitor:
    """Asks without a pause, and counts what was answered and what was not."""

    def __init__(self, url: str, authority=None):
        self.url, self.authority = url, authority
        self.answered, self.failed, self.reconnected = {}, [], 0
        self.lock = threading.Lock()
        self.is_done = threading.Event()
        self.threads = [threading.Thread(target=self._come_anew), threading.Thread(target=self._come_anew),
                        threading.Thread(target=self._stay)]
        for thread in self.threads:
            thread.start()

    def _note(self, status: int, page: str) -> None:
        with self.lock:
            if status == 200:
                self.answered[page] = self.answered.get(page, 0) + 1
            else:
                self.failed.append(f"{time.monotonic():.3f} {status} {page[:100]}")

    def _come_anew(self) -> None:
        while not self.is_done.is_set():
            try:
                self._note(*visit(self.url, self.authority))
            except (OSError, http.client.HTTPException) as error:
                self._note(0, repr(error))

    def _stay(self) -> None:
        """As browsers do: a kept connection that the other side closed while it was idle is opened again (RFC 9112,
        9.3.1); a request that fails on a fresh one has failed."""
        connection = Connection(self.url, self.authority)
        is_fresh = True
        path = urllib.parse.urlsplit(self.url).path + "/"
        while not self.is_done.is_set():
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                self._note(answer.status, answer.read().decode().strip())
                is_fresh = False
            except (OSError, http.client.HTTPException) as error:
                if is_fresh:
                    self._note(0, repr(error))
                self.reconnected += 1
                connection.close()
                connection = Connection(self.url, self.authority)
                is_fresh = True
        connection.close()

    def total(self) -> int:
        return sum(self.answered.values())

    def stop(self) -> None:
        self.is_done.set()
        for thread in self.threads:
            thread.join()
