"""Erasing the person data of a party: what stands in the way, what goes, and what the law keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from ..domain.decisions import DecisionKind
from ..domain.erasure import Erased, Erasure, Kept
from ..domain.errors import RuleViolation
from ..domain.events import PartyErased
from ..domain.messages import Message, MessageState
from ..domain.notices import PlannedNotice
from ..domain.parties import Party
from ..domain.payments import is_of_payment
from ..domain.ports.sourcing import Asked, BillingSource
from ..domain.ports.storage import Store
from ..domain.records import RecordKind, kind_of
from ..domain.retention import Retention
from .belongings import Belongings, pages

#: What of a party stays while its documents do: how it was taxed, and where its later bills would have gone.
STAYS = ("country", "business", "vat_id", "positions", "billed_to")

_UNDER_WAY = (MessageState.DUE, MessageState.SENDING)


def erased(
    store: Store,
    mine: Belongings,
    *,
    on: date,
    retention: Retention,
    account: str,
    sources: Mapping[str, BillingSource],
) -> Erasure:
    """Erase what the law does not keep, all of it or nothing.

    Args:
        account: the ledger account of what clients owe.

    Raises:
        RuleViolation: when something has to be done first; it says what.
        InvalidValue: when a kind of record cannot be kept without its person data.
    """
    _refuse(mine, [*_unfinished(store, mine, account), *_unbilled(store, mine, sources)])
    with store.savepoint():
        gone = [*_of_records(store, mine.records), *_of_party(store, mine, on)]
        if gone:
            store.journal.append([PartyErased(party=mine.party.id, on=on)])
            # Whoever writes the journal keeps others waiting: what they did while we looked is seen only now.
            _refuse(mine, [*_unfinished(store, mine, account), *_agreed(store, mine)])
    return Erasure(party=mine.party.id, on=on, erased=tuple(gone), kept=tuple(_kept(mine, on, retention)))


def _refuse(mine: Belongings, found: Sequence[tuple[str, str]]) -> None:
    if found:
        raise RuleViolation(
            "; ".join(problem for problem, _ in found),
            where=f"party {mine.party.id}",
            remedy="; ".join(remedy for _, remedy in found),
        )


def _agreed(store: Store, mine: Belongings) -> Iterator[tuple[str, str]]:
    """Say which agreements somebody else began in the meantime."""
    known = {(row.source, row.agreement) for row in mine.rows}
    for row in (*store.agenda.of(client=mine.party.id), *store.agenda.of(payer=mine.party.id)):
        if (row.source, row.agreement) not in known:
            yield f"{row.source} {row.agreement} was begun at the same moment", "end it, and run billing"


def _unfinished(store: Store, mine: Belongings, account: str) -> Iterator[tuple[str, str]]:
    """Say what money and which messages stand in the way, each with what to do first."""
    numbers = {document.id: document.number for document in mine.documents}
    for (_, item, currency), amount in sorted(store.ledger.open_items(account, party=mine.party.id).items()):
        figure = f"{abs(amount):f} {currency} of {numbers.get(item, item).replace(':', ' ')}"
        if is_of_payment(item):
            yield f"{figure} is on account", "settle it or pay it back"
        else:
            yield f"{figure} is open", "have it paid, or credit it" if amount > 0 else "pay it back"
    for message in _messages(mine.records):
        if message.state in _UNDER_WAY:
            yield f"a message with {message.about} is under way", "send it first"
    if mine.nothing:
        for other in pages(store, Party, {}):
            if other.id != mine.party.id and other.billed_to and mine.party.id in _payers(other):
                yield f"it is named as who pays for {other.id}", "register another payer there"


def _unbilled(store: Store, mine: Belongings, sources: Mapping[str, BillingSource]) -> Iterator[tuple[str, str]]:
    """Say which agreements may still be billed, each with what to do first."""
    for row in mine.rows:
        name = f"{row.source} {row.agreement}"
        if row.ask_on is not None:
            yield f"{name} may still be billed", "end it, and run billing"
        elif row.asked_until is not None and row.source in sources:
            asked = [Asked(agreement=row.agreement, since=date.min)]
            if any(item.blocked and item.quantity for item in sources[row.source].items(store, asked, row.asked_until)):
                yield f"something of {name} is blocked", "release it and bill it, or withdraw it"
    for decision in mine.decisions:
        if decision.kind is DecisionKind.HELD and decision.until is None and decision.withdrawn is None:
            yield f"{decision.key.agreement} is held by decision {decision.id}", "withdraw it; waive what is not asked"


def _of_records(store: Store, records: Sequence[Any]) -> Iterator[Erased]:
    for record in records:
        kind, after = kind_of(type(record)), record
        if isinstance(record, (Message, PlannedNotice)) and record.state is MessageState.FAILED:
            after = record.after(MessageState.DROPPED)  # it would be tried again, and there is nobody to send it to
        yield from _blanked(store, kind, record, kind.blanked(after))


def _of_party(store: Store, mine: Belongings, on: date) -> Iterator[Erased]:
    kind, party = kind_of(Party), mine.party
    if mine.nothing:
        store.remove(Party, party.id)
        yield Erased(kind=kind.name, id=party.id)
    else:
        yield from _blanked(store, kind, party, attrs.evolve(kind.blanked(party), erased=party.erased or on))


def _blanked(store: Store, kind: RecordKind, before: Any, after: Any) -> Iterator[Erased]:
    if after != before:
        store.replace(before, after)
        fields = tuple(name for name, _ in kind.personal if getattr(before, name) != getattr(after, name))
        yield Erased(kind=kind.name, id=before.id, fields=fields)


def _kept(mine: Belongings, on: date, retention: Retention) -> Iterator[Kept]:
    """Say what stays, and how long: as long as the youngest of it."""
    if mine.nothing:
        return
    until, law = retention.until(max(mine.days, default=on)), retention.law
    stays: dict[str, list[str]] = {
        "document": [document.number for document in (*mine.documents, *mine.elsewhere)],
        "billed": sorted({f"{entry.key.source} {entry.key.agreement}" for entry in mine.billed}),
        "decision": [decision.id for decision in mine.decisions],
    }
    for record in mine.records:
        stays.setdefault(kind_of(type(record)).name, []).append(record.id)
    for kind, ids in stays.items():
        if ids:
            yield Kept(kind=kind, ids=tuple(ids), until=until, law=law)
    yield Kept(kind=kind_of(Party).name, ids=(mine.party.id,), fields=STAYS, until=until, law=law)


def _messages(records: Sequence[Any]) -> Iterator[Message | PlannedNotice]:
    return (record for record in records if isinstance(record, (Message, PlannedNotice)))


def _payers(party: Party) -> set[str]:
    return {payer for _, payer in party.billed_to.steps} if party.billed_to else set()
