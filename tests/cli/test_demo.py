"""The demo ends with a page that tells what came of it, and never touches what is not its own."""

import os
import re
import subprocess
import sys

import attrs
import pytest

from fanbilling import samples
from fanbilling.cli import demo as module
from tests.cli.folders import FIRST, contents, copy, fanbilling, in_a_process


def told(text):
    return " ".join(text.split())


def test_the_demo_ends_with_what_came_of_it(demo):
    _, ran = demo
    assert ran.status == 0
    assert ran.err == ""
    screen = told(ran.out)
    assert "Jan 2026 81 31 31 0 31 0 €16,505.94" in screen
    assert "all 320 195 197 3 197 11 €83,286.38" in screen
    assert "payments and credit notes taken off: €16,427.92" in screen
    assert "Held: Meerwerk nog niet akkoord" in screen
    assert "Nobody is known yet who pays for it" in screen
    assert "197 documents, as PDF" in screen
    assert "8 other papers, as PDF" in screen  # two order confirmations, three packing slips, three certificates
    assert "208 mails: documents and notices" in screen
    assert "47 client pages" in screen


def test_in_a_pipe_there_are_no_control_characters(demo):
    _, ran = demo
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", ran.out) == []


def test_every_command_that_it_names_can_be_copied(demo, tmp_path):
    folder, ran = demo
    commands = [line.split() for line in ran.out.splitlines() if line.startswith("  fanbilling ")]
    assert len(commands) == 8
    passing = copy(folder, tmp_path / "copy")
    for _, *words in commands:
        assert fanbilling(*(str(passing) if word == str(folder) else word for word in words)).status == 0, words


def test_the_files_are_those_that_it_names(demo):
    folder, _ = demo
    names = [name for name in contents(folder) if "/" in name]
    numbers = [f"2026-{n:04}" for n in range(1, 198)]
    assert sorted(n for n in names if n.startswith("invoices/")) == [f"invoices/{number}.pdf" for number in numbers]
    mails = sorted(n for n in names if n.startswith("outbox/"))
    assert [n for n in mails if "courses" not in n] == [f"outbox/{number}.eml" for number in numbers]
    assert len(mails) == 208
    assert len([name for name in names if name.startswith("clients/")]) == 47


def test_it_makes_its_own_folder_anew_and_leaves_what_others_put_there(demo, tmp_path, monkeypatch):
    files = {name: content for name, content in samples.sample().files.items() if name != "credits.csv"}
    one_month = attrs.evolve(samples.sample(), months=1, files=files)
    monkeypatch.setattr(module, "sample", {samples.DEFAULT: one_month}.get)
    folder = copy(demo[0], tmp_path / "again")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    older = [folder / name for name in ("invoices/2026-0001.xml", "papers/offer-1.pdf", "papers/hours-1.csv")]
    for one in older:
        one.write_bytes(b"of an earlier demo")
    assert fanbilling("demo", "--into", folder).status == 0
    assert len(list((folder / "invoices").iterdir())) == 31
    assert len(list((folder / "outbox").iterdir())) == 31
    assert [one for one in older if one.exists()] == []
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (folder / "credits.csv").exists(), "a table that this company does not have"


@pytest.mark.parametrize("there", ["folder", "file"])
def test_it_refuses_what_is_not_its_own(tmp_path, there):
    place = tmp_path / "work"
    if there == "folder":
        place.mkdir()
        (place / "clients.csv").write_text("id;name\n", encoding="utf-8")
    else:
        place.write_text("mine", encoding="utf-8")
    ran = fanbilling("demo", "--into", place)
    assert ran.status == 2
    assert "there is something here that is no demo" in ran.err
    assert "fanbilling demo --into DIR" in ran.err
    assert place.is_file() or contents(place) == {"clients.csv": b"id;name\n"}


def on_a_terminal(*words, **environment):
    """What a command writes to a pseudo terminal."""
    call = [sys.executable, "-m", "fanbilling", *map(str, words)]
    script = f"import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn({call!r})))"
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env={**plain, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    ).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_there_is_colour_on_a_terminal_unless_it_is_not_wanted(billed):
    assert b"\x1b[" in on_a_terminal("ledger", billed)
    assert b"\x1b[3" not in on_a_terminal("ledger", billed, NO_COLOR="1")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_bars_go_when_they_are_done(folder):
    screen = on_a_terminal("run", folder, *FIRST)
    assert b"bills" in screen
    assert screen.rpartition(b"\x1b[2K")[2].lstrip().startswith(b"\x1b[1m3 documents issued")


def test_the_demo_can_be_called_as_a_module(tmp_path):
    ran = in_a_process("demo", "--into", tmp_path / "x" / "y", "--nonsense")
    assert ran.status == 2


# ----------------------------------------------------------------------------------------------------- which company


def test_a_company_that_there_is_not_is_a_question_after_those_that_there_are(tmp_path):
    ran = fanbilling("demo", "brinkhof", "--into", tmp_path / "there")
    assert ran.status == 2
    assert "there is no sample company 'brinkhof'" in ran.err
    assert "Did you mean brinkhoff? There are brinkhoff" in ran.err
    assert not (tmp_path / "there").exists()


def test_each_company_has_a_folder_of_its_own_unless_it_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "names", lambda: ["brinkhoff", "other"])
    monkeypatch.setattr(module, "sample", lambda name: attrs.evolve(samples.sample(), name=name, months=1))
    assert fanbilling("demo").status == fanbilling("demo", "other").status == 0
    assert sorted(place.name for place in tmp_path.iterdir()) == ["fanbilling-demo", "fanbilling-demo-other"]


def test_the_demo_names_the_other_companies(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "names", lambda: ["brinkhoff", "baker", "smith"])
    monkeypatch.setattr(module, "sample", lambda name: attrs.evolve(samples.sample(), name=name, months=1))
    ran = fanbilling("demo", "smith", "--into", tmp_path / "there")
    assert "Other companies to try, as in fanbilling demo brinkhoff: brinkhoff, baker" in told(ran.out)


@pytest.mark.parametrize("name", samples.names())
def test_a_company_is_told_of_in_full(name):
    company = samples.sample(name)
    assert company.name == name
    assert {"settings.toml", "clients.csv"} <= company.files.keys()
    assert samples.TOLD not in company.files
    assert company.suggestions
    for until, on in company.runs:
        assert on.day == 1
        assert (on - until).days in {0, 1}
    for one in company.suggestions:
        assert "{folder}" in one.command
        assert ("{number}" in one.command) == bool(one.payer)
        assert not one.payer or one.month in [until for until, _ in company.runs]


def test_the_sample_company_is_billed_over_half_a_year():
    assert [f"{until} {on}" for until, on in samples.sample().runs] == [
        "2026-01-31 2026-02-01",
        "2026-02-28 2026-03-01",
        "2026-03-31 2026-04-01",
        "2026-04-30 2026-05-01",
        "2026-05-31 2026-06-01",
        "2026-06-30 2026-07-01",
    ]
