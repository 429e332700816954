"""What must hold after a run, whoever made it: floor and library have to write the same rows."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, create_engine, text

#: Every row that a run writes; ids, sealed text and chain are each writer's own, so documents are known by number.
ROWS = {
    "documents": """
        SELECT number, place, kind, on_date, due, payer, currency, net, vat, total, payable
        FROM fb_document ORDER BY series, place
    """,
    "billed": """
        SELECT b.agreement, b.filed, b.fact, b.revision, d.number, b.line, b.payer, b.currency, b.category, b.rate,
            b.price, b.per, b.unit, b.kind, b.quantity, b.amount, b.vat, b.on_date, b.client, b.account, b.text,
            b.title, b.supplied_start, b.supplied_end, b.reverses
        FROM fb_billed b JOIN fb_document d ON d.administration = b.administration AND d.id = b.document
        ORDER BY 1, 2, 3, 4
    """,
    "postings": """
        SELECT d.number, p.line, p.kind, p.on_date, p.currency, p.account, p.amount, p.party, p.item = d.id
        FROM fb_posting p JOIN fb_document d ON d.administration = p.administration AND d.id = p.entry ORDER BY 1, 2
    """,
    "journal": 'SELECT position, at, "by", kind, party, on_date FROM fb_journal ORDER BY position',
    "agenda": "SELECT * FROM fb_agenda ORDER BY source, agreement",
    "counters": "SELECT name, value, last_date FROM fb_counter ORDER BY name",
}

_NONE_OF = {
    "numbers that are missing or double": """
        SELECT series FROM fb_document GROUP BY series HAVING min(place) <> 1 OR max(place) <> count(*)
            OR count(DISTINCT number) <> count(*)
    """,
    "documents of this month without three entries": """
        SELECT d.number FROM fb_document d LEFT JOIN fb_billed b ON b.administration = d.administration
            AND b.document = d.id WHERE d.on_date = :on GROUP BY d.number HAVING count(b.line) <> 3
    """,
    "entries that do not balance": "SELECT entry FROM fb_posting GROUP BY entry HAVING sum(amount) <> 0",
    "documents that are not the sum of their lines": """
        SELECT d.number FROM fb_document d JOIN fb_billed b ON b.administration = d.administration AND b.document = d.id
        GROUP BY d.number, d.net, d.vat, d.total
        HAVING sum(b.amount) <> d.net OR sum(b.vat) <> d.vat OR d.net + d.vat <> d.total
    """,
}


def checked(url: str, clients: int, on: str) -> dict[str, Any]:
    """Return what the run wrote, as digests to compare, or stop with what is wrong."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _checked(connection, clients, on)
    finally:
        engine.dispose()


def _checked(connection: Connection, clients: int, on: str) -> dict[str, Any]:
    for what, query in _NONE_OF.items():
        if found := connection.execute(text(query), {"on": on} if ":on" in query else {}).fetchmany(3):
            raise SystemExit(f"{what}: {found}")
    made, size = connection.execute(
        text("SELECT count(*), sum(length(body)) FROM fb_document WHERE on_date = :on"), {"on": on}
    ).one()
    if made != clients:
        raise SystemExit(f"{made} bills for {clients} clients")
    return {"bytes": int(size), **{name: _digest(connection, query) for name, query in ROWS.items()}}


def must_agree(floor: dict[str, Any], library: dict[str, Any]) -> None:
    """Stop unless both wrote the same rows, and texts of the same length but for 2 %."""
    different = [name for name in ROWS if floor[name] != library[name]]
    if different or abs(floor["bytes"] - library["bytes"]) > library["bytes"] // 50:
        raise SystemExit(f"floor and library differ in {', '.join(different) or 'the size of the documents'}")


def _digest(connection: Connection, query: str) -> str:
    digest = sha256()
    for row in connection.execute(text(query)):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
