"""The floor: the same run by hand, with the driver, tuples and whole numbers; what any library is measured against.

It reads the same agenda, parties and agreements, computes the same bills and writes the same rows into the same tables,
five hundred clients per transaction, each on disk before the next. It knows these worlds only, one desk at a time, and
has no holds, corrections, settings or price changes. `hands.py` is how it speaks to each database, `trades.py` what it
knows of each desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import orjson

from bench.hands import Hand, Row
from bench.trades import Trade, euros

BATCH = 500
SELLER = {
    "name": "Brinkhoff Software B.V.",
    "address": {"street": "Havenkade 12", "postal_code": "3511 AB", "city": "Utrecht", "country": "NL"},
    "vat_id": "NL001234567B01",
    "registration": "12345678",
    "iban": "NL91ABNA0417164300",
}


def run(hand: Hand, trade: Trade, until: date, on: date, at: str) -> int:
    """Bill everybody who is due at one desk, and say how many bills that made."""
    made, after = 0, ""
    while True:
        hand.begin()
        due = hand.read(trade.due, (after, until.isoformat(), BATCH * trade.agreements))
        if due:
            made += _batch(hand, trade, due, until=until, on=on, at=at)
        hand.commit()
        if not due:
            return made
        after = due[-1][1]


def _batch(hand: Hand, trade: Trade, due: Sequence[Row], *, until: date, on: date, at: str) -> int:
    billed: list[Row] = []
    posted: list[Row] = []
    answered: list[Row] = []
    ready = []
    days = on.isoformat(), (on + timedelta(days=14)).isoformat(), until.isoformat()
    for payer, country, party, lines, answers in trade.bills(hand, due, until):
        document = _document((trade.source, country), lines, orjson.loads(party), payer, days)
        billed.extend(_entries(trade.source, document))
        posted.extend(_postings(document))
        answered.extend(answers)
        ready.append(document)
    hand.add("billed", billed)
    hand.add("posting", posted)
    _seal(hand, ready, str(on.year), at)
    hand.answer(trade.source, answered)
    return len(ready)


def _document(
    place: tuple[str, str], lines: Sequence[Row], party: dict[str, Any], payer: str, days: tuple[str, str, str]
) -> tuple[Any, ...]:
    """Return everything that a bill is but for its number: its figures and lines, and its sealed text."""
    source, country = place
    category, rate = ("S", 21) if country == "NL" or not party.get("business") else ("AE", 0)
    tax = [category, str(rate)]
    net = vat = 0
    shares, printed = [], []
    for number, line in enumerate(lines, 1):
        agreement, filed, fact, quantity, price, per, unit, amount, text, title, because, start, end = line
        net += amount
        share = (net * rate * 2 + 100) // 200 - vat
        vat += share
        shares.append(share)
        line_of = {
            "number": number,
            "key": [source, agreement, filed, fact],
            "client": payer,
            "title": title,
            "text": text,
            "quantity": quantity,
            "price": [price, per, unit],
            "net": euros(amount),
            "tax": tax,
            "vat": euros(share) if rate else "0",
            "because": because,
        }
        if start is not None:
            line_of["supplied"] = [start, end]
        printed.append(line_of)
    id = sha256("\n".join(f"{line[:8]}" for line in lines).encode()).hexdigest()[:32]
    figures = euros(net), euros(vat) if rate else "0", euros(net + vat)
    on, pay_by, until = days
    body = {
        "id": id,
        "kind": "invoice",
        "series": on[:4],
        "on": on,
        "due": pay_by,
        "until": until,
        "seller": SELLER,
        "buyer": {
            "id": payer,
            "name": party["name"],
            "attention": "",
            "address": party["address"],
            "vat_id": party.get("vat_id", ""),
            "registration": "",
            "email": party["email"],
        },
        "currency": "EUR",
        "language": party["language"],
        "lines": printed,
        "taxes": [{"tax": tax, "base": figures[0], "vat": figures[1]}],
        "totals": dict(
            zip(("lines", "taxable", "tax", "total", "payable"), (figures[0], *figures, figures[2]), strict=True)
        ),
    }
    return id, payer, net, vat, tax, lines, shares, orjson.dumps(body).decode(), on, pay_by


def _entries(source: str, document: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    id, payer, _, _, (category, rate), lines, shares, _, on, _ = document
    for number, (line, share) in enumerate(zip(lines, shares, strict=True), 1):
        agreement, filed, fact, quantity, price, per, unit, amount, text, title, _, start, end = line
        yield (
            *("nl", source, agreement, filed, fact, 0, id, number, payer, "EUR", category, rate, price),
            *(per, unit, "invoice", quantity, amount, share, on, payer, "8000", text, title),
            *(start, end, None),
        )


def _postings(document: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    id, payer, net, vat, _, _, _, _, on, _ = document
    yield "nl", id, 1, "invoice", on, "EUR", "1300", net + vat, payer, id
    yield "nl", id, 2, "invoice", on, "EUR", "8000", -net, "", ""
    if vat:
        yield "nl", id, 3, "invoice", on, "EUR", "1500", -vat, "", ""


def _seal(hand: Hand, ready: Sequence[Row], series: str, at: str) -> None:
    """Number and chain the bills, and write them and what happened."""
    on, count = ready[0][8], len(ready)
    last, head = hand.draw(f"series:{series}", count, on)
    position, _ = hand.draw("journal", count, None)
    sealed, written = [], []
    for step, (id, payer, net, vat, _, _, _, body, _, pay_by) in enumerate(ready, 1):
        place = last - count + step
        number = f"{series}-{place:04}"
        head = sha256(f"{head}\n{number}\n{body}".encode()).hexdigest()
        figures = net, vat, net + vat, net + vat
        sealed.append(("nl", series, place, id, number, "invoice", on, pay_by, payer, "EUR", *figures, body, head))
        event = {"party": payer, "on": on, "document": id, "number": number, "kind": "invoice"}
        event |= {"total": euros(net + vat), "currency": "EUR"}
        written.append(
            ("nl", position - count + step, at, "billing", "invoice.issued", payer, on, orjson.dumps(event).decode())
        )
    hand.add("document", sealed)
    hand.add("journal", written)
    hand.link(f"series:{series}", head)
