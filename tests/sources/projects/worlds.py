"""A small office with projects, and short ways to say what happens in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fanbilling import Address, Administration, Office, Party, Price, Seller
from fanbilling.domain.dated import Dated
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.manual import Manual
from fanbilling.sources.projects import Expense, Instalment, Project, Projects, RateRule, TimeEntry

SELLER = Seller(name="Brinkhoff Software B.V.", address=Address(city="Utrecht", country="NL"))
CLIENT = Party(id="acme", name="Acme B.V.", billed_to=Dated(((date(2026, 3, 1), "holding"),)))
HOLDING = Party(id="holding", name="Holding B.V.")


def office(administration: str = "nl") -> Office:
    """An office with projects and loose lines."""
    return Office(administration=Administration(id=administration, seller=SELLER), sources=[Manual(), Projects()])


def day(text: str) -> date:
    """A day of 2026: ``"03-31"``."""
    return date.fromisoformat(f"2026-{text}")


def project(id="p", client="acme", **more) -> Project:
    return Project(id=id, client=client, title="Rollout", **more)


def hours(id="h", project="p", on="01-05", hours="8", **more) -> TimeEntry:
    more = {"employee": "eva", "text": "Advice"} | more
    if "billable" in more:
        more["billable"] = Decimal(more["billable"])
    return TimeEntry(id=id, project=project, on=day(on), hours=Decimal(hours), **more)


def rate(id="r", price="100.00", since="01-01", **more) -> RateRule:
    if "until" in more:
        more["until"] = day(more["until"])
    return RateRule(id=id, price=Price.of(price, unit="HUR"), since=day(since), **more)


def expense(id="e", project="p", on="01-05", cost="50.00", **more) -> Expense:
    more = {"text": "Train"} | more
    if "markup" in more:
        more["markup"] = Decimal(more["markup"])
    return Expense(id=id, project=project, on=day(on), cost=Decimal(cost), **more)


def instalment(id="i1", on="01-31", **more) -> Instalment:
    figures = {name: Decimal(more.pop(name)) for name in ("percent", "amount") if name in more}
    return Instalment(id=id, text=f"Instalment {id}", on=day(on), **figures, **more)


def items(store, *ids, since=date.min, until=date(2026, 12, 31)):
    """What is due of projects, by (id of the project, fact)."""
    asked = [Asked(agreement=id, since=since) for id in ids or ("p",)]
    return {(item.key.agreement, item.key.fact): item for item in Projects().items(store, asked, until)}
