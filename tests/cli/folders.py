"""Folders to bill, the command as a function, and everything a folder holds as values to compare."""

import contextlib
import io
import shutil
import sqlite3
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import attrs

from fanbilling import samples
from fanbilling.cli import main

SAMPLE = files("fanbilling.samples") / "brinkhoff"
FIRST = ("--until", "2026-01-31", "--on", "2026-02-01")
SECOND = ("--until", "2026-02-28", "--on", "2026-03-01")
LAST = ("--until", "2026-06-30", "--on", "2026-07-01")

SMALL = {
    "settings.toml": """
        [administration]
        id = "small"
        country = "NL"
        [seller]
        name = "Klein B.V."
        street = "Straat 1"
        postal_code = "1000 AA"
        city = "Utrecht"
        country = "NL"
        vat_id = "NL000099998B57"
        iban = "NL91ABNA0417164300"
        email = "facturen@klein.example"
    """,
    "clients.csv": """
        id;name;country;business;email;street;postal_code;city;payer;payer_from;entered
        acme;Acme B.V.;NL;yes;acme@acme.example;Dam 1;1012 AA;Amsterdam;;;
        bolt;Bolt GmbH;NL;yes;bolt@bolt.example;Uferweg 9;3011 AA;Rotterdam;;;
        bolt;;;;;;;;acme;2026-02-01;2026-02-10
        carol;C. Jansen;NL;no;carol@post.example;Laan 3;3581 AA;Utrecht;;;
    """,
    "subscriptions.csv": """
        subscription;line;client;title;text;start;end;months;billed;quantity;price;tax;from;entered
        S-1;seats;acme;Orders;Licence;2026-01-01;;1;advance;12;24,95;standard;;
        S-1;seats;;;;;;;;15;27,45;;2026-01-16;2026-02-20
        S-2;care;bolt;Care;Service;2026-01-01;;1;arrears;1;100,00;standard;;
        S-3;home;carol;Home;Home licence;2026-01-01;;12;advance;1;120,00;standard;;
        S-3;home;;;;;2026-02-15;;;;;;;2026-02-20
    """,
    "lines.csv": """
        id;client;date;text;quantity;unit;price;tax;entered
        L-1;acme;2026-01-14;Advice;6,5;HUR;112,50;standard;2026-01-15
        L-1;;;;6;;;;2026-02-03
        L-2;bolt;2026-02-12;Handbook;2;;34,95;reduced;2026-02-13
        L-3;carol;2026-02-12;Repair;1;;80,00;standard;2026-02-13
    """,
    "payments.csv": """
        id;date;client;amount;reference;entered
        P-1;2026-02-12;;1250,00;invoice 2026-0001, thank you;2026-02-13
        P-2;2026-02-20;carol;20,00;;2026-02-21
    """,
    "credits.csv": """
        id;date;source;agreement;fact;filed;quantity;amount;then;reason;entered
        C-1;2026-02-18;subscriptions;S-2;care;2026-01-01;;10,00;waive;A day without service;2026-02-18
    """,
    "decisions.csv": """
        id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered
        D-1;2026-02-20;hold;manual;L-3;;2026-02-12;;;;;To be looked at;2026-02-20
    """,
}
"""A handful of clients whose second month holds one of everything."""


@attrs.frozen
class Ran:
    """What a command said, and with which status it ended."""

    status: int
    out: str
    err: str


def fanbilling(*words):
    """Call the command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(word) for word in words])
    return Ran(status, out.getvalue(), err.getvalue())


def in_a_process(*words, **environment):
    """Call the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "fanbilling", *map(str, words)], capture_output=True, check=False, **environment
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def sample(folder, name=samples.DEFAULT):
    """Copy a sample company."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in samples.sample(name).files.items():
        (folder / file).write_bytes(content)
    return folder


def small(folder, **changed):
    """Make the small folder, some of its files otherwise; ``None`` leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {**SMALL, **{f"{name}.{'toml' if name == 'settings' else 'csv'}": text for name, text in changed.items()}}
    for name, text in texts.items():
        if text is not None:
            lines = (line.strip() for line in text.strip().splitlines())
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def copy(folder, to):
    """Copy a folder with its books."""
    shutil.copytree(folder, to)
    return to


def contents(folder):
    """Every file of a folder but its books, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and not path.name.startswith("books.db")
    }


def books(folder):
    """Every row of the books, by table; the moments at which they were written are left out."""
    with contextlib.closing(sqlite3.connect(Path(folder) / "books.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: _rows(database, table) for table in sorted(tables) if not table.startswith("sqlite_")}


def _rows(database, table):
    columns = [f'"{row[1]}"' for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "at"]
    return sorted(database.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall(), key=repr)


_BILLED = {}


def billed_sample(tmp_path_factory, name=samples.DEFAULT):
    """A sample company after the demo, made once; it is looked at, never changed."""
    if name not in _BILLED:
        folder = tmp_path_factory.mktemp("demo") / "fanbilling-demo"
        _BILLED[name] = folder, fanbilling("demo", name, "--into", folder)
    return _BILLED[name]
