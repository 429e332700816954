"""Loose lines: what somebody writes on a client's next bill by hand. The simplest source there is.

A source has three parts: what it keeps (:class:`Line`), what it answers (:class:`Manual`), and what people do with it
(:class:`ManualDesk`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ..domain.agenda import Touch
from ..domain.errors import Conflict, InvalidValue, RuleViolation
from ..domain.events import AgreementChanged
from ..domain.exact import ZERO, exact
from ..domain.items import BillableItem, ItemKey, Price
from ..domain.money import places
from ..domain.parties import Party
from ..domain.periods import a_day
from ..domain.ports.sourcing import Ask, Asked, Reading
from ..domain.ports.storage import Shelf, Store, never_billed, ours
from ..domain.reasons import Reason
from ..domain.records import ERASED, record
from ..domain.texts import a_text, an_id
from ..domain.vat import Supply, TaxClass, to_supply, to_tax_class

NAME = "manual"


@record("manual.line", keys=("client",), party="client", personal={"blocked": ERASED, "withdrawn": ERASED})
@attrs.frozen(kw_only=True)
class Line:
    """One line for a client's next bill.

    Args:
        on: the day it was done or delivered: it decides the VAT rate, and never changes.
        bill_on: not to be billed before this day; absent means not before ``on``.
        title: the heading it stands under on the bill, in the client's words.
        blocked, withdrawn: why it may not be billed yet ("not approved"), or is not due after all; else empty.

    Raises:
        InvalidValue: when id, client or text is missing, or the quantity is negative or not exact.
    """

    id: str
    client: str
    on: date
    text: str
    price: Price
    currency: str = "EUR"
    quantity: Decimal = attrs.field(default=Decimal(1), converter=exact)
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    supply: Supply = attrs.field(default=Supply.SERVICES, converter=to_supply)
    bill_on: date | None = None
    title: str = ""
    blocked: str = ""
    withdrawn: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"line {an_id(self.id, where='line')}"
        an_id(self.client, where=f"{where}, client")
        a_text(self.text, where=f"{where}, text", needed=True)
        for text in (self.title, self.blocked, self.withdrawn):
            a_text(text, where=where)
        for day in (self.on, self.billable_on):
            a_day(day, where=where)
        if not isinstance(self.price, Price):
            raise InvalidValue(f"a price of {self.price!r}", where=where, remedy='write Price.of("95.00")')
        if self.quantity < 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where=where, remedy="credit the line that was billed")
        places(self.currency)

    @property
    def billable_on(self) -> date:
        """The first day on which it may be billed."""
        return self.bill_on or self.on


@attrs.frozen
class Manual:
    """Says that every loose line is due, once, from the day on which it may be billed."""

    @property
    def name(self) -> str:
        return NAME

    @property
    def records(self) -> tuple[type, ...]:
        return (Line,)

    @property
    def desk(self) -> ManualDesk:
        """Where loose lines are written, changed and withdrawn."""
        return ManualDesk()

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> Iterator[BillableItem]:
        lines = reading.get_many(Line, [one.agreement for one in asked])
        for one in asked:
            line = lines.get(one.agreement)
            if line is not None and line.on >= one.since:
                yield _item(line)

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        return {}  # a line is in every answer, also before it may be billed: nothing new ever comes


def _item(line: Line) -> BillableItem:
    if line.withdrawn:
        quantity, because = ZERO, Reason("manual.withdrawn", ZERO, (("why", line.withdrawn),))
    else:
        quantity, because = line.quantity, Reason("manual.line", line.quantity, (("on", line.on),))
    return BillableItem(
        key=ItemKey(NAME, line.id, line.on),
        client=line.client,
        quantity=quantity,
        price=line.price,
        currency=line.currency,
        tax_class=line.tax_class,
        supply=line.supply,
        tax_point=line.on,
        bill_on=line.billable_on,
        text=line.text,
        title=line.title,
        blocked=Reason("manual.blocked", line.blocked) if line.blocked and not line.withdrawn else None,
        because=because,
    )


@attrs.frozen
class ManualDesk:
    """Where loose lines are written, changed, withdrawn and removed. Saying the same again changes nothing.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
    """

    administration: str = ""

    def add(self, store: Shelf, line: Line, *, on: date | None = None) -> None:
        """Write a line, on the day on which it was written: absent means the line's own day.

        Raises:
            NotFound: when the client is not registered.
            Conflict: when another line has this id.
        """
        known = ours(store, self.administration).get_many(Line, [line.id]).get(line.id)
        if known is None:
            _touch(store, line, "added", on=on or line.on, ask_on=line.billable_on)
            store.add(line)
        elif known != line:
            raise Conflict("it stands for another line", where=f"line {line.id}", remedy="change that, or use a new id")

    def change(
        self,
        store: Shelf,
        id: str,
        *,
        on: date,
        quantity: Decimal | None = None,
        price: Price | None = None,
        text: str | None = None,
        blocked: str | None = None,
    ) -> None:
        """Change a line; what was billed of it is corrected by the next run. ``blocked=""`` releases a blocked line.

        Raises:
            NotFound: when there is no such line.
            RuleViolation: when the line was withdrawn.
        """
        a_day(on, where="on")
        line = ours(store, self.administration).get(Line, id)
        after = attrs.evolve(
            line,
            quantity=line.quantity if quantity is None else quantity,
            price=line.price if price is None else price,
            text=line.text if text is None else text,
            blocked=line.blocked if blocked is None else blocked,
        )
        if after == line:
            return
        if line.withdrawn:
            raise RuleViolation("it was withdrawn", where=f"line {id}", remedy="write a new line")
        store.agenda.hold([(NAME, id)])
        store.replace(line, after)
        _touch(store, after, "changed", on=on, ask_on=min(on, after.billable_on))

    def withdraw(self, store: Shelf, id: str, *, on: date, reason: str) -> None:
        """Say that a line is not due after all; what was billed of it is given back by the next run.

        Raises:
            NotFound: when there is no such line.
            InvalidValue: when no reason is given.
            Conflict: when it was withdrawn for another reason.
        """
        a_day(on, where="on")
        line = ours(store, self.administration).get(Line, id)
        if not reason.strip():
            raise InvalidValue("withdrawing needs a reason", where=f"line {id}", remedy="say why, in a few words")
        if line.withdrawn == reason:
            return
        if line.withdrawn:
            raise Conflict(f"it was withdrawn before: {line.withdrawn}", where=f"line {id}", remedy="leave it at that")
        store.agenda.hold([(NAME, id)])
        store.replace(line, attrs.evolve(line, withdrawn=reason))
        _touch(store, line, "withdrawn", on=on, ask_on=min(on, line.billable_on))

    def remove(self, store: Store, id: str, *, on: date) -> None:
        """Take a line away that was never billed, as if it had not been written; there is no trace of its text.

        Raises:
            NotFound: when there is no such line.
            RuleViolation: when something of it was billed or decided: withdraw it instead.
        """
        a_day(on, where="on")
        line = ours(store, self.administration).get(Line, id)
        never_billed(store, NAME, id)
        store.remove(Line, id)
        _touch(store, line, "removed", on=on, ask_on=min(on, line.billable_on))


def _touch(store: Shelf, line: Line, change: str, *, on: date, ask_on: date) -> None:
    """Have the line asked again, and write down that something changed; refuse an unknown client before that."""
    payer = store.get(Party, line.client).billed_with
    touch = Touch(source=NAME, agreement=line.id, client=line.client, payer=payer, since=line.on, ask_on=ask_on)
    store.agenda.touch([touch])
    event = AgreementChanged(party=line.client, on=on, source=NAME, agreement=line.id, change=change, since=line.on)
    store.journal.append([event])
