"""Credits: what a client gets back of an issued document, and what happens to it then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import BilledEntry, left
from .decisions import Decision, DecisionKind, Then, to_then
from .errors import InvalidValue, OverCredit
from .exact import ZERO, an_exact, exactly, rounded
from .lots import Lot
from .money import places
from .records import record
from .texts import a_text, an_id


@record("billing.credit", keys=("document",), document="document")
@attrs.frozen(kw_only=True)
class Credit:
    """A request to give back an issued line, all of it or a part, or an amount of money.

    Args:
        id: the caller's own id: asking twice with the same content gives one credit note.
        document: the number of the document, or its id.
        line: the line on it; absent means every line.
        quantity: how much of the line, in the units of its price; absent means all that is left.
        amount: instead of a quantity: a concession in money, excluding VAT.
        then: whether what was given back is waived, billed again, or held.
        note: the id of the credit note, once it is issued.

    Raises:
        InvalidValue: for a quantity and an amount together, one of them not above zero, one without a line, or a
            concession that would be billed again.
    """

    id: str
    document: str
    reason: str
    line: int | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    then: Then = attrs.field(default=Then.WAIVE, converter=to_then)
    by: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be meant."""
        where = f"credit {an_id(self.id, where='credit')}"
        a_text(self.reason, where=f"{where}, reason", needed=True)
        if self.quantity is not None and self.amount is not None:
            raise InvalidValue("both a quantity and an amount", where=where, remedy="give one of them")
        for name, figure in (("quantity", self.quantity), ("amount", self.amount)):
            if figure is not None and an_exact(figure, where=f"{where}, {name}") <= 0:
                raise InvalidValue(
                    f"a {name} of {figure}", where=where, remedy="say how much is given back, above zero"
                )
            if figure is not None and self.line is None:
                raise InvalidValue(f"a {name} without a line", where=where, remedy="name the line")
        if self.amount is not None and self.then is not Then.WAIVE:
            raise InvalidValue("a concession is not billed again", where=where, remedy='leave out "then"')


@exactly
def decisions_of(
    credit: Credit, lines: Sequence[BilledEntry], entries: Sequence[BilledEntry], *, on: date
) -> tuple[Decision, ...]:
    """Return the decisions that a credit carries, one or two per line.

    Args:
        lines: the billed entries of the document that are credited.
        entries: everything that was billed on the same keys.

    Raises:
        OverCredit: when more is asked back than is left of a line, or nothing is left of any.
    """
    made: list[Decision] = []
    for line in lines:
        rest = left(entry for entry in entries if entry.key == line.key)[line.revision]
        if rest or credit.line is not None:
            made.extend(_decisions(credit, line, rest, on))
    if not made:
        raise OverCredit("nothing is left to give back", where=f"credit {credit.id}", remedy="it was credited before")
    return tuple(made)


def _decisions(credit: Credit, line: BilledEntry, rest: Lot, on: date) -> list[Decision]:
    """Return what one line's credit decides: forgo, and perhaps hold; or a concession in money."""
    id = f"{credit.id}:{line.line}"
    currency = line.terms.currency
    if credit.amount is not None and credit.amount != rounded(credit.amount, places(currency)):
        raise InvalidValue(
            f"{credit.amount} has parts of a cent",
            where=f"credit {credit.id}",
            remedy=f"give whole cents of {currency}",
        )
    quantity = rest.quantity if credit.quantity is None else credit.quantity
    asked, there = (quantity, rest.quantity) if credit.amount is None else (credit.amount, rest.amount)
    if not rest or asked.copy_abs() > there.copy_abs():
        raise OverCredit(
            f"{asked} is asked back and {there} is left",
            where=f"credit {credit.id}, line {line.line}",
            remedy="ask for what is left",
        )
    if credit.amount is not None or not quantity:
        kind, lot = DecisionKind.CONCEDED, Lot(ZERO, credit.amount or rest.amount)
    else:
        kind = DecisionKind.WAIVED if credit.then is Then.WAIVE else DecisionKind.RETURNED
        lot = rest.share(quantity, line.terms.currency)
    forgone = Decision(
        id=id,
        key=line.key,
        kind=kind,
        reason=credit.reason,
        by=credit.by,
        on=on,
        terms=line.terms,
        quantity=lot.quantity or None,
        amount=lot.amount or None,
        target=line.document,
    )
    if credit.then is not Then.HOLD or kind is DecisionKind.CONCEDED:
        return [forgone]
    held = attrs.evolve(forgone, id=f"{id}:hold", kind=DecisionKind.HELD, terms=None, amount=None, target="")
    return [forgone, held]
