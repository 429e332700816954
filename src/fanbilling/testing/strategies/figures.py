"""Strategies for what everything else is made of: texts, days, figures, prices, reasons."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...domain.dated import Dated
from ...domain.items import ItemKey, Price
from ...domain.lots import Lot
from ...domain.money import Money, places
from ...domain.parties import Address
from ...domain.periods import Period
from ...domain.reasons import Reason
from ...domain.terms import Terms
from ...domain.vat import Tax

T = TypeVar("T")

#: What the domain lets through its door: no half characters, and of the control characters a line break and a tab.
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t")
_ON_ONE_LINE = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])


def texts(*, max_size: int = 20) -> SearchStrategy[str]:
    """Texts that a person or another program may write, in any script."""
    return st.text(_CHARACTERS, max_size=max_size)


def ids(*, max_size: int = 20) -> SearchStrategy[str]:
    """The caller's own ids: any text on one line but the empty one."""
    return st.text(_ON_ONE_LINE, min_size=1, max_size=max_size)


def days(*, first: date = date(2001, 1, 1), last: date = date(2099, 12, 31)) -> SearchStrategy[date]:
    """Days on which something is filed, due or dated."""
    return st.dates(first, last)


def periods() -> SearchStrategy[Period]:
    """Periods of one day up to some years."""
    return st.builds(lambda start, length: Period(start, start + timedelta(length)), days(), st.integers(1, 1500))


def currencies() -> SearchStrategy[str]:
    """Currencies with two, no and three decimals."""
    return st.sampled_from(("EUR", "USD", "JPY", "BHD"))


def amounts(*, currency: str = "EUR", largest: int = 10**9) -> SearchStrategy[Decimal]:
    """Amounts in whole units of a currency's smallest coin, of either sign."""
    unit = Decimal(1).scaleb(-places(currency))
    return st.integers(-largest, largest).map(lambda number: number * unit)


def quantities() -> SearchStrategy[Decimal]:
    """Quantities of either sign, with up to ten decimals."""
    return st.builds(
        lambda number, finer: Decimal(number).scaleb(-finer), st.integers(-(10**9), 10**9), st.integers(0, 10)
    )


def moneys() -> SearchStrategy[Money]:
    """Amounts that can be paid."""
    return currencies().flatmap(lambda currency: amounts(currency=currency).map(lambda amount: Money(amount, currency)))


def prices() -> SearchStrategy[Price]:
    """Prices per one, per month of 28 to 31 days, or per any number of units."""
    figures = st.integers(0, 10**7).map(lambda number: Decimal(number).scaleb(-4))
    per = st.sampled_from([Decimal(number) for number in (1, 28, 29, 30, 31, 100, 365)])
    return st.builds(Price, figures, per, st.sampled_from(("C62", "HUR", "DAY", "MON")))


def taxes() -> SearchStrategy[Tax]:
    """Categories with their rates."""
    return st.sampled_from((Tax("S", Decimal(21)), Tax("S", Decimal(9)), Tax("AE", Decimal(0)), Tax("E", Decimal(0))))


def item_keys() -> SearchStrategy[ItemKey]:
    """Keys of what can be billed."""
    return st.builds(ItemKey, ids(), ids(), days(), texts())


def terms(*, payers: SearchStrategy[str] | None = None) -> SearchStrategy[Terms]:
    """What decides whether two lines may be set off against each other."""
    documents = st.sampled_from(("invoice", "claim"))
    return st.builds(Terms, ids() if payers is None else payers, currencies(), taxes(), prices(), documents)


def lots(*, currency: str = "EUR") -> SearchStrategy[Lot]:
    """Quantities with the money that goes with them, both of the same sign."""
    return st.builds(
        lambda quantity, amount: Lot(quantity, amount.copy_sign(quantity) if quantity and amount else amount),
        quantities(),
        amounts(currency=currency),
    )


def reasons() -> SearchStrategy[Reason]:
    """Why a figure is what it is, up to a few levels deep."""
    facts = st.one_of(st.none(), st.integers(-(2**53), 2**53), quantities(), days(), texts())
    inputs = st.lists(st.tuples(texts(), facts), max_size=3).map(tuple)
    leaves = st.builds(Reason, ids(), facts, inputs)
    return st.recursive(
        leaves,
        lambda below: st.builds(Reason, ids(), facts, inputs, st.lists(below, max_size=2).map(tuple)),
        max_leaves=4,
    )


def addresses() -> SearchStrategy[Address]:
    """Where somebody receives post."""
    return st.builds(
        Address, street=texts(), postal_code=texts(), city=texts(), country=st.sampled_from(("NL", "BE", "US"))
    )


def dated(*, values: SearchStrategy[T]) -> SearchStrategy[Dated[T]]:
    """Values that change on stated days."""
    steps = st.dictionaries(days(), values, min_size=1, max_size=3)
    return steps.map(lambda found: Dated(tuple(sorted(found.items(), key=lambda step: step[0]))))
