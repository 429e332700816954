"""Decisions, payments and credits as the folder tells them: each made once, under the id of its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from ..archive import document_called, documents_of
from ..domain.billed import BilledEntry, left
from ..domain.credits import Credit
from ..domain.decisions import Decision, DecisionKind, Then
from ..domain.errors import DateBeforeSeries, NotFound
from ..domain.invoices import Invoice
from ..domain.items import ItemKey
from ..domain.money import Money
from ..domain.opening import payer_of
from ..domain.payments import Payment
from ..domain.periods import DAY
from ..domain.ports.sourcing import Window
from .desks import BY_SOURCE
from .importing import Import, Waiting
from .rows import CREDITS, DECISIONS, PAYMENTS, CreditRow, DecisionRow, PaymentRow
from .tables import Folder

_KINDS = {"hold": DecisionKind.HELD, "waive": DecisionKind.WAIVED, "concede": DecisionKind.CONCEDED}


# ----------------------------------------------------------------------------------------------------------- decisions


def import_decisions(work: Import, folder: Folder) -> None:
    """Make every decision, and take back those that a later row takes back."""
    for row in folder.of(DECISIONS):
        taken_back = _taken_back(work, row.decision) if row.kind == "withdraw" else ""
        known = _decision(work, taken_back or row.id)
        if taken_back:
            if known is None or known.withdrawn is None:
                withdraw = partial(work.office.billing.withdraw, work.store, taken_back, on=row.date)
                work.carry_out(DECISIONS, row, withdraw)
        elif known is None:
            work.carry_out(DECISIONS, row, partial(_decide, work, row))
        else:
            work.cannot_change(DECISIONS, row, _same_decision(work, row, known))


def _taken_back(work: Import, id: str) -> str:
    """Return the id of the decision that is taken back: of a credit, the hold that it made."""
    credit = work.store.get_many(Credit, [id]).get(id)
    return f"{id}:{credit.line}:hold" if credit else id


def _decision(work: Import, id: str) -> Decision | None:
    try:
        return work.store.decisions.get(id)
    except NotFound:
        return None


def _decide(work: Import, row: DecisionRow) -> None:
    work.office.billing.decide(work.store, _wanted(work, row))


def _wanted(work: Import, row: DecisionRow) -> Decision:
    """Return the decision that a row tells of; the last day of a hold is the day before it may be billed again."""
    key = ItemKey(row.source, row.agreement, row.filed or row.date, row.fact)
    units = _units(work, key)
    return Decision(
        id=row.id,
        key=key,
        kind=_KINDS[row.kind],
        reason=row.reason,
        on=row.date,
        quantity=None if row.quantity is None else row.quantity * units,
        amount=row.amount,
        until=row.until + DAY if row.until else None,
    )


def _same_decision(work: Import, row: DecisionRow, known: Decision) -> dict[str, tuple[object, object]]:
    key = known.key
    kept = None if known.quantity is None else known.quantity / _units(work, key)
    return {
        "date": (row.date, known.on),
        "kind": (_KINDS[row.kind].value, known.kind.value),
        "source": (row.source, key.source),
        "agreement": (row.agreement, key.agreement),
        "fact": (row.fact, key.fact),
        "filed": (row.filed, key.filed),
        "quantity": (row.quantity, kept),
        "amount": (row.amount, known.amount),
        "until": (row.until, known.until - DAY if known.until else None),
        "reason": (row.reason, known.reason),
    }


def _units(work: Import, key: ItemKey) -> Decimal:
    """Return how many units of its price one of a key is: rows count in ones."""
    return BY_SOURCE[key.source].due.units(work.store, key)


# ------------------------------------------------------------------------------------------------------------ payments


def import_payments(work: Import, folder: Folder) -> None:
    """Book every payment; one that nobody was named for is from whoever got the invoice that it names."""
    rows = folder.of(PAYMENTS)
    kept = work.store.get_many(Payment, [row.id for row in rows])
    for row in rows:
        known = kept.get(row.id)
        if known is None:
            work.carry_out(PAYMENTS, row, partial(_receive, work, row))
        else:
            work.cannot_change(PAYMENTS, row, _same_payment(row, known))


def _receive(work: Import, row: PaymentRow) -> None:
    payment = Payment(
        id=row.id,
        payer=row.client or _payer_named(work, row.reference),
        on=row.date,
        amount=Money(row.amount, row.currency),
        reference=row.reference,
    )
    work.office.receivables.receive(work.store, payment)


def _payer_named(work: Import, reference: str) -> str:
    """Return who got the invoice that a payment names.

    Raises:
        Waiting: when it names none that was issued.
    """
    for word in re.split(r"[\s,;:()]+", reference):
        for named in dict.fromkeys((word, word.strip(".#"))):
            try:
                return payer_of(document_called(work.store, named))
            except NotFound:
                continue
    raise Waiting("This names no invoice that was issued.", "Correct it, or fill client.", column="reference")


def _same_payment(row: PaymentRow, known: Payment) -> dict[str, tuple[object, object]]:
    return {
        "client": (row.client or known.payer, known.payer),
        "date": (row.date, known.on),
        "amount": (row.amount, known.amount.amount),
        "currency": (row.currency, known.amount.currency),
        "reference": (row.reference, known.reference),
    }


# ------------------------------------------------------------------------------------------------------------- credits


def import_credits(work: Import, folder: Folder) -> None:
    """Give back what every row says, each on a credit note of its own."""
    rows = folder.of(CREDITS)
    kept = work.store.get_many(Credit, [row.id for row in rows])
    for row in sorted(rows, key=lambda row: row.date):
        known = kept.get(row.id)
        if known is None:
            work.carry_out(CREDITS, row, partial(_credit, work, row))
        else:
            work.cannot_change(CREDITS, row, _same_credit(work, row, known))


def _credit(work: Import, row: CreditRow) -> None:
    """Credit the newest bill of a key, or every one when all is given back."""
    key = ItemKey(row.source, row.agreement, row.filed, row.fact)
    units = _units(work, key)
    entries = [e for e in work.store.billed.of([Window(key.source, key.agreement, key.filed)]) if e.key == key]
    lines = _creditable(entries)
    if not lines:
        problem = "All of this was given back before." if entries else "Nothing of this is on a bill."
        raise Waiting(problem, "Correct the key, or leave the row out.", column="agreement")
    whole = row.quantity is None and row.amount is None
    notes = []
    for n, entry in enumerate(lines if whole else lines[:1], 1):
        credit = Credit(
            id=row.id if n == 1 else f"{row.id}.{n}",
            document=documents_of(work.store, [entry.document])[entry.document].number,
            reason=row.reason,
            line=entry.line,
            quantity=None if row.quantity is None else row.quantity * units,
            amount=row.amount,
            then=Then(row.then),
        )
        notes.append(_issue(work, credit, row.date))
    work.issued += notes


def _creditable(entries: Sequence[BilledEntry]) -> list[BilledEntry]:
    """Return the lines of which something is left, the newest first."""
    rest = left(entries)
    return [entry for entry in reversed(entries) if entry.reverses is None and rest[entry.revision]]


def _issue(work: Import, credit: Credit, day: date) -> Invoice:
    """Issue a credit note on its own day, or on the day of the run when the series is past that."""
    try:
        with work.store.savepoint():
            return work.office.billing.credit(work.store, credit, on=day)
    except DateBeforeSeries:
        return work.office.billing.credit(work.store, credit, on=work.on)


def _same_credit(work: Import, row: CreditRow, known: Credit) -> dict[str, tuple[object, object]]:
    lines = work.store.billed.of_document(document_called(work.store, known.document).id)
    key = next(line.key for line in lines if known.line in (None, line.line))
    kept = None if known.quantity is None else known.quantity / _units(work, key)
    return {
        "source": (row.source, key.source),
        "agreement": (row.agreement, key.agreement),
        "fact": (row.fact, key.fact),
        "filed": (row.filed, key.filed),
        "quantity": (row.quantity, kept),
        "amount": (row.amount, known.amount),
        "then": (row.then, known.then.value),
        "reason": (row.reason, known.reason),
    }
