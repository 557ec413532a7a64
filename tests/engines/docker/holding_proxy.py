"""A Unix socket in front of an engine that stops the world at request k: before the engine hears of it, or after it has
done it but before its answer is known."""
import pathlib
import re
import socket
import threading

REQUEST = re.compile(rb"^(GET|POST|PUT|DELETE|HEAD) (\S+) HTTP/1\.1\r\n", re.MULTILINE)
BEFORE, AFTER = "before", "after"


class HoldingProxy:
    def __init__(self, path: pathlib.Path, target: pathlib.Path, hold_at: int = 0, moment: str = BEFORE):
        self.target, self.hold_at, self.moment = str(target), hold_at, moment
        self.requests: list[str] = []
        self.held = threading.Event()
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.host = f"unix://{path}"
        self.open: list[socket.socket] = [self.listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        for connection in self.open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(self.target)
            self.open += [client, engine]
            holds = threading.Event()  # from now on its answers are kept
            threading.Thread(target=self._upwards, args=(client, engine, holds), daemon=True).start()
            threading.Thread(target=self._downwards, args=(engine, client, holds), daemon=True).start()

    def _upwards(self, client: socket.socket, engine: socket.socket, holds: threading.Event) -> None:
        try:
            while data := client.recv(1 << 16):
                if self._is_the_one(data):
                    if self.moment == BEFORE:
                        self.held.set()
                        return
                    holds.set()
                engine.sendall(data)
        except OSError:
            pass

    def _downwards(self, engine: socket.socket, client: socket.socket, holds: threading.Event) -> None:
        try:
            while data := engine.recv(1 << 16):
                if holds.is_set():
                    self.held.set()
                    return
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _is_the_one(self, data: bytes) -> bool:
        match = REQUEST.match(data)
        if not match:
            return False
        with self.lock:
            self.requests.append(f"{match.group(1).decode()} {match.group(2).decode()}")
            return len(self.requests) == self.hold_at
