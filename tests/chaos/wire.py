"""A wire to a PostgreSQL that breaks where it is told to: it passes the protocol's messages on, and counts them.

``wire(url)`` lies between a client and a server. At a chosen message of a client it does something, once: it breaks, or
calls what it was given with the number of the server process (which is what ``pg_terminate_backend`` wants). Told to
break at a commit, it first waits until the server has answered and keeps the answer to itself: committed, and the
client does not know.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
from sqlalchemy import make_url

COMMIT = re.compile(rb"(?:^|;)\s*(?:COMMIT|END)\b", re.IGNORECASE)
CANCEL = 80877102
PORT = 5432


@attrs.frozen
class Message:
    """One message of the protocol: its kind as the protocol writes it, and what is in it."""

    kind: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """The message as it goes over the wire; the first of a connection has no kind."""
        return self.kind + struct.pack("!I", len(self.body) + 4) + self.body


@attrs.define(eq=False)
class Wire:
    """What goes over a wire, and where it does something.

    Args:
        at: the message of the clients, counted from 1, before which it happens.
        commit: the commit, counted from 1, after which it happens: carried out, not answered.
        then: what happens, given the number of the server process; nothing said means that the wire breaks.
        url: where clients find it.
        messages: all messages of clients that were passed on, without the first of each connection.
        commits: how many of them were commits.
        happened: whether it came to that; what comes afterwards goes through.
    """

    at: int | None = None
    commit: int | None = None
    then: Callable[[int], object] | None = None
    url: str = ""
    messages: list[bytes] = attrs.field(factory=list)
    commits: int = 0
    happened: bool = False
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def strikes(self, commits: bool) -> bool:
        """Count a message that is about to be passed on; say whether it is the one before which it happens."""
        with self.lock:
            self.commits += commits
            if not self.happened and len(self.messages) + 1 == self.at:
                self.happened = True
                return True
            return False

    def withholds(self, commits: bool) -> bool:
        """Whether the answer to a message never arrives."""
        with self.lock:
            if commits and not self.happened and self.commits == self.commit:
                self.happened = True
                return True
            return False


class Connection:
    """One client's connection: two directions, each with a thread of its own."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self.wire, self.client, self.server = wire, client, server
        self.process = 0
        self.known: dict[bytes, bool] = {}  # prepared statements and portals, and whether they commit
        self.withheld = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(way,)) for way in (self._asks, self._answers)]
        for thread in self.threads:
            thread.start()

    def _run(self, way: Callable[[], None]) -> None:
        try:
            with contextlib.suppress(OSError, EOFError):
                way()
        finally:
            self.cut()

    def cut(self) -> None:
        """End both directions."""
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _asks(self) -> None:
        """Pass on what the client says."""
        first = Message(b"", _body(self.client))
        self.server.sendall(first.raw)
        if struct.unpack("!I", first.body[:4])[0] == CANCEL:
            return
        while True:
            message = _message(self.client)
            commits = self._commits(message)
            if self.wire.strikes(commits):
                if self.wire.then is None:
                    return
                self.wire.then(self.process)
            if self.wire.withholds(commits):
                self.withheld.set()
            self.wire.messages.append(message.kind)
            self.server.sendall(message.raw)

    def _answers(self) -> None:
        """Pass on what the server says; what it says about a commit may never arrive."""
        while True:
            message = _message(self.server)
            if message.kind == b"K":
                [self.process] = struct.unpack("!I", message.body[:4])
            if not self.withheld.is_set():
                self.client.sendall(message.raw)
            elif message.kind == b"Z":  # ready for the next question: so the last one was carried out
                if self.wire.then is None:
                    return
                self.wire.then(self.process)
                self.withheld.clear()

    def _commits(self, message: Message) -> bool:
        """Whether the server commits on this message: asked simply, or parsed and bound before."""
        if message.kind == b"Q":
            return bool(COMMIT.search(message.body))
        if message.kind == b"P":
            name, text = message.body.split(b"\0")[:2]
            self.known[b"S" + name] = bool(COMMIT.search(text))
        if message.kind == b"B":
            portal, name = message.body.split(b"\0")[:2]
            self.known[b"P" + portal] = self.known.get(b"S" + name, False)
        return message.kind == b"E" and self.known.get(b"P" + message.body.split(b"\0")[0], False)


@contextlib.contextmanager
def wire(
    url: str, *, at: int | None = None, commit: int | None = None, then: Callable[[int], object] | None = None
) -> Iterator[Wire]:
    """A wire to a server, as SQLAlchemy writes its address; without ``at`` and ``commit`` it only counts."""
    folder = Path(tempfile.mkdtemp(prefix="fb-wire-", dir="/tmp" if Path("/tmp").is_dir() else None))
    through = make_url(url).set(host=None, port=None).update_query_dict({"host": str(folder)})
    laid = Wire(at=at, commit=commit, then=then, url=through.render_as_string(hide_password=False))
    connections: list[Connection] = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / f".s.PGSQL.{PORT}"))
        door.listen()

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = door.accept()
                    try:
                        connections.append(Connection(laid, client, _connected(url)))
                    except OSError:  # nobody is there, and the client learns it
                        client.close()

        porter = threading.Thread(target=accept)
        porter.start()
        try:
            yield laid
        finally:
            door.shutdown(socket.SHUT_RDWR)
            porter.join()
            for connection in connections:
                connection.cut()
                for thread in connection.threads:
                    thread.join()
                connection.client.close()
                connection.server.close()
            shutil.rmtree(folder)


def _connected(url: str) -> socket.socket:
    address = make_url(url)
    host, port = str(address.query.get("host") or address.host or "localhost"), address.port or PORT
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        server.close()
        raise
    return server


def _message(end: socket.socket) -> Message:
    return Message(_bytes(end, 1), _body(end))


def _body(end: socket.socket) -> bytes:
    return _bytes(end, struct.unpack("!I", _bytes(end, 4))[0] - 4)


def _bytes(end: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        if not (some := end.recv(count - len(found))):
            raise EOFError
        found += some
    return bytes(found)
