"""What is known of a client is exported and erased from a folder, whose tables must not bring it back."""

import json
import sqlite3
from contextlib import closing

import pytest

from fanbilling.cli import privacy
from tests.cli.folders import contents, fanbilling, small

SECOND = ("--until", "2026-02-28", "--on", "2026-03-01")
THIRD = ("--until", "2026-03-31", "--on", "2026-04-01")

CLIENTS = """
    id;name;country;business;email;street;postal_code;city;payer;payer_from;entered
    acme;Acme B.V.;NL;yes;acme@acme.example;Dam 1;1012 AA;Amsterdam;;;
    {carol}
    {dana}
"""
CAROL = "carol;C. Jansen;NL;no;carol@post.example;Laan 3;3581 AA;Utrecht;;;"
DANA = "dana;Dana Prospect;NL;no;dana@post.example;Weg 3;3581 AB;Utrecht;;;"
LINES = """
    id;client;date;text;quantity;unit;price;tax;entered
    L-1;acme;2026-01-14;Advice;1;HUR;100,00;standard;2026-01-15
    {line}
"""
LINE = "L-3;carol;2026-01-12;Repair;1;;80,00;standard;2026-01-13"
PAYMENTS = """
    id;date;client;amount;reference;entered
    {payment}
"""
#: 80.00 and 21% of it, 16.80; whose it is, only the number on it says.
PAYMENT = "P-2;2026-02-20;;96,80;2026-0002 from-carols-purse;2026-02-21"


DECISIONS = """
    id;date;kind;source;agreement;fact;filed;quantity;amount;until;decision;reason;entered
    D-1;2026-02-20;hold;manual;L-3;;2026-01-12;;;;;To be looked at;2026-02-20
"""


def tell(folder, *, clients=(CAROL, DANA), line=LINE, payment=PAYMENT, decisions=None):
    """Write the tables, with and without carol and dana."""
    carol, dana = clients
    return small(
        folder,
        clients=CLIENTS.format(carol=carol, dana=dana),
        lines=LINES.format(line=line),
        payments=PAYMENTS.format(payment=payment),
        subscriptions=None,
        credits=None,
        decisions=decisions,
    )


@pytest.fixture
def settled(tmp_path):
    """Two bills, of which carol paid hers; dana never did anything."""
    folder = tell(tmp_path / "small")
    for days in (("--until", "2026-01-31", "--on", "2026-02-01"), SECOND):
        assert fanbilling("run", folder, *days).status == 0
    return folder


def erase(folder, client):
    return fanbilling("erase", folder, client, "--on", "2026-03-15")


def test_an_export_is_one_json_document(settled):
    before = contents(settled)
    ran = fanbilling("export", settled, "carol")
    assert ran.status == 0
    told = json.loads(ran.out)
    assert told["party"] == "carol"
    assert [document["number"] for document in told["kept"]["document"]] == ["2026-0002"]
    assert told["kept"]["parties.party"][0]["email"] == "carol@post.example"
    assert "acme" not in ran.out
    assert contents(settled) == before


@pytest.mark.parametrize(
    ("left", "file"),
    [
        ({"clients": (CAROL, DANA), "line": "", "payment": ""}, "clients.csv"),
        ({"decisions": DECISIONS}, "clients.csv, decisions.csv, lines.csv, payments.csv"),
        ({"clients": ("", DANA), "line": "", "payment": PAYMENT}, "payments.csv"),
    ],
)
def test_it_is_refused_while_a_table_tells_of_the_client(settled, left, file):
    tell(settled, **left)
    ran = erase(settled, "carol")
    assert ran.status == 1
    assert f"fanbilling: client carol: {file} still tell of it, and the next run would read that." in ran.err
    assert "Take its rows out of every table first, and those that build on them." in ran.err
    assert "carol@post.example" in fanbilling("export", settled, "carol").out


def test_it_is_refused_while_a_row_cannot_be_read(settled):
    tell(settled, clients=("", ""))  # L-3 tells of somebody who is not there
    ran = erase(settled, "carol")
    assert ran.status == 1
    assert "lines.csv, line 3: it cannot be read, so nobody knows whom it tells of." in ran.err


def test_what_was_erased_is_gone_from_the_file_and_stays_gone(settled):
    tell(settled, clients=("", DANA), line="", payment="")
    assert (settled / "clients" / "carol.html").is_file()
    ran = erase(settled, "carol")
    assert ran.status == 0, ran.err
    law = "Algemene wet inzake rijksbelastingen, article 52(4)"
    assert "erased: receivables.payment P-2: reference" in ran.out
    assert f"kept until 2033-12-31, {law}: document 2026-0002\n" in ran.out
    assert "invoices/2026-0002.pdf, outbox/2026-0002.eml" in ran.out
    assert not (settled / "clients" / "carol.html").exists()
    assert b"from-carols-purse" not in b"".join(path.read_bytes() for path in settled.glob("books.db*"))
    assert erase(settled, "carol").out.startswith("nothing was left to erase\nkept until 2033-12-31")
    assert fanbilling("run", settled, *THIRD).status == 0
    assert "C. Jansen" not in (settled / "clients" / "carol.html").read_text(encoding="utf-8")
    assert fanbilling("verify", settled).out == "all laws hold\n"


def test_the_books_are_written_anew(settled, tmp_path, monkeypatch):
    """Not every SQLite overwrites what it lets go of: here it is told not to."""
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE things (word)")
        database.executemany("INSERT INTO things VALUES (?)", [(f"canary {n}",) for n in range(1000)])
        database.commit()
        database.execute("DELETE FROM things")
        database.commit()
    assert b"canary" in path.read_bytes()
    privacy._forget(path)
    assert b"canary" not in path.read_bytes()

    forgotten = []
    monkeypatch.setattr(privacy, "_forget", forgotten.append)
    tell(settled, clients=(CAROL, ""))
    assert erase(settled, "dana").status == 0
    assert forgotten == [settled / "books.db"]


def test_who_never_did_anything_goes_altogether(settled):
    tell(settled, clients=(CAROL, ""))
    ran = erase(settled, "dana")
    assert (ran.status, ran.out) == (0, "erased: parties.party dana, altogether\n")
    assert b"dana@post.example" not in (settled / "books.db").read_bytes()
    assert fanbilling("run", settled, *THIRD).status == 0
    assert not (settled / "clients" / "dana.html").exists()


def test_what_is_open_is_to_be_paid_first(settled):
    tell(settled)
    (settled / "clients.csv").write_text("id;name;country;business;street;postal_code;city\n", encoding="utf-8")
    (settled / "lines.csv").unlink()
    (settled / "payments.csv").unlink()
    ran = erase(settled, "acme")
    assert ran.status == 1
    # 100.00 and 21% of it: 121.00
    assert "121.00 EUR of 2026-0001 is open" in ran.err
    assert "Have it paid, or credit it." in ran.err
