"""Recomputing what projects keep, by plain fractions that share nothing with what wrote or billed it (law L6).

Where nothing is waiting, what was done is billed or given up: per project, in hours and in money. What waits (not
approved, no rate, held back, a milestone) is open. A cent of rounding is allowed for each bill and each decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from ...domain.agenda import AgendaRow
from ...domain.billed import BilledEntry
from ...domain.decisions import Decision, DecisionKind
from ...domain.findings import Finding, differs
from ...domain.items import ItemKey
from ...domain.ports.sourcing import OneOf, Window
from ...domain.ports.storage import Store
from .entries import EntryState, Expense, TimeEntry
from .rates import RateRule
from .reading import every
from .records import NAME, Project, ProjectKind

PAGE = 200
CENT = Fraction(1, 100)

#: A quantity, its price, and whether it can be billed.
Fact = tuple[Fraction, Fraction, bool]


def audited(store: Store) -> Iterator[Finding]:
    """Yield what breaks law L6, a page of projects at a time."""
    after = (NAME, "")
    while rows := [row for row in store.agenda.all(after=after, limit=PAGE) if row.source == NAME]:
        yield from _page(store, rows)
        after = NAME, rows[-1].agreement


def _page(store: Store, rows: list[AgendaRow]) -> Iterator[Finding]:
    projects = store.get_many(Project, [row.agreement for row in rows])
    windows = [Window(NAME, row.agreement, date.min) for row in rows]
    where = {"project": OneOf(tuple(projects))}
    hours, expenses = list(every(store, TimeEntry, where)), list(every(store, Expense, where))
    rules = [rule for rule in every(store, RateRule, {}) if rule.withdrawn is None]
    billed: dict[ItemKey, list[BilledEntry]] = defaultdict(list)
    for entry in store.billed.of(windows):
        billed[entry.key].append(entry)
    decided: dict[ItemKey, list[Decision]] = defaultdict(list)
    for decision in store.decisions.of(windows):
        if decision.withdrawn is None:
            decided[decision.key].append(decision)
    facts: dict[ItemKey, Fact] = {}
    for one in hours:
        yield from _history(f"hours {one.id}", one)
        facts[ItemKey(NAME, one.project, one.on, f"hours:{one.id}")] = _hours(projects[one.project], one, rules)
    for spent in expenses:
        yield from _history(f"expense {spent.id}", spent)
        facts[ItemKey(NAME, spent.project, spent.on, f"expense:{spent.id}")] = _spent(projects[spent.project], spent)
    for project in projects.values():
        facts.update(_price(project))
    for row in rows:
        if row.ask_on is None and row.asked_until is not None:
            keys = {key for key in facts.keys() | billed.keys() if key.agreement == row.agreement}
            for key in sorted(keys):
                fact = facts.get(key, (Fraction(), Fraction(), True))
                yield from _settled(key, fact, billed.get(key, ()), decided.get(key, ()), row.asked_until)


def _history(where: str, entry: TimeEntry | Expense) -> Iterator[Finding]:
    """What is kept of an entry is the last that became known of it."""
    last = entry.history[-1] if entry.history else None
    kept = [str(entry.state.value), *map(str, entry.figures)]
    known = [str(last.state.value), str(last.figure), str(last.billed)] if last else []
    if kept != known:
        yield differs("L6", where, known, kept)


def _hours(project: Project, entry: TimeEntry, rules: Iterable[RateRule]) -> Fact:
    if project.kind is not ProjectKind.TIME_AND_MATERIAL or entry.state is EntryState.REJECTED:
        return Fraction(), Fraction(), True
    best: tuple[tuple[int, int, date, date], RateRule] | None = None
    for rule in rules:
        named = [(rule.project, project.id, 8), (rule.employee, entry.employee, 4)]
        named += [(rule.client, project.client, 2), (rule.activity, entry.activity, 1)]
        if rule.currency != project.currency or any(mine and mine != its for mine, its, _ in named):
            continue
        if entry.on < rule.since or (rule.until and entry.on > rule.until):
            continue
        count = len([mine for mine, _, _ in named if mine])
        place = count, sum(weight for mine, _, weight in named if mine), rule.since, rule.known or date.min
        if best is None or place > best[0]:
            best = place, rule
    if best is None:
        return Fraction(entry.billable), Fraction(), False
    price = best[1].price
    return Fraction(entry.billable), Fraction(price.amount) / Fraction(price.per), entry.state is EntryState.APPROVED


def _spent(project: Project, expense: Expense) -> Fact:
    if project.kind is not ProjectKind.TIME_AND_MATERIAL or expense.state is EntryState.REJECTED:
        return Fraction(), Fraction(), True
    price = Fraction(expense.cost) * (100 + Fraction(expense.markup)) / 100
    return Fraction(1), price, expense.state is EntryState.APPROVED


def _price(project: Project) -> Iterator[tuple[ItemKey, Fact]]:
    for one in project.plan:
        part = Fraction(one.amount or 0) + Fraction(one.percent or 0) / 100 * Fraction(project.price or 0)
        waits = one.milestone and one.released is None
        yield ItemKey(NAME, project.id, one.on, f"installment:{one.id}"), (Fraction(1), part, not waits)
    last = {one.on: Fraction(one.percent) for one in project.progress}
    reached = Fraction()
    for day in sorted(last):
        lowest = min(percent for other, percent in last.items() if other >= day)
        amount = (lowest - reached) / 100 * Fraction(project.price or 0)
        yield ItemKey(NAME, project.id, day, "progress"), (amount, Fraction(1), True)
        reached = lowest


def _settled(
    key: ItemKey, fact: Fact, entries: Iterable[BilledEntry], decisions: Iterable[Decision], until: date
) -> Iterator[Finding]:
    """Hold what is billed of one key against what was done of it and what was decided about it."""
    quantity, price, ready = fact
    entries, decisions = list(entries), list(decisions)
    holds = [one for one in decisions if one.kind is DecisionKind.HELD and one.holds(until)]
    if not ready or any(one.quantity is None for one in holds):
        return  # left alone, both ways
    slack = CENT * (len(entries) + len(decisions) + 2)
    waived = sum((_quantity(one, quantity) for one in decisions if one.kind is DecisionKind.WAIVED), Fraction())
    held = sum((_quantity(one, quantity) for one in holds), Fraction())
    conceded = sum((Fraction(one.amount or 0) for one in decisions if one.kind is DecisionKind.CONCEDED), Fraction())
    left = max(quantity - waived, Fraction())
    found = sum((Fraction(entry.lot.quantity) for entry in entries), Fraction())
    by_money = slack if key.fact == "progress" else Fraction()
    where = f"{key.agreement} {key.filed} {key.fact}"
    if not max(left - held, Fraction()) - by_money <= found <= left + by_money:
        yield differs("L6", f"{where}, quantity", left, found)
    money = sum((Fraction(entry.lot.amount) for entry in entries), Fraction())
    most = found * price
    if not max(most - conceded, Fraction()) - slack <= money <= most + slack:
        yield differs("L6", f"{where}, amount", most - conceded, money)


def _quantity(decision: Decision, whole: Fraction) -> Fraction:
    return whole if decision.quantity is None else Fraction(decision.quantity)
