"""Ends of processes and servers, at a moment that a seed or a number chooses."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from io import TextIOWrapper

import pytest
from sqlalchemy import Engine, event

from tests.postgres import dsn

Report = Callable[[str], object]


@contextlib.contextmanager
def child(work: Callable[[Report], object]) -> Iterator[TextIOWrapper]:
    """Another process that does some work; it reports in lines, and ends by itself or by a signal."""
    with started(work) as (said, _):
        yield said


@contextlib.contextmanager
def started(work: Callable[[Report], object]) -> Iterator[tuple[TextIOWrapper, int]]:
    """The same, with its number."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot split a process in two")
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        status = 1
        try:
            work(lambda line: os.write(writer, line.encode()))
            status = 0
        except BaseException:  # noqa: BLE001 - the parent goes on from here, and not this copy of it
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            yield said, pid
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or not os.WEXITSTATUS(status), "the other process failed, and said why"


def killed_after(seconds: float, work: Callable[[], object]) -> bool:
    """Do some work in another process and kill it after a while; say whether it came to that."""

    def working(report: Report) -> None:
        report("begun\n")
        work()
        report("done\n")

    with started(working) as (said, pid):
        assert said.readline() == "begun\n"
        if not select.select([said], [], [], seconds)[0]:
            os.kill(pid, signal.SIGKILL)
        return said.read() != "done\n"


def killed_at(n: int, work: Callable[[], object]) -> bool:
    """Do some work in another process that kills itself before its n-th statement; say whether it came to that."""

    def working(report: Report) -> None:
        seen = iter(range(1, n))

        def count(_statement: str) -> None:
            if next(seen, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        with traced(count):
            work()
        report("done\n")

    with child(working) as said:
        return said.read() != "done\n"


@contextlib.contextmanager
def traced(told: Callable[[str], object]) -> Iterator[None]:
    """Tell of every statement that an SQLite database opened from now on is about to carry out."""

    def listen(connection, _record) -> None:
        connection.set_trace_callback(told)

    event.listen(Engine, "connect", listen)
    try:
        yield
    finally:
        event.remove(Engine, "connect", listen)


def took(work: Callable[[], object]) -> float:
    """How long some work takes in another process: kills are spread over that."""
    begun = time.monotonic()
    assert not killed_after(600, work)
    return time.monotonic() - begun


def terminated(url: str) -> Callable[[int], None]:
    """What ends a server process by its number, as an administrator does, and waits until it has ended."""
    import psycopg

    def end(process: int) -> None:
        with psycopg.connect(dsn(url), autocommit=True) as connection:
            assert connection.execute("select pg_terminate_backend(%s, 10000)", [process]).fetchone() == (True,)

    return end
