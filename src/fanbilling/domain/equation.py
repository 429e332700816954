"""To bill = owed − billed: the only place where it is decided what goes on a bill.

*Owed* is what the sources say is due after our own decisions. What is owed and not yet billed becomes a line; what is
billed and no longer owed becomes a reversal of the newest line with the same terms, at its own price and VAT rate.
Quantity moves with its money; then money alone (a concession, a cent of rounding).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import Billed, BilledEntry, Part, left
from .decisions import Decision, DecisionKind, take
from .errors import RuleViolation
from .exact import ZERO, between, exactly
from .items import BillableItem, ItemKey
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
        RuleViolation: when an item is negative without saying that it stands alone.
    """
    quantities: dict[ItemKey, dict[Terms, Decimal]] = {}
    kept: dict[ItemKey, Decimal] = {}
    for item in items:
        if item.blocked is not None:
            kept[item.key] = ALL
            continue
        mine = quantities.setdefault(item.key, {})
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
        key: {terms: Lot(quantity, terms.price.total(quantity, places(terms.currency))) for terms, quantity in mine.items()}
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
    """
    due, kept = owed(items, decisions, conditions, until)
    later = {item.key for item in items if item.bill_on > until} - billed.keys()
    targets = _targets(decisions)
    parts: list[Part] = []
    for key in sorted(due.keys() | billed.keys()):
        keep = kept.get(key, ZERO)
        if key in later or keep == ALL:
            continue
        entries = billed.get(key)
        if entries:
            parts.extend(_corrected(key, due.get(key, {}), entries, keep, targets.get(key, frozenset())))
        else:
            parts.extend(_first(key, due[key], keep))
    return parts


def _targets(decisions: Sequence[Decision]) -> dict[ItemKey, frozenset[str]]:
    """Return, per key, the documents that are being credited by decisions not yet carried out."""
    found: dict[ItemKey, set[str]] = {}
    for decision in decisions:
        if decision.target and not decision.document:
            found.setdefault(decision.key, set()).add(decision.target)
    return {key: frozenset(documents) for key, documents in found.items()}


def _first(key: ItemKey, due: Mapping[Terms, Lot], keep: Decimal) -> Iterator[Part]:
    """Yield the parts of a key that was never billed."""
    revision = 0
    for terms in sorted(due) if len(due) > 1 else due:
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


def _corrected(
    key: ItemKey, due: Mapping[Terms, Lot], entries: Sequence[BilledEntry], keep: Decimal, targets: frozenset[str]
) -> Iterator[Part]:
    """Yield the parts that bring what stands billed of a key to what is owed."""
    lines = left(entries)
    gaps: dict[Terms, Lot] = dict(due)
    newest: dict[Terms, list[int]] = {}
    for entry in entries:
        if entry.reverses is None:
            gaps[entry.terms] = gaps.get(entry.terms, NOTHING) - lines[entry.revision]
            newest.setdefault(entry.terms, []).insert(0, entry.revision)
    if targets:
        named = {entry.revision for entry in entries if entry.document in targets}
        for revisions in newest.values():
            revisions.sort(key=lambda revision: revision not in named)
    revision = len(entries)
    for terms in sorted(gaps, key=lambda terms: (gaps[terms].quantity >= 0, gaps[terms].amount >= 0, terms)):
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


def _name(key: ItemKey) -> str:
    return "/".join(filter(None, (key.source, key.agreement, key.filed.isoformat(), key.fact)))
