"""A link to simulate: a real HTTP server on loopback over plain sockets, behind a line that cuts, delays, damages and lies.

The server speaks HTTP/1.1 itself, so that it can misbehave in every way. Every byte in either direction that passed the line is
counted. `rate` throttles to so many bytes a second; time is the machine's.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

PORTAL = b"<!DOCTYPE html><html><title>Free WiFi</title>Please sign in</html>"


@dataclass
class Line:
    """How the line and the server behave; changed while it runs.

    `rate` bytes a second (0: no throttle) in pieces of `piece` bytes; `cut_after` bytes the connection is reset, whatever it
    carries (`cuts` times, None: always); `cut_every` seconds likewise; `delay` seconds before an answer. `answer` may take a
    request over whole: it returns bytes to send as they are, or None.
    """

    rate: float = 0.0
    piece: int = 512
    cut_after: int | None = None
    cut_every: float | None = None
    cuts: int | None = None
    clean_cut: bool = False
    delay: float = 0.0
    ranges: bool = True
    etags: bool = True
    damage: set[str] = field(default_factory=set)
    answer: Callable[[str, dict[str, str]], bytes | None] | None = None


@dataclass
class Request:
    path: str
    headers: dict[str, str]


class Server:
    """Serves a folder over a line."""

    def __init__(self, root: Path, line: Line) -> None:
        self.root = root
        self.line = line
        self.down = 0
        self.up = 0
        self.connections = 0
        self.requests: list[Request] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def wire(self) -> int:
        """Bytes in both directions."""
        return self.down + self.up

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        pipe = _Pipe(connection, self)
        try:
            while request := pipe.request():
                self.requests.append(request)
                time.sleep(self.line.delay)
                own = self.line.answer(request.path, request.headers) if self.line.answer else None
                if own is not None:
                    pipe.send(own)
                    return
                self._answer(pipe, request)
        except (OSError, _CutError):
            pass
        finally:
            connection.close()

    def _answer(self, pipe: _Pipe, request: Request) -> None:
        file = self.root / unquote(request.path.lstrip("/"))
        if not file.is_file():
            pipe.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.path in self.line.damage:
            body = body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 1]) + body[len(body) // 2 + 1 :]
        head = [f"ETag: {etag}"] if self.line.etags else []
        first = _first(request.headers.get("range", "")) if self.line.ranges else 0
        if "if-range" in request.headers and request.headers["if-range"] != etag:
            first = 0
        if first >= len(body) and first:
            pipe.send(b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n")
            return
        if first:
            head.append(f"Content-Range: bytes {first}-{len(body) - 1}/{len(body)}")
        status = "206 Partial Content" if first else "200 OK"
        head.append(f"Content-Length: {len(body) - first}")
        pipe.send(("\r\n".join([f"HTTP/1.1 {status}", *head]) + "\r\n\r\n").encode() + body[first:])


class _CutError(Exception):
    pass


class _Pipe:
    """One connection over the line."""

    def __init__(self, connection: socket.socket, server: Server) -> None:
        self._connection = connection
        self._server = server
        self._began = time.monotonic()
        self._sent = 0
        self._buffer = b""

    def request(self) -> Request | None:
        while b"\r\n\r\n" not in self._buffer:
            piece = self._connection.recv(4096)
            if not piece:
                return None
            self._server.up += len(piece)
            self._buffer += piece
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (row.partition(":") for row in rest)}
        return Request(first.split(" ")[1], headers)

    def send(self, data: bytes) -> None:
        line = self._server.line
        view = memoryview(data)
        while view:
            size = line.piece if line.rate or line.cut_after or line.cut_every else len(view)
            if line.cut_after is not None:
                size = min(size, max(0, line.cut_after - self._sent))
            if self._due(line) or size == 0:
                self._cut(line)
            self._connection.sendall(view[:size])
            self._sent += len(view[:size])
            self._server.down += len(view[:size])
            view = view[size:]
            if line.rate:
                time.sleep(size / line.rate)

    def _due(self, line: Line) -> bool:
        if line.cuts == 0:
            line.cut_after = line.cut_every = None
        over = line.cut_after is not None and self._sent >= line.cut_after
        late = line.cut_every is not None and time.monotonic() - self._began >= line.cut_every
        return over or late

    def _cut(self, line: Line) -> None:
        if line.cuts is not None:
            line.cuts -= 1
        if not line.clean_cut:  # a reset, as a lost line gives; else it looks like a clean end
            time.sleep(0.02)  # what has passed the line has arrived: a reset on loopback would overtake it
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _CutError


def _first(header: str) -> int:
    text = header.removeprefix("bytes=").partition("-")[0]
    return int(text) if text.isdigit() else 0


@contextmanager
def served(root: Path, line: Line | None = None) -> Iterator[Server]:
    """A folder behind a line."""
    server = Server(root, line or Line())
    try:
        yield server
    finally:
        server.close()


def answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    """One HTTP answer as bytes; underscores in header names become dashes, and `Content-Length` is added where none is given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Length", str(len(body)))
    head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items() if value != "-")]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body
