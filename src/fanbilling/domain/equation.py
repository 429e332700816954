"""To bill = owed − billed: the only place where it is decided what goes on a bill.

*Owed* is what the sources say is due after our own decisions. What is owed and not yet billed becomes a line; what is
billed and no longer owed becomes a reversal of the newest line with the same terms, at its own price and VAT rate.
Quantity moves with its money; then money alone (a concession, a cent of rounding).

A credit gives back the lines that it names and nothing else, whatever is open besides: what it decides makes owed fall
by the same quantity and money, so the next run neither asks for it nor returns it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import Billed, BilledEntry, Part, left
from .decisions import Decision, DecisionKind, take
from .errors import InexactNumber, OverCredit, RuleViolation
from .exact import ZERO, between, exactly
from .items import BillableItem, ItemKey, in_order
from .lots import NOTHING, Lot
from .money import places
from .terms import Conditions, Terms

#: A quantity larger than any: leave the key alone, both ways.
ALL = Decimal("Infinity")

Owed = dict[ItemKey, dict[Terms, Lot]]


@exactly
def owed(
    items: Iterable[BillableItem], decisions: Sequence[Decision], conditions: Conditions, until: date
) -> tuple[Owed, dict[ItemKey, Decimal]]:
    """Return what is owed per key and terms, and how much of each key is kept back.

    Money is rounded once per key and terms, never per printed line. Decisions are applied in the order in which they
    were made; withdrawn ones count for nothing.

    Raises:
        InexactNumber: when a quantity is not an exact number.
        RuleViolation: when an item is negative without saying that it stands alone.
    """
    quantities: dict[ItemKey, dict[Terms, Decimal]] = {}
    kept: dict[ItemKey, Decimal] = {}
    for item in items:
        if item.blocked is not None:
            kept[item.key] = ALL
            continue
        mine = quantities.setdefault(item.key, {})
        if type(item.quantity) is not Decimal or not item.quantity.is_finite():
            raise InexactNumber(
                f"a quantity of {item.quantity!r} is due",
                where=_name(item.key),
                remedy="let the source answer in decimals",
            )
        if not item.quantity:
            continue
        if item.quantity < 0 and not item.unlinked:
            raise RuleViolation(
                f"a quantity of {item.quantity} is due",
                where=_name(item.key),
                remedy="lower the original key, or say that it stands alone (unlinked=True)",
            )
        for terms, quantity in conditions.lots(item):
            mine[terms] = mine.get(terms, ZERO) + quantity
    due: Owed = {
        key: {
            terms: Lot(quantity, terms.price.total(quantity, places(terms.currency)))
            for terms, quantity in mine.items()
        }
        for key, mine in quantities.items()
    }
    for decision in decisions:
        if decision.withdrawn is not None:
            continue
        if decision.holds(until):
            wanted = ALL if decision.quantity is None else decision.quantity
            kept[decision.key] = kept.get(decision.key, ZERO) + wanted
        _apply(decision, due.get(decision.key))
    return due, kept


def _apply(decision: Decision, lots: dict[Terms, Lot] | None) -> None:
    if not lots:
        return
    for terms, lot in take(lots, decision):
        lots[terms] -= lot
        if decision.kind is DecisionKind.MOVED:
            moved = attrs.evolve(terms, payer=decision.payer)
            lots[moved] = lots.get(moved, NOTHING) + lot


@exactly
def to_bill(
    items: Sequence[BillableItem], decisions: Sequence[Decision], billed: Billed, conditions: Conditions, until: date
) -> list[Part]:
    """Return what is to be billed and given back: owed − billed, per key and terms, in quantity and in money.

    ``until`` bounds the first billing of a key; what was billed is corrected both ways at any ``until``. Everything
    must be complete: the items for what was asked, and all billed entries and decisions of the same keys.

    When decisions give back lines of a document (they have a ``target``, and no document carries them yet), the parts
    are what they give back, and nothing else.

    Raises:
        OverCredit: when more is asked back than is left.
        RuleViolation: when an item is negative without saying that it stands alone.
    """
    if credited := _credits(decisions):
        return [part for key in sorted(credited) for part in _given_back(key, billed.get(key, ()), credited[key])]
    due, kept = owed(items, decisions, conditions, until)
    later = {item.key for item in items if item.bill_on > until and not billed.get(item.key)}
    parts: list[Part] = []
    for key in sorted(due.keys() | billed.keys(), key=in_order):
        keep = kept.get(key, ZERO)
        if key in later or keep == ALL:
            continue
        if entries := billed.get(key):
            parts.extend(_corrected(key, due.get(key, {}), entries, keep))
        else:
            parts.extend(_first(key, due.get(key, {}), keep))
    return parts


def _credits(decisions: Sequence[Decision]) -> dict[ItemKey, list[Decision]]:
    """Return, per key, the credits that are being made: they name a document, and none has carried them yet."""
    found: dict[ItemKey, list[Decision]] = {}
    for decision in decisions:
        if decision.target and not decision.document and decision.withdrawn is None:
            found.setdefault(decision.key, []).append(decision)
    return found


def _given_back(key: ItemKey, entries: Sequence[BilledEntry], wanted: Iterable[Decision]) -> Iterator[Part]:
    """Yield what credits give back of the lines that they name, and nothing else of the key.

    Where a credit takes the last quantity that stood billed under its terms, money alone that was left there (a
    concession taken back, a cent of rounding) goes with it.
    """
    lines = left(entries)
    revision = len(entries)
    for credit in wanted:
        alike = [e for e in reversed(entries) if e.reverses is None and credit.terms in (None, e.terms)]
        lots = list(_asked_back(credit, alike, lines))
        if credit.kind is not DecisionKind.CONCEDED and not any(lines[entry.revision].quantity for entry in alike):
            lots += [(entry, lines[entry.revision]) for entry in alike if lines[entry.revision].amount]
            lines.update((entry.revision, NOTHING) for entry in alike)
        for entry, lot in lots:
            yield Part(key=key, revision=revision, terms=entry.terms, lot=-lot, reverses=entry.revision)
            revision += 1


def _asked_back(
    credit: Decision, alike: Sequence[BilledEntry], lines: dict[int, Lot]
) -> Iterator[tuple[BilledEntry, Lot]]:
    """Yield how much a credit takes of which line of its document, and take it off what is left.

    Raises:
        OverCredit: when more is asked back than is left.
    """
    quantity, amount = credit.quantity, credit.amount or ZERO
    for entry in alike:
        line = lines[entry.revision]
        if entry.document != credit.target or not line:
            continue
        if credit.kind is DecisionKind.CONCEDED:
            lot = Lot(ZERO, between(amount, line.amount))
            amount -= lot.amount
        elif quantity is None:
            lot = line
        elif back := between(quantity, line.quantity):
            lot = line.share(back, entry.terms.currency)
            quantity -= back
        else:
            continue
        lines[entry.revision] = line - lot
        if lot:
            yield entry, lot
    rest = amount if credit.kind is DecisionKind.CONCEDED else quantity
    if rest:
        raise OverCredit(
            f"{rest} more is asked back than is left", where=f"credit {credit.id}", remedy="ask for what is left"
        )


def _first(key: ItemKey, due: Mapping[Terms, Lot], keep: Decimal) -> Iterator[Part]:
    """Yield the parts of a key that was never billed."""
    revision = 0
    for terms in sorted(due, key=lambda terms: _place(terms, due[terms])) if len(due) > 1 else due:
        gap = due[terms]
        if keep:
            gap, keep = _kept_back(gap, keep, terms)
        if gap:
            yield Part(key=key, revision=revision, terms=terms, lot=gap)
            revision += 1


def _kept_back(gap: Lot, keep: Decimal, terms: Terms) -> tuple[Lot, Decimal]:
    back = min(keep, gap.quantity)
    if back <= 0:
        return gap, keep
    return gap - gap.share(back, terms.currency), keep - back


def _corrected(key: ItemKey, due: Mapping[Terms, Lot], entries: Sequence[BilledEntry], keep: Decimal) -> Iterator[Part]:
    """Yield the parts that bring what stands billed of a key to what is owed."""
    lines = left(entries)
    gaps: dict[Terms, Lot] = dict(due)
    newest: dict[Terms, list[int]] = {}
    for entry in entries:
        if entry.reverses is None:
            gaps[entry.terms] = gaps.get(entry.terms, NOTHING) - lines[entry.revision]
            newest.setdefault(entry.terms, []).insert(0, entry.revision)
    revision = len(entries)
    for terms in sorted(gaps, key=lambda terms: _place(terms, gaps[terms])):
        gap = gaps[terms]
        for reversed_line, lot in _reversals(gap, newest.get(terms, ()), lines):
            yield Part(key=key, revision=revision, terms=terms, lot=-lot, reverses=reversed_line)
            gap += lot
            lines[reversed_line] -= lot
            revision += 1
        gap, keep = _kept_back(gap, keep, terms)
        if gap:
            yield Part(key=key, revision=revision, terms=terms, lot=gap)
            revision += 1


def _reversals(gap: Lot, newest: Sequence[int], lines: Mapping[int, Lot]) -> Iterator[tuple[int, Lot]]:
    """Yield what to take back from which line: quantity with its money first, then money alone."""
    lines = dict(lines)
    for revision in newest:
        line = lines[revision]
        quantity = between(-gap.quantity, line.quantity)
        if not quantity:
            continue
        last = quantity == -gap.quantity
        lot = Lot(quantity, between(-gap.amount, line.amount) if last else line.amount)
        yield revision, lot
        gap += lot
        lines[revision] = line - lot
    for revision in newest:
        amount = between(-gap.amount, lines[revision].amount)
        if gap.quantity * gap.amount > 0 or not amount:
            continue
        lot = Lot(ZERO, amount)
        yield revision, lot
        gap += lot
        lines[revision] -= lot


def _place(terms: Terms, gap: Lot) -> tuple[str, str, str, bool, bool, Terms]:
    """Return the place of a part among those of its key: document by document, what is given back first.

    So revisions follow each other when the drafts of one preview are issued in their order.
    """
    return terms.payer, terms.currency, terms.document, gap.quantity >= 0, gap.amount >= 0, terms


def _name(key: ItemKey) -> str:
    return "/".join(filter(None, (key.source, key.agreement, key.filed.isoformat(), key.fact)))
