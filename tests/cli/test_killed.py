"""A run that is killed after any of its statements is finished by the next one: nothing lost, doubled or gapped."""

import contextlib
import os
import re
import shutil
import signal
import sys

import pytest
from sqlalchemy import Engine, event

from fanbilling import verify
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.cli.place import open_place
from tests.cli.folders import FIRST, SECOND, books, contents, copy, fanbilling, sample

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork to kill")

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)
FEW = 8
"""How many statements of the sample's run are tried where there is no time for all."""


@pytest.fixture
def quick(monkeypatch):
    """Documents as text under the name of a PDF: what is killed here are statements, and setting pages takes long."""
    monkeypatch.setattr(PdfRenderer, "render", lambda _, document: TextRenderer().render(document))


@contextlib.contextmanager
def traced(told):
    """Tell of every statement that any database of this process is about to carry out."""

    def listen(connection, _record):
        connection.set_trace_callback(told)

    event.listen(Engine, "connect", listen)
    try:
        yield
    finally:
        event.remove(Engine, "connect", listen)


def statements(folder, words):
    """The statements of an undisturbed run, in order."""
    found = []
    with traced(found.append):
        assert fanbilling("run", folder, *words).status == 0
    return found


def killed(folder, words, n):
    """Run in a child that kills itself at its n-th statement; say whether it came to that."""
    child = os.fork()
    if not child:
        seen = iter(range(1, n))

        def count(_statement):
            if next(seen, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        status = 1
        try:
            with traced(count):
                status = fanbilling("run", folder, *words).status
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def finished(folder, words):
    """Everything there is after the run was started again, and what breaks a law."""
    assert fanbilling("run", folder, *words).status == 0
    place = open_place(folder)
    findings = verify(place.books.reading)
    place.books.close()
    return contents(folder), books(folder), findings


def series(start, words, tmp_path, chosen):
    """Kill a run at each of some statements, finish it, and compare with an undisturbed run."""
    whole = copy(start, tmp_path / "whole")
    log = statements(whole, words)
    expected = finished(whole, words)
    assert expected[2] == []
    begun = next(n for n, statement in enumerate(log, 1) if WRITES.match(statement))
    ended = max(n for n, statement in enumerate(log, 1) if statement == "COMMIT")
    inside = 0
    for n in chosen(len(log)):
        folder = copy(start, tmp_path / "killed")
        assert killed(folder, words, n), f"{n} of {len(log)}"
        inside += begun < n <= ended
        assert finished(folder, words) == expected, f"killed at {n} of {len(log)}: {log[n - 1]}"
        shutil.rmtree(folder)
    assert inside, "no kill fell between the first write and the last commit"
    return len(log)


@pytest.mark.usefixtures("quick")
def test_a_small_run_is_finished_wherever_it_was_killed(after_january, tmp_path):
    count = series(after_january, SECOND, tmp_path, lambda count: range(1, count + 1))
    assert count > 100
    assert not killed(copy(after_january, tmp_path / "beyond"), SECOND, count + 1)


@pytest.mark.usefixtures("quick")
def test_the_first_run_of_all_is_finished_wherever_it_was_killed(folder, tmp_path, request):
    """The tables are made in it as well."""
    every = 1 if request.config.getoption("--hypothesis-profile") == "long" else 9
    series(folder, FIRST, tmp_path, lambda count: range(1, count + 1, every))


@pytest.mark.usefixtures("quick")
def test_a_run_of_the_sample_is_finished_wherever_it_was_killed(tmp_path, request):
    """All statements with ``--hypothesis-profile=long``, else some of them."""
    start = sample(tmp_path / "start")
    assert fanbilling("run", start, *FIRST).status == 0
    every = request.config.getoption("--hypothesis-profile") == "long"
    series(start, SECOND, tmp_path, lambda count: range(1, count + 1, 1 if every else count // FEW))


def test_what_is_killed_here_is_killed(after_january):
    """The hook that kills is one that works."""
    assert sys.platform != "win32"
    assert killed(after_january, SECOND, 1)
