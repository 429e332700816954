"""A run that is killed after any of its statements is finished by the next one: nothing lost, doubled or gapped.

What a kill leaves behind is what is on the disk. So an undisturbed run first says, at every statement, what is on the
disk; statements with the same on it are one kill, and of each such stretch the last one is tried. With
``--hypothesis-profile=long`` every single statement is.
"""

import contextlib
import os
import re
import shutil
from itertools import groupby
from pathlib import Path

import pytest

from fanbilling import verify
from fanbilling.adapters.rendering.pdf import PdfPrinter, PdfRenderer
from fanbilling.adapters.rendering.text import TextPrinter, TextRenderer
from fanbilling.cli import einvoices
from fanbilling.cli.place import open_place
from tests.chaos.killing import killed_at, traced
from tests.cli import telling
from tests.cli.folders import FIRST, SECOND, books, contents, copy, fanbilling, sample
from tests.cli.test_e_invoices import PEPPOL, folder_with

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork to kill")

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)
MANY = "long"
"""The profile of Hypothesis with which every statement is tried."""


@pytest.fixture
def quick(monkeypatch):
    """Documents as text under the name of a PDF: what is killed here are statements, and setting pages takes long."""
    monkeypatch.setattr(PdfRenderer, "render", lambda _, document: TextRenderer().render(document))
    monkeypatch.setattr(PdfPrinter, "print", lambda _, paper: TextPrinter().print(paper))


def statements(folder, words):
    """The statements of an undisturbed run, in order, each with what is on the disk when it comes."""
    found = []
    with traced(lambda statement: found.append((statement, on_disk(folder)))):
        assert command(folder, words).status == 0
    return found


def command(folder, words):
    """Carry out a command on a folder: a run, unless the words begin with another one."""
    name, *rest = words if not words[0].startswith("--") else ("run", *words)
    return fanbilling(name, folder, *rest)


def on_disk(folder):
    """What a kill leaves behind; the index beside the log of the books is made anew by whoever opens them."""
    found = {}
    for path in Path(folder).rglob("*"):
        if not path.name.endswith("-shm"):
            with contextlib.suppress(FileNotFoundError):
                about = path.stat()
                found[path] = about.st_size, about.st_mtime_ns
    return found


def killed(folder, words, n):
    """Run in another process that is killed before its n-th statement; say whether it came to that."""

    def run():
        assert command(folder, words).status == 0

    return killed_at(n, run)


def finished(folder, words):
    """Everything there is after the run was started again, and what breaks a law."""
    assert command(folder, words).status == 0
    place = open_place(folder)
    findings = verify(place.books.reading)
    place.books.close()
    return contents(folder), books(folder), findings


def series(start, words, tmp_path, profile, *, every=1):
    """Kill a run at its statements, finish it, compare with an undisturbed run; return how many statements it has."""
    whole = copy(start, tmp_path / "whole")
    log = statements(whole, words)
    expected = finished(whole, words)
    assert expected[2] == []
    begun = next(n for n, (statement, _) in enumerate(log, 1) if WRITES.match(statement))
    ended = max(n for n, (statement, _) in enumerate(log, 1) if statement == "COMMIT")
    stretches = [[n for n, _ in same] for _, same in groupby(enumerate(log, 1), key=lambda found: found[1][1])]
    chosen = range(1, len(log) + 1) if profile == MANY else [stretch[-1] for stretch in stretches[::every]]
    for n in chosen:
        folder = copy(start, tmp_path / "killed")
        assert killed(folder, words, n), f"{n} of {len(log)}"
        assert finished(folder, words) == expected, f"killed at {n} of {len(log)}: {log[n - 1][0]}"
        shutil.rmtree(folder)
    assert any(begun < n <= ended for n in chosen), "no kill fell between the first write and the last commit"
    assert len(stretches) > 5
    return len(log)


@pytest.fixture
def profile(request):
    return request.config.getoption("--hypothesis-profile")


@pytest.mark.usefixtures("quick")
def test_a_run_is_finished_wherever_it_was_killed(after_january, tmp_path, profile):
    count = series(after_january, SECOND, tmp_path, profile)
    assert count > 100
    assert not killed(copy(after_january, tmp_path / "beyond"), SECOND, count + 1)


@pytest.mark.usefixtures("quick")
def test_the_first_run_of_all_is_finished_wherever_it_was_killed(folder, tmp_path, profile):
    """The tables are made in it as well."""
    series(folder, FIRST, tmp_path, profile)


@pytest.mark.usefixtures("quick")
def test_a_run_of_the_sample_is_finished_wherever_it_was_killed(tmp_path, profile):
    start = sample(tmp_path / "start")
    assert fanbilling("run", start, *FIRST).status == 0
    series(start, SECOND, tmp_path, profile, every=3)


REMINDED = ("remind", "--on", "2026-02-14")


@pytest.fixture
def giving(tmp_path, monkeypatch):
    """A folder that gives out e-invoices, papers and notices as well; billed until the end of January."""
    telling.put_in(monkeypatch)
    said = f'{PEPPOL}\n[client.acme]\ne_invoice = "none"'
    folder = folder_with(tmp_path / "giving", said, bolt="0106:12345678")
    assert fanbilling("run", folder, *FIRST).status == 0
    return folder


@pytest.mark.usefixtures("quick")
def test_a_run_that_files_e_invoices_and_papers_is_finished_wherever_it_was_killed(giving, tmp_path, profile):
    series(giving, SECOND, tmp_path, profile)
    names = contents(tmp_path / "whole")
    assert {"invoices/2026-0004.xml", "papers/packing-slip-L-2.pdf", "papers/all-lines.csv"} <= names.keys()


@pytest.mark.usefixtures("quick")
def test_what_is_due_to_be_told_is_sent_by_the_next_wherever_it_was_killed(giving, tmp_path, profile):
    series(giving, REMINDED, tmp_path, profile)
    mails = [name for name in contents(tmp_path / "whole") if name.startswith("outbox/courses.confirmation-")]
    assert len(mails) == 3


@pytest.mark.usefixtures("quick")
def test_the_next_run_files_what_a_killed_one_did_not(giving, tmp_path, monkeypatch):
    """Between the files of one document: its PDF is there, its e-invoice is half written, its mail is not."""
    whole = copy(giving, tmp_path / "whole")
    assert command(whole, SECOND).status == 0

    def stopped(place, content, **_):
        (place.parent / ".half.tmp").write_bytes(content[:9])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(einvoices, "write_whole", stopped)
        assert command(giving, SECOND).status == 130
    there = contents(giving)
    assert "invoices/2026-0004.pdf" in there
    assert not {"invoices/2026-0004.xml", "outbox/2026-0004.eml"} & there.keys()
    assert command(giving, SECOND).status == 0
    assert (contents(giving), books(giving)) == (contents(whole), books(whole))
