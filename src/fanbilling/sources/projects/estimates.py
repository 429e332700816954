"""Estimates: what work is expected to cost, offered to a client, and what becomes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.exact import ZERO, exact, exactly
from ...domain.items import Price
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass, to_supply, to_tax_class
from .due import HOUR
from .rates import RateRule
from .records import Instalment, Project, ProjectKind, to_project_kind


class EstimateState(StrEnum):
    """How far an estimate is."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


#: From which state an estimate may go where.
TRANSITIONS: dict[EstimateState, frozenset[EstimateState]] = {
    EstimateState.DRAFT: frozenset({EstimateState.SENT, EstimateState.REJECTED}),
    EstimateState.SENT: frozenset({EstimateState.ACCEPTED, EstimateState.REJECTED, EstimateState.EXPIRED}),
    EstimateState.ACCEPTED: frozenset(),
    EstimateState.REJECTED: frozenset(),
    EstimateState.EXPIRED: frozenset(),
}


def to_estimate_state(word: EstimateState | str) -> EstimateState:
    """Turn a word into a state of an estimate, or refuse it."""
    return one_of(EstimateState, word)


@attrs.frozen(kw_only=True)
class EstimateLine:
    """Hours at a price per hour (unit ``HUR``), or material.

    Args:
        activity: what is done in those hours; it decides their rate on the project.
    """

    text: str
    quantity: Decimal = attrs.field(converter=exact)
    price: Price
    activity: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a line that says nothing."""
        a_text(self.text, where="estimate, text", needed=True)
        a_text(self.activity, where="estimate, activity")
        if self.quantity <= 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where="estimate", remedy="use more than zero")
        if not isinstance(self.price, Price):
            raise InvalidValue(f"a price of {self.price!r}", where="estimate", remedy='write Price.of("95.00")')

    @property
    def is_hours(self) -> bool:
        """Whether it is work, and not material."""
        return self.price.unit == HOUR


@record("projects.estimate", keys=("client", "state", "valid_until"), party="client", personal={"reason": "erased"})
@attrs.frozen(kw_only=True)
class Estimate:
    """What work is expected to cost. When it is accepted it becomes the project, with nothing typed twice.

    Args:
        kind: what it becomes: a project of a fixed price (the total), or of hours at these rates.
        plan: the instalments of a fixed price.
        valid_until: the last day on which it can be accepted.
        reason: why it was rejected.
        project: the project that it became.
        state, decided: filled in by the desk; ``decided`` is the day of the last step.

    Raises:
        InvalidValue: when no project could come of it.
    """

    id: str
    client: str
    title: str
    lines: tuple[EstimateLine, ...]
    valid_until: date
    kind: ProjectKind = attrs.field(default=ProjectKind.FIXED_PRICE, converter=to_project_kind)
    currency: str = "EUR"
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    supply: Supply = attrs.field(default=Supply.SERVICES, converter=to_supply)
    plan: tuple[Instalment, ...] = ()
    state: EstimateState = attrs.field(default=EstimateState.DRAFT, converter=to_estimate_state)
    decided: date | None = None
    reason: str = ""
    project: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse an estimate of which no project could come."""
        where = f"estimate {an_id(self.id, where='estimate')}"
        a_day(self.valid_until, where=where)
        a_text(self.reason, where=where)
        if self.kind not in (ProjectKind.FIXED_PRICE, ProjectKind.TIME_AND_MATERIAL):
            raise InvalidValue(f"an estimate that becomes {self.kind}", where=where, remedy="nobody pays for that")
        if not self.lines:
            raise InvalidValue("it has no lines", where=where, remedy="say what it costs")
        prices: dict[str, Price] = {}
        for line in self.lines:
            if line.is_hours and prices.setdefault(line.activity, line.price) != line.price:
                raise InvalidValue(
                    f"two rates for {line.activity or 'hours'!r}", where=where, remedy="name two activities"
                )
        self.becomes("x")  # what the project would refuse is refused now, and not when the client says yes

    @property
    @exactly
    def total(self) -> Decimal:
        """What it costs, excluding VAT: the sum of its lines, each rounded once."""
        return sum((self.amount(line) for line in self.lines), ZERO)

    @property
    @exactly
    def hours(self) -> Decimal:
        """How many hours it reckons with."""
        return sum((line.quantity for line in self.lines if line.is_hours), ZERO)

    def amount(self, line: EstimateLine) -> Decimal:
        """Return what a line costs, excluding VAT."""
        return line.price.total(line.quantity, places(self.currency))

    def becomes(self, project: str) -> Project:
        """Return the project that it becomes."""
        fixed = self.kind is ProjectKind.FIXED_PRICE
        return Project(
            id=project,
            client=self.client,
            title=self.title,
            kind=self.kind,
            currency=self.currency,
            tax_class=self.tax_class,
            supply=self.supply,
            price=self.total if fixed else None,
            plan=self.plan,
            budget=self.hours,
            estimate=self.id,
        )

    def rates(self, project: str, since: date) -> list[RateRule]:
        """Return the rates of the project that it becomes: one per activity."""
        if self.kind is ProjectKind.FIXED_PRICE:
            return []
        prices = {line.activity: line.price for line in self.lines if line.is_hours}
        return [
            RateRule(
                id=f"{self.id}/{number}",
                price=price,
                project=project,
                activity=activity,
                since=since,
                currency=self.currency,
            )
            for number, (activity, price) in enumerate(prices.items(), 1)
        ]

    def stepped(self, state: EstimateState, *, on: date, reason: str = "", project: str = "") -> Estimate:
        """Return the estimate in another state.

        Raises:
            RuleViolation: when it cannot go there.
        """
        if state not in TRANSITIONS[self.state]:
            raise RuleViolation(
                f"it is {self.state} and cannot become {state}", where=f"estimate {self.id}", remedy="make another one"
            )
        return attrs.evolve(self, state=state, decided=a_day(on, where="on"), reason=reason, project=project)
