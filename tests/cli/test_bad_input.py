"""What is wrong is said with its place and its remedy; nothing is half done, and nobody sees a traceback."""

import csv
import json
import os
import sqlite3
import stat
import sys

import pytest

from fanbilling.cli import place as places
from fanbilling.cli.place import open_place
from tests.cli.folders import FIRST, SECOND, books, contents, fanbilling, in_a_process, small

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def append(folder, name, *rows):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


def rewrite(folder, name, before, after):
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after), encoding="utf-8")


def rejected(folder, *words):
    ran = fanbilling("run", folder, *(words or FIRST), "--json")
    assert "Traceback" not in ran.err
    return ran.status, json.loads(ran.out)


# ------------------------------------------------------------------------------------------------------------- bad rows

WRONG = {  # file, row, column, what is said, what would be right
    "unknown client": ("lines.csv", "L-8;nobody;2026-01-14;Advice;1;;10,00;standard;", "client", "not in", "Correct"),
    "near client": ("lines.csv", "L-8;acne;2026-01-14;Advice;1;;10,00;standard;", "client", "not in", "acme"),
    "day": ("lines.csv", "L-8;acme;2026-02-30;Advice;1;;10,00;standard;", "date", "not on the calendar", "2026-01-31"),
    "ambiguous day": ("lines.csv", "L-8;acme;03/04/2026;Advice;1;;10,00;standard;", "date", "two ways", "2026-04-03"),
    "ambiguous number": ("lines.csv", "L-8;acme;2026-01-14;Advice;1;;1.234;standard;", "price", "two ways", "1234"),
    "exponent": ("lines.csv", "L-8;acme;2026-01-14;Advice;1e3;;10,00;standard;", "quantity", "not a number", "digits"),
    "after withdrawal": (
        "lines.csv",
        "L-7;acme;2026-01-14;A;1;;1,00;standard;\nL-7;;;;0;;;;2026-01-20\nL-7;;;;2;;;;2026-01-21",
        "id",
        "withdrawn",
        "id of its own",
    ),
    "tax": (
        "subscriptions.csv",
        "S-9;a;acme;A;A;2026-01-01;;1;advance;1;1,00;standart;;",
        "tax",
        "not known",
        "standard",
    ),
    "title": (
        "subscriptions.csv",
        "S-1;more;acme;Ordners;A;2026-01-01;;1;advance;1;1,00;standard;;",
        "title",
        "called Orders",
        "Write that",
    ),
    "no cycle": (
        "decisions.csv",
        "D-9;2026-01-20;hold;subscriptions;S-1;seats;2026-01-05;;;;;Why;",
        "filed",
        "No cycle",
        "2026-01-01",
    ),
    "paid back": (
        "payments.csv",
        "P-9;2026-01-20;acme;-10,00;;",
        "amount",
        "not more than zero",
        "without a minus sign",
    ),
    "undecided": ("decisions.csv", "D-9;2026-01-20;withdraw;;;;;;;;nothing;Why;", "decision", "not in", "Correct"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_bad_row_is_told_with_its_place_and_nothing_is_imported(folder, wrong):
    file, row, column, problem, expected = wrong
    append(folder, file, row)
    before = contents(folder)
    status, answer = rejected(folder)
    assert status == 1
    assert (answer["issued"], answer["sent"]) == ([], 0)
    [bad] = answer["rejected"]
    assert bad.keys() == {"file", "line", "column", "value", "problem", "expected"}
    assert (bad["file"], bad["column"]) == (file, column)
    assert (folder / file).read_text(encoding="utf-8").splitlines()[bad["line"] - 1] in row
    assert problem in bad["problem"]
    assert expected in bad["expected"]
    assert contents(folder) == before
    assert not (folder / "books.db").exists() or not any(books(folder)["fb_journal"])


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_without_the_bad_row_the_others_are_billed(folder, wrong):
    file, row, column, *_ = wrong
    append(folder, file, row)
    status, answer = rejected(folder, *FIRST, "--skip-bad")
    assert status == 1
    assert len(answer["issued"]) == 3
    assert [bad["column"] for bad in answer["rejected"]] == [column]
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as text:
        [kept] = csv.DictReader(text, delimiter=";")
    assert (kept["file"], kept["column"]) == (file, column)
    again_status, again = rejected(folder, *FIRST, "--skip-bad")
    assert (again_status, again["issued"], len(again["rejected"])) == (1, [], 1)


def test_a_refused_cell_cannot_become_a_formula(folder):
    append(folder, "lines.csv", "L-8;acme;2026-01-14;Advice;=1+1;;10,00;standard;")
    append(folder, "lines.csv", "L-9;acme;2026-01-14;Advice;-1;;@SUM(A1);standard;")
    fanbilling("run", folder, *FIRST, "--skip-bad")
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as text:
        cells = [cell for row in csv.reader(text, delimiter=";") for cell in row]
    assert {"'=1+1", "'-1", "'@SUM(A1)"} <= set(cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_refused_rows_that_were_put_right_are_no_longer_kept(folder):
    append(folder, "lines.csv", "L-8;acme;2026-01-14;Advice;x;;10,00;standard;")
    fanbilling("run", folder, *FIRST, "--skip-bad")
    rewrite(folder, "lines.csv", "Advice;x;", "Advice;1;")
    assert fanbilling("run", folder, *FIRST, "--skip-bad").status == 0
    assert not (folder / "rejects.csv").exists()


def test_a_screen_says_what_json_says(folder):
    append(folder, "lines.csv", "L-8;acme;2026-01-14;Advice;1e3;;10,00;standard;")
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.splitlines()[0] == "1 row cannot be used, so nothing was imported and nothing billed:"
    told = " ".join(ran.err.split())
    assert 'lines.csv, line 6, column quantity This is not a number. It says "1e3". Write digits' in told
    assert "add --skip-bad" in told


# --------------------------------------------------------------------------------------------- what was imported before

CHANGED = {  # file, before, after, column
    "client of a line": ("lines.csv", "L-1;acme", "L-1;carol", "client"),
    "start": ("subscriptions.csv", "Licence;2026-01-01", "Licence;2026-01-02", "start"),
    "text": ("subscriptions.csv", "Licence;2026", "License;2026", "text"),
    "amount": ("payments.csv", "1250,00", "1250,01", "amount"),
    "reference": ("payments.csv", "thank you", "thanks", "reference"),
    "kind": ("decisions.csv", ";hold;", ";waive;", "kind"),
    "day of a decision": ("decisions.csv", "2026-02-12;;;;;To", "2026-02-12;;;2026-03-09;;To", "until"),
    "credit": ("credits.csv", ";10,00;", ";11,00;", "amount"),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_what_cannot_change_is_refused_when_it_does(after_january, changed):
    file, before, after, column = changed
    assert fanbilling("run", after_january, *SECOND).status == 0
    kept = books(after_january)
    rewrite(after_january, file, before, after)
    status, answer = rejected(after_january, *SECOND)
    assert status == 1
    assert [(bad["file"], bad["column"]) for bad in answer["rejected"]] == [(file, column)]
    assert "the books say" in answer["rejected"][0]["problem"]
    assert books(after_january) == kept


# ---------------------------------------------------------------------------------------------------- folders and words

USAGE = {
    "no command": ([], "required"),
    "no such command": (["bill"], "invalid choice"),
    "no such folder": (["run", "nowhere", *FIRST], "there is no such folder"),
    "a file": (["ledger", "settings.toml"], "this is a file, not a folder"),
    "no day": (["run", ".", "--until", "2026-02-30", "--on", "2026-03-01"], "'2026-02-30' is not a day"),
    "another day": (["run", ".", "--until", "31-01-2026", "--on", "2026-03-01"], "write year, month and day"),
    "a week": (["run", ".", "--until", "2026-W05-1", "--on", "2026-03-01"], "is not a day"),
    "no until": (["run", ".", "--on", "2026-03-01"], "--until"),
    "nothing billed": (["ledger", "."], "nothing was billed here yet"),
    "nothing to explain": (["explain", ".", "2026-0001", "--json"], "nothing was billed here yet"),
}


@pytest.mark.parametrize("usage", USAGE.values(), ids=USAGE)
def test_what_cannot_be_understood_ends_with_two(folder, monkeypatch, usage):
    words, said = usage
    monkeypatch.chdir(folder)
    ran = fanbilling(*words)
    assert ran.status == 2
    assert ran.out == ""
    assert said in ran.err
    assert not (folder / "books.db").exists()


def test_a_folder_without_settings_is_no_exchange_folder(tmp_path):
    ran = fanbilling("run", small(tmp_path, settings=None), *FIRST)
    assert ran.status == 2
    assert "there is no settings.toml in it" in ran.err


def test_absent_tables_are_empty_ones(tmp_path):
    folder = small(tmp_path, clients=None, subscriptions=None, lines=None, payments=None, credits=None, decisions=None)
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 0
    assert ran.out.startswith("Nothing to bill")


SETTINGS = {
    "torn": ("[seller]", "[seller", "cannot be read"),
    "unknown table": ("[seller]", "[sellers]", "did you mean 'seller'?"),
    "unknown key": ("iban", "ibam", "did you mean 'iban'?"),
    "no seller": ('name = "Klein B.V."', "", "seller"),
    "impossible": ("[seller]", "[settings]\npayment_days = 1000\n[seller]", "payment_days = 1000"),
    "wrong kind": ("[seller]", '[settings]\npayment_days = "soon"\n[seller]', "payment_days"),
    "language": ("[seller]", '[settings]\nlanguage = "de"\n[seller]', "use one of en, nl"),
    "no number": ("[seller]", '[settings]\nnumber = "2026"\n[seller]', "{n}"),
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_damaged_settings_are_told_kindly(folder, settings):
    before, after, said = settings
    rewrite(folder, "settings.toml", before, after)
    ran = fanbilling("run", folder, *FIRST, "--json")
    assert ran.status == 1
    assert said.lower() in ran.err.lower()
    assert json.loads(ran.out).keys() == {"error"}
    assert "Traceback" not in ran.err


def test_settings_that_no_number_can_follow_are_told_for_everyone(folder):
    rewrite(folder, "settings.toml", "[seller]", '[settings]\nnumber = "{nn:04}"\n[seller]')
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 1
    assert "Traceback" not in ran.err


def test_books_of_another_administration_are_left_alone(after_january):
    rewrite(after_january, "settings.toml", 'id = "small"', 'id = "other"')
    kept = books(after_january)
    ran = fanbilling("run", after_january, *FIRST)
    assert ran.status == 1
    assert "the books are of administration 'small'" in ran.err
    assert books(after_january) == kept


# ----------------------------------------------------------------------------------------------- books that do not open


@pytest.mark.parametrize(
    "command", [["run", ".", *FIRST], ["verify", "."], ["ledger", "."], ["preview", ".", "acme", *FIRST]]
)
def test_books_that_are_no_database_are_told_kindly(folder, monkeypatch, command):
    monkeypatch.chdir(folder)
    (folder / "books.db").write_text("Dear diary, " * 1000, encoding="utf-8")
    ran = fanbilling(*command)
    assert ran.status == 1
    assert "books.db: this is no database, or it is damaged." in ran.err
    assert "Traceback" not in ran.err


def test_books_that_another_writes_in_are_told_kindly(after_january, monkeypatch):
    monkeypatch.setattr(places, "PATIENCE", 0.1)
    other = sqlite3.connect(after_january / "books.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        ran = fanbilling("run", after_january, *SECOND)
        looked = fanbilling("ledger", after_january)
    finally:
        other.close()
    assert ran.status == 1
    assert "books.db: somebody else is writing in it." in ran.err
    assert looked.status == 0
    assert fanbilling("run", after_january, *SECOND).status == 0


@pytest.mark.skipif(ROOT or sys.platform == "win32", reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told_kindly(folder):
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        ran = fanbilling("run", folder, *FIRST)
    finally:
        folder.chmod(stat.S_IRWXU)
    assert ran.status == 1
    assert "Traceback" not in ran.err


def test_a_file_where_a_folder_should_be_is_told_before_anything_is_billed(folder):
    (folder / "invoices").write_text("in the way", encoding="utf-8")
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 1
    assert "invoices" in ran.err
    assert "Traceback" not in ran.err
    assert not (folder / "books.db").exists()


RUN = ("run", *FIRST)
REMIND = ("remind", "--on", "2026-02-01")


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        *((missing, RUN) for missing in ("sqlalchemy", "typst", "rich", "jinja2", "lxml")),
        *((missing, REMIND) for missing in ("sqlalchemy", "typst", "rich", "jinja2", "css_inline", "icalendar")),
    ],
)
def test_a_missing_extra_is_named_with_its_cure(folder, tmp_path, missing, words):
    with (folder / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write('[settings]\ne_invoice = "peppol"\n')
    blocker = tmp_path / "path"
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n", encoding="utf-8")
    path = os.pathsep.join([str(blocker), os.environ.get("PYTHONPATH", "")])
    command, *days = words
    ran = in_a_process(command, folder, *days, env={**os.environ, "PYTHONPATH": path})
    assert ran.status == 1
    assert f"{missing} is not installed" in ran.err
    assert not (folder / "books.db").exists()
    assert 'pip install "fanbilling[demo]"' in ran.err
    assert "Traceback" not in ran.err


def test_programs_need_no_screen(folder, tmp_path):
    """With --json nothing is drawn, so what draws may be missing."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['rich'] = None\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ran = in_a_process("run", folder, *FIRST, "--json", env={**os.environ, "PYTHONPATH": path})
    assert (ran.status, ran.err) == (0, "")
    assert len(json.loads(ran.out)["issued"]) == 3


def test_the_days_of_a_folder_do_not_leave_it_open(after_january):
    """The books were opened and closed: nothing of the database is left beside it."""
    assert sorted(path.name for path in after_january.glob("books.db*")) == ["books.db"]
    open_place(after_january).books.close()
