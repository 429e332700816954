"""The floor: the same run by hand, with the driver, tuples and whole numbers; what any library is measured against.

It reads the same agenda, parties and subscriptions, computes the same bills and writes the same rows into the same
tables, five hundred clients per transaction, each on disk before the next. It knows this one world only, and has
no holds, corrections, settings, price changes or other sources. `hands.py` is how it speaks to each database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

from bench.hands import Hand, Row

BATCH = 500
SELLER = {
    "name": "Brinkhoff Software B.V.",
    "address": {"street": "Havenkade 12", "postal_code": "3511 AB", "city": "Utrecht", "country": "NL"},
    "vat_id": "NL001234567B01",
    "registration": "12345678",
    "iban": "NL91ABNA0417164300",
}


def run(hand: Hand, until: date, on: date, at: str) -> int:
    """Bill everybody who is due, and say how many bills that made."""
    made, after = 0, ""
    while True:
        hand.begin()
        due = hand.due(after, until.isoformat(), BATCH)
        if due:
            _batch(hand, due, until, on, at)
        hand.commit()
        if not due:
            return made
        made, after = made + len(due), due[-1][1]


def _batch(hand: Hand, due: Sequence[Row], until: date, on: date, at: str) -> None:
    billed: list[Row] = []
    posted: list[Row] = []
    answered: list[Row] = []
    ready = []
    day, last = on.isoformat(), until.isoformat()
    pay_by = (on + timedelta(days=14)).isoformat()
    for agreement, payer, version, country, party, body in due:
        lines, since, ask_on = _lines(orjson.loads(body), agreement, payer, until)
        document = _document(lines, orjson.loads(party), payer, country, (day, pay_by, last))
        billed.extend(_entries(document))
        posted.extend(_postings(document))
        answered.append((since.isoformat(), ask_on.isoformat(), last, agreement, version))
        ready.append(document)
    hand.add("billed", billed)
    hand.add("posting", posted)
    _seal(hand, ready, str(on.year), at)
    hand.answer(answered)


@lru_cache(maxsize=1024)
def _period(first: date, months: int, until: date) -> tuple[date, date, int, date, date]:
    """Return start, end and days of the period that holds a day, and the first and last day of the next one."""
    passed = (until.year - first.year) * 12 + until.month - first.month
    n = passed // months - (first.day > until.day and passed % months == 0)
    start, end, over = (_month(first, (n + step) * months) for step in range(3))
    return start, end, (end - start).days, end, over - timedelta(days=1)


def _month(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)  # no start is after the 28th here


def _lines(body: dict[str, Any], agreement: str, payer: str, until: date) -> tuple[list[Any], date, date]:
    """Return the line of each period that is due, sorted by key, and when to ask again: from and on which day."""
    lines, sinces, asks = [], [], []
    for line in body["lines"]:
        first = date.fromisoformat(line["start"])
        anchor = date.fromisoformat(line["anchor"]) if "anchor" in line else first
        start, end, whole, coming, coming_last = _period(anchor, line.get("months", 1), until)
        filed = max(start, first)
        days = (end - filed).days
        price, count = line["prices"]["steps"][0][1], line["quantities"]["steps"][0][1]
        units = days * int(count)
        net = (2 * int(price.replace(".", "")) * units + whole) // (2 * whole)  # half up, in cents
        lines.append(
            (filed.isoformat(), line["id"], units, price, count, days, whole, net, end, line["text"], body["title"])
        )
        sinces.append(coming)
        asks.append(coming if line.get("timing") != "arrears" else coming_last)
    lines.sort()
    return [(agreement, payer, *line) for line in lines], min(sinces), min(asks)


def _document(
    lines: list[Any], party: dict[str, Any], payer: str, country: str, days: tuple[str, str, str]
) -> tuple[Any, ...]:
    """Return everything that a bill is but for its number: its figures and lines, and its sealed text."""
    category, rate = ("S", 21) if country == "NL" or not party.get("business") else ("AE", 0)
    tax = [category, str(rate)]
    net = vat = 0
    shares, printed = [], []
    for number, line in enumerate(lines, 1):
        agreement, _, filed, fact, units, price, count, in_force, whole, amount, end, text, title = line
        net += amount
        share = (net * rate * 2 + 100) // 200 - vat
        vat += share
        shares.append(share)
        printed.append(
            {
                "number": number,
                "key": ["subscriptions", agreement, filed, fact],
                "client": payer,
                "title": title,
                "text": text,
                "quantity": str(units),
                "price": [price, str(whole), "DAY"],
                "net": _euros(amount),
                "tax": tax,
                "vat": _euros(share) if rate else "0",
                "because": [
                    "subscription.period",
                    f"={units}",
                    [
                        *("start", f"@{filed}", "last_day", f"@{end - timedelta(days=1)}"),
                        *("days", in_force, "of", whole, "quantity", f"={count}", "price", f"={price}"),
                    ],
                ],
                "supplied": [filed, end.isoformat()],
            }
        )
    id = sha256("\n".join(f"{line[:8]}" for line in lines).encode()).hexdigest()[:32]
    figures = _euros(net), _euros(vat) if rate else "0", _euros(net + vat)
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


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _entries(document: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    id, payer, _, _, (category, rate), lines, shares, _, on, _ = document
    for number, (line, share) in enumerate(zip(lines, shares, strict=True), 1):
        agreement, _, filed, fact, units, price, _, _, whole, amount, end, text, title = line
        yield (
            *("nl", "subscriptions", agreement, filed, fact, 0, id, number, payer, "EUR", category, rate, price),
            *(str(whole), "DAY", "invoice", str(units), amount, share, on, payer, "8000", text, title),
            *(filed, end.isoformat(), None),
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
        event |= {"total": _euros(net + vat), "currency": "EUR"}
        written.append(
            ("nl", position - count + step, at, "billing", "invoice.issued", payer, on, orjson.dumps(event).decode())
        )
    hand.add("document", sealed)
    hand.add("journal", written)
    hand.link(f"series:{series}", head)
