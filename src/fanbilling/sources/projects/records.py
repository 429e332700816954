"""What is agreed: projects, the instalments of a fixed price, and how far the work is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import ZERO, exact, exactly, rounded
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass, to_supply, to_tax_class

#: The name of the source, in every key.
NAME = "projects"

HUNDRED = Decimal(100)


class ProjectKind(StrEnum):
    """What is asked for a project: the hours, a fixed price, nothing, or an account of the hours to a funder."""

    TIME_AND_MATERIAL = "time-and-material"
    FIXED_PRICE = "fixed-price"
    INTERNAL = "internal"
    FUNDED = "funded"


def to_project_kind(word: ProjectKind | str) -> ProjectKind:
    """Turn a word into a kind of project, or refuse it."""
    return one_of(ProjectKind, word)


def _perhaps_exact(number: Decimal | int | str | None) -> Decimal | None:
    return None if number is None else exact(number)


@attrs.frozen(kw_only=True)
class Instalment:
    """A part of a fixed price that is billed on a planned day, or when a milestone is reached; or extra work.

    Args:
        id: the caller's own id, unique within the project.
        text: what it is for, in the client's words.
        on: the planned day: it is filed under it, and it never changes.
        percent: which part of the fixed price; the last instalment takes the exact rest.
        amount: how much, excluding VAT, in the place of a percentage.
        milestone: whether it waits until it is released.
        released: the day on which its milestone was reached.
        extra: whether it comes on top of the fixed price (extra work).
        known: the day on which it was agreed; the desk fills it in.
    """

    id: str
    text: str
    on: date
    percent: Decimal | None = attrs.field(default=None, converter=_perhaps_exact)
    amount: Decimal | None = attrs.field(default=None, converter=_perhaps_exact)
    milestone: bool = False
    released: date | None = None
    extra: bool = False
    known: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an instalment that says nothing, or two things."""
        where = f"instalment {an_id(self.id, where='instalment')}"
        a_text(self.text, where=f"{where}, text", needed=True)
        for day in (self.on, self.released, self.known):
            if day is not None:
                a_day(day, where=where)
        if (self.percent is None) is (self.amount is None):
            raise InvalidValue("it needs a percentage or an amount", where=where, remedy="give one of the two")
        if self.extra and self.amount is None:
            raise InvalidValue("extra work by percentage", where=where, remedy="say for which amount")
        for figure, most in ((self.percent, HUNDRED), (self.amount, None)):
            if figure is not None and (figure <= 0 or (most is not None and figure > most)):
                raise InvalidValue(f"an instalment of {figure}", where=where, remedy="use more than zero")

    @property
    def billable_on(self) -> date:
        """The first day on which it can be billed: the planned one, or that on which its milestone was reached."""
        return self.released if self.milestone and self.released else self.on


@attrs.frozen(kw_only=True)
class Progress:
    """How far the work was at the end of a day, in percent of the whole; ``known`` is the day of saying so."""

    on: date
    percent: Decimal = attrs.field(converter=exact)
    known: date

    def __attrs_post_init__(self) -> None:
        """Refuse what is no part of the whole."""
        for day in (self.on, self.known):
            a_day(day, where="progress")
        if not 0 <= self.percent <= HUNDRED:
            raise InvalidValue(f"a progress of {self.percent} percent", where="progress", remedy="use 0 to 100")


@record("projects.project", keys=("client", "funder", "kind"), party="client")
@attrs.frozen(kw_only=True)
class Project:
    """Work for a client, with what was agreed about it.

    Args:
        client: for whom it is done; of an internal project the own company, registered as a party.
        title: the heading on the bill, in the client's words.
        price: the fixed price, excluding VAT.
        plan: the instalments of the fixed price, with extra work.
        progress: how far the work was, in the order of days and, of one day, of what was said last.
        budget: how many hours were reckoned with.
        start, end: the days between which hours can be booked; absent means no bound.
        closed: the day on which it was closed: nothing is booked from then on.
        estimate: the estimate that it came from.
        funder: the party to whom the hours are accounted for.
        known: the day on which it was agreed; the desk fills it in.

    Raises:
        InvalidValue: when it cannot be kept or billed as it is written.
    """

    id: str
    client: str
    title: str
    kind: ProjectKind = attrs.field(default=ProjectKind.TIME_AND_MATERIAL, converter=to_project_kind)
    currency: str = "EUR"
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    supply: Supply = attrs.field(default=Supply.SERVICES, converter=to_supply)
    price: Decimal | None = attrs.field(default=None, converter=_perhaps_exact)
    plan: tuple[Instalment, ...] = ()
    progress: tuple[Progress, ...] = ()
    budget: Decimal | None = attrs.field(default=None, converter=_perhaps_exact)
    start: date | None = None
    end: date | None = None
    closed: date | None = None
    estimate: str = ""
    funder: str = ""
    known: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a project that could not be kept, printed or billed."""
        where = f"project {an_id(self.id, where='project')}"
        an_id(self.client, where=f"{where}, client")
        a_text(self.title, where=f"{where}, title", needed=True)
        for text in (self.estimate, self.funder):
            a_text(text, where=where)
        for day in (self.start, self.end, self.closed, self.known):
            if day is not None:
                a_day(day, where=where)
        if self.start and self.end and self.end < self.start:
            raise InvalidValue(f"it ends before it starts on {self.start}", where=where, remedy="let it end later")
        if self.budget is not None and self.budget < 0:
            raise InvalidValue(f"a budget of {self.budget} hours", where=where, remedy="use zero or more")
        self._check_price(where)

    def _check_price(self, where: str) -> None:
        cents = places(self.currency)
        if self.kind is not ProjectKind.FIXED_PRICE:
            if self.price is not None or self.plan or self.progress:
                raise InvalidValue(f"a price for a project that is {self.kind}", where=where, remedy="leave it out")
            return
        if self.price is None or self.price <= 0 or rounded(self.price, cents) != self.price:
            raise InvalidValue(
                f"a fixed price of {self.price}", where=where, remedy="give an amount above zero, in whole cents"
            )
        ids = [one.id for one in self.plan]
        if len(set(ids)) < len(ids):
            raise InvalidValue(f"instalments {', '.join(ids)} share an id", where=where, remedy="give each its own")
        if any(one.amount is not None and rounded(one.amount, cents) != one.amount for one in self.plan):
            raise InvalidValue("an instalment with parts of a cent", where=where, remedy="round it")
        self._check_plan(self.price, where)

    @exactly
    def _check_plan(self, price: Decimal, where: str) -> None:
        agreed = self.agreed
        if not agreed:
            return
        if self.progress:
            raise InvalidValue("it has instalments and progress", where=where, remedy="bill it by one of the two")
        percents = [one.percent for one in agreed if one.percent is not None]
        if percents and len(percents) < len(agreed):
            raise InvalidValue("percentages and amounts in one plan", where=where, remedy="use one of the two")
        total = sum(percents or [one.amount or ZERO for one in agreed], ZERO)
        whole = HUNDRED if percents else price
        if total != whole:
            raise InvalidValue(
                f"the instalments are {total} of {whole}", where=where, remedy="let them add up to the whole"
            )
        if percents and min(self.amounts.values()) < 0:
            raise InvalidValue("the last instalment is less than nothing", where=where, remedy="plan fewer of them")

    @property
    def agreed(self) -> tuple[Instalment, ...]:
        """The instalments of the fixed price, without extra work."""
        return tuple(one for one in self.plan if not one.extra)

    @property
    @exactly
    def amounts(self) -> dict[str, Decimal]:
        """The amount of each instalment: its percentage, rounded half up to the cent; the last takes the exact rest."""
        found = {one.id: one.amount for one in self.plan if one.amount is not None}
        parts = [one for one in self.plan if one.percent is not None]
        rest = price = self.price or ZERO
        for one in parts:
            last = one is parts[-1]
            found[one.id] = rest if last else rounded(price * (one.percent or ZERO) / HUNDRED, places(self.currency))
            rest -= found[one.id]
        return found

    @property
    def by_hours(self) -> bool:
        """Whether its hours and expenses are billed."""
        return self.kind is ProjectKind.TIME_AND_MATERIAL

    def instalment(self, id: str) -> Instalment | None:
        """Return one instalment, or nothing."""
        return next((one for one in self.plan if one.id == id), None)
