"""Verification: recompute the laws from the records, by arithmetic that shares nothing with what wrote them.

Every finding names the law, the place, what was expected and what was found. Nothing is mended.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from .domain.billed import BilledEntry
from .domain.chain import SealedRow
from .domain.events import InvoiceIssued, PaymentAllocated, PaymentReceived
from .domain.money import places
from .domain.payments import Allocation, Payment
from .domain.ports.storage import Store, UnitOfWork

R = TypeVar("R")

PAGE = 1000


@attrs.frozen(kw_only=True)
class Finding:
    """A fact that breaks a law."""

    law: str
    where: str
    expected: str
    found: str


def verify(books: UnitOfWork) -> list[Finding]:
    """Recompute the laws from everything that is kept; return what breaks one, or nothing.

    Checked are the numbers (L3), the seals (L4), the sums (L5), that lines and billed entries agree (L1, L5), that
    billed periods do not overlap (L2), the ledger and its control account (L9), receivables (L10), and that every line
    has its reason (L18).
    """
    with books() as store:
        return [finding for check in CHECKS for finding in check(store)]


def check_numbers_and_seals(store: Store) -> Iterator[Finding]:
    """L3: places 1..n and dates that never go back, per series. L4: every seal follows from the one before."""
    place, last, head, series = 0, date.min, "", ""
    for row in _sealed(store):
        if row.series != series:
            place, last, head, series = 0, date.min, "", row.series
        place += 1
        if row.place != place:
            yield Finding(law="L3", where=f"series {series}", expected=f"place {place}", found=f"{row.place} ({row.number})")
            place = row.place
        if row.on < last:
            yield Finding(law="L3", where=row.number, expected=f"a date of {last} or later", found=str(row.on))
        last = max(last, row.on)
        seal = hashlib.sha256("\n".join((head, row.number, row.body)).encode()).hexdigest()
        if seal != row.chain:
            yield Finding(law="L4", where=row.number, expected=f"seal {seal[:12]}", found=row.chain[:12])
        head = row.chain


def check_documents(store: Store) -> Iterator[Finding]:
    """L4, L5, L18: what stands beside a document is what it says, its figures add up, and its lines have reasons."""
    for row in _sealed(store):
        body = json.loads(row.body)
        columns = {"id": row.id, "series": row.series, "on": row.on.isoformat(), "currency": row.currency}
        for name, value in columns.items():
            if body[name] != value:
                yield Finding(law="L4", where=f"{row.number}, {name}", expected=str(body[name]), found=value)
        if body["buyer"]["id"] != row.payer:
            yield Finding(law="L4", where=f"{row.number}, payer", expected=body["buyer"]["id"], found=row.payer)
        if Fraction(body["totals"]["total"]) != Fraction(row.total):
            yield Finding(law="L4", where=f"{row.number}, total", expected=body["totals"]["total"], found=str(row.total))
        yield from _sums(row.number, body)


def _sums(number: str, body: dict[str, Any]) -> Iterator[Finding]:
    """L5: total = Σ line nets + Σ VAT per category and rate, to the cent."""
    net: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    vat: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    new: dict[tuple[str, ...], list[Fraction]] = defaultdict(list)
    for line in body["lines"]:
        tax = tuple(line["tax"])
        net[tax] += Fraction(line["net"])
        vat[tax] += Fraction(line["vat"])
        if not line.get("corrects"):
            new[tax].append(Fraction(line["net"]))
            new[*tax, "vat"].append(Fraction(line["vat"]))
        if not (line.get("because") and line["because"][0]):
            yield Finding(law="L18", where=f"{number}, line {line['number']}", expected="a reason", found="none")
    for subtotal in body["taxes"]:
        tax = tuple(subtotal["tax"])
        for name, computed in (("base", net.pop(tax, Fraction())), ("vat", vat.pop(tax, Fraction()))):
            if computed != Fraction(subtotal[name]):
                yield _differs("L5", f"{number}, {name} of {' '.join(tax)}%", computed, subtotal[name])
        charged = sum(new[*tax, "vat"])
        rated = sum(new[tax]) * Fraction(tax[1]) / 100
        if abs(charged - rated) > Fraction(1, 2 * 10 ** places(body["currency"])):
            yield _differs("L5", f"{number}, VAT on new lines of {' '.join(tax)}%", rated, charged)
    for tax in net:
        yield Finding(law="L5", where=number, expected=f"a subtotal for {' '.join(tax)}%", found="none")
    totals = body["totals"]
    lines = sum((Fraction(line["net"]) for line in body["lines"]), Fraction())
    tax_total = sum((Fraction(line["vat"]) for line in body["lines"]), Fraction())
    figures = {"lines": lines, "taxable": lines, "tax": tax_total, "total": lines + tax_total, "payable": lines + tax_total}
    for name, computed in figures.items():
        if computed != Fraction(totals[name]):
            yield _differs("L5", f"{number}, {name}", computed, totals[name])


def check_billed(store: Store) -> Iterator[Finding]:
    """L1, L2, L5: entries agree with the lines of their documents, never give back too much, and do not overlap."""
    lines = {
        (row.id, line["number"]): (row.number, line) for row in _sealed(store) for line in json.loads(row.body)["lines"]
    }
    mine: list[BilledEntry] = []
    periods: dict[tuple[str, ...], list[tuple[date, date, str]]] = defaultdict(list)
    for entry in _entries(store):
        where = _key(entry)
        number, line = lines.pop((entry.document, entry.line), ("", None))
        if line is None:
            yield Finding(law="L1", where=where, expected="a line on a document", found=f"none for {entry.document[:8]}")
        else:
            yield from _agrees(entry, number, line)
        if mine and mine[0].key != entry.key:
            yield from _history(mine)
            _standing_periods(mine, periods)
            mine = []
        mine.append(entry)
    if mine:
        yield from _history(mine)
        _standing_periods(mine, periods)
    for number, line in lines.values():
        yield Finding(law="L1", where=f"{number}, line {line['number']}", expected="a billed entry", found="none")
    for name, spans in periods.items():
        spans.sort()
        for (_, end, first), (start, _, second) in zip(spans, spans[1:], strict=False):
            if start < end and first != second:
                yield Finding(law="L2", where="/".join(name), expected=f"from {end} on", found=f"from {start}")


def _agrees(entry: BilledEntry, number: str, line: dict[str, Any]) -> Iterator[Finding]:
    key = entry.key
    facts = {
        "key": ([key.source, key.agreement, key.filed.isoformat(), key.fact], line["key"]),
        "net": (Fraction(entry.lot.amount), Fraction(line["net"])),
        "quantity": (Fraction(entry.lot.quantity), Fraction(line["quantity"])),
        "vat": (Fraction(entry.vat), Fraction(line["vat"])),
        "tax": ([entry.terms.tax.category, Fraction(entry.terms.tax.rate)], [line["tax"][0], Fraction(line["tax"][1])]),
        "gives back": (entry.reverses is not None, bool(line.get("corrects"))),
    }
    for name, (found, expected) in facts.items():
        if found != expected:
            yield _differs("L1", f"{number}, line {line['number']}, {name} of the billed entry", expected, found)


def _history(entries: Sequence[BilledEntry]) -> Iterator[Finding]:
    """L5: revisions follow each other, and nothing gives back more than was taken, in quantity, net, VAT and gross."""
    left: dict[int, list[Fraction]] = {}
    for n, entry in enumerate(entries):
        figures = [Fraction(entry.lot.quantity), Fraction(entry.lot.amount), Fraction(entry.vat)]
        if entry.revision != n:
            yield Finding(law="L1", where=_key(entry), expected=f"revision {n}", found=f"revision {entry.revision}")
        if entry.reverses is None:
            left[entry.revision] = figures
            continue
        if entry.reverses not in left:
            yield Finding(law="L5", where=_key(entry), expected="a line to give back", found=f"revision {entry.reverses}")
            continue
        before = left[entry.reverses]
        after = [a + b for a, b in zip(before, figures, strict=True)]
        if any(was * now < 0 for was, now in zip(before, after, strict=True)) or (figures[1] and not before[1]):
            yield _differs("L5", f"{_key(entry)}, given back", [-f for f in before], figures)
        left[entry.reverses] = after


def _standing_periods(entries: Sequence[BilledEntry], periods: dict[tuple[str, ...], list[tuple[date, date, str]]]) -> None:
    """Collect the periods that stand billed of one key, after reversals, to see whether keys overlap (L2)."""
    standing: dict[int, Fraction] = defaultdict(Fraction)
    for entry in entries:
        standing[entry.revision if entry.reverses is None else entry.reverses] += Fraction(entry.lot.quantity)
    for entry in entries:
        if entry.reverses is None and entry.supplied is not None and standing[entry.revision]:
            key = entry.key
            span = (entry.supplied.start, entry.supplied.end, key.filed.isoformat())
            periods[key.source, key.agreement, key.fact].append(span)


def check_ledger(store: Store) -> Iterator[Finding]:
    """L9: every entry balances, every document and payment is booked, and open items equal what they should be."""
    expected: dict[str, Fraction] = {}
    for row in _sealed(store):
        expected[row.id] = Fraction(row.total)
    for payment in _records(store, Payment):
        expected[f"payment:{payment.id}"] = -Fraction(payment.amount.amount)
    for allocation in _records(store, Allocation):
        amount = Fraction(allocation.amount.amount)
        for item, change in ((allocation.document, -amount), (f"payment:{allocation.payment}", amount)):
            if item not in expected:
                where = f"allocation {allocation.id}"
                yield Finding(law="L10", where=where, expected=f"{item} on record", found="none")
            expected[item] = expected.get(item, Fraction()) + change
    for item, open_ in expected.items():
        if item.startswith("payment:") and open_ > 0:
            yield Finding(law="L10", where=item, expected="not more allocated than came in", found=f"{open_} too much")
    booked: dict[str, Fraction] = defaultdict(Fraction)
    balances: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    after = ""
    while page := store.ledger.entries(after=after, limit=PAGE):
        for entry in page:
            total = sum((Fraction(posting.amount) for posting in entry.postings), Fraction())
            if total:
                yield _differs("L9", f"entry {entry.id}", Fraction(), total)
            for posting in entry.postings:
                balances[posting.account, entry.currency] += Fraction(posting.amount)
                if posting.item:
                    booked[posting.item] += Fraction(posting.amount)
        after = page[-1].id
    for item in sorted(expected.keys() | booked.keys()):
        if expected.get(item, Fraction()) != booked.get(item, Fraction()):
            yield _differs("L9", f"open item {item[:40]}", expected.get(item, Fraction()), booked.get(item, Fraction()))
    kept = {account: Fraction(amount) for account, amount in store.ledger.balances().items()}
    for account in sorted(balances.keys() | kept.keys()):
        if balances.get(account, Fraction()) != kept.get(account, Fraction()):
            where = f"balance of {account[0]}"
            yield _differs("L9", where, balances.get(account, Fraction()), kept.get(account, Fraction()))


def check_journal(store: Store) -> Iterator[Finding]:
    """L4, L10: positions follow each other, and what was issued, paid and allocated is told exactly once."""
    told: dict[tuple[str, ...], int] = defaultdict(int)
    position = 0
    while page := store.journal.after(position, limit=PAGE):
        for recorded in page:
            position += 1
            if recorded.position != position:
                yield Finding(law="L4", where="journal", expected=f"position {position}", found=str(recorded.position))
                position = recorded.position
            match recorded.event:
                case InvoiceIssued(document=document, number=number, total=total):
                    told["document", document, number, str(Fraction(total))] += 1
                case PaymentReceived(payment=id, amount=amount):
                    told["payment", id, str(Fraction(amount))] += 1
                case PaymentAllocated(payment=id, document=document, amount=amount):
                    told["allocation", id, document, str(Fraction(amount))] += 1
    for row in _sealed(store):
        told["document", row.id, row.number, str(Fraction(row.total))] -= 1
    for payment in _records(store, Payment):
        told["payment", payment.id, str(Fraction(payment.amount.amount))] -= 1
    for allocation in _records(store, Allocation):
        told["allocation", allocation.payment, allocation.document, str(Fraction(allocation.amount.amount))] -= 1
    for what, times in told.items():
        if times:
            law = "L4" if what[0] == "document" else "L10"
            found = "told and not on record" if times > 0 else "on record and not told"
            yield Finding(law=law, where=f"journal, {what[0]} {what[1][:40]}", expected="told once", found=found)


def _sealed(store: Store) -> Iterator[SealedRow]:
    after = ("", 0)
    while page := store.documents.sealed(after=after, limit=PAGE):
        yield from page
        after = page[-1].series, page[-1].place


def _entries(store: Store) -> Iterator[BilledEntry]:
    after = None
    while page := store.billed.page(after=after, limit=PAGE):
        yield from page
        after = page[-1].key, page[-1].revision


def _records(store: Store, kind: type[R]) -> Iterator[R]:
    after = None
    while page := store.find(kind, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id  # type: ignore[attr-defined]


def _key(entry: BilledEntry) -> str:
    key = entry.key
    return "/".join(filter(None, (key.source, key.agreement, key.filed.isoformat(), key.fact)))


def _differs(law: str, where: str, expected: object, found: object) -> Finding:
    return Finding(law=law, where=where, expected=_written(expected), found=_written(found))


def _written(figure: object) -> str:
    if isinstance(figure, Fraction):
        return f"{float(figure):.4f}".rstrip("0").rstrip(".")
    return ", ".join(map(_written, figure)) if isinstance(figure, list) else str(figure)


#: Everything that is checked, in the order of the report.
CHECKS: tuple[Callable[[Store], Iterator[Finding]], ...] = (
    check_numbers_and_seals,
    check_documents,
    check_billed,
    check_ledger,
    check_journal,
)
