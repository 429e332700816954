"""What projects ought to have billed, computed by hand as it were: a notebook that knows no line of the library.

Prices are whole euros and hours are whole, so that nothing is rounded and every figure is exact.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations

#: Which criteria beat which, written out: three before two, and the strong ones before the weak.
ORDER = [
    set(names)
    for size in (4, 3, 2, 1, 0)
    for names in combinations(("project", "employee", "client", "activity"), size)
]

Key = tuple[str, date, str]


class Notebook:
    """Everything that was said at the desk, and what came of it."""

    def __init__(self) -> None:
        self.clients: dict[str, str] = {}  # by project
        self.prices: dict[str, Decimal] = {}  # of projects of a fixed price
        self.entries: dict[str, dict] = {}
        self.rules: dict[str, dict] = {}
        self.progress: dict[str, dict[date, Decimal]] = defaultdict(dict)
        self.plans: dict[str, dict[str, dict]] = defaultdict(dict)
        self.waived: dict[Key, dict[str, Decimal]] = defaultdict(dict)  # None: all of it
        self.held: dict[Key, set[str]] = defaultdict(set)
        self.billed: dict[Key, tuple[Decimal, Decimal]] = {}

    # what is due

    def due(self) -> dict[Key, tuple[Decimal, Decimal, bool, date]]:
        """Per key: quantity, price, whether it can be billed, and from when."""
        found = {}
        for id, entry in self.entries.items():
            price, ready = self.price(entry), entry["state"] == "approved"
            if entry["fact"] == "hours" and price is None:
                price, ready = Decimal(0), False
            quantity = entry["quantity"]
            if entry["state"] == "rejected":
                quantity, ready = Decimal(0), True
            key = entry["project"], entry["on"], f"{entry['fact']}:{id}"
            found[key] = quantity, price, ready, entry["on"]
        for project, plan in self.plans.items():
            for id, one in plan.items():
                ready, bill_on = not one["milestone"] or one["released"] is not None, one["released"] or one["on"]
                found[project, one["on"], f"installment:{id}"] = Decimal(1), one["amount"], ready, bill_on
        for project, said in self.progress.items():
            before = Decimal(0)
            for day in sorted(said):
                reached = min(percent for other, percent in said.items() if other >= day) * self.prices[project] / 100
                found[project, day, "progress"] = reached - before, Decimal(1), True, day
                before = reached
        return found

    def price(self, entry: dict) -> Decimal | None:
        if entry["fact"] == "expense":
            return entry["price"]
        facts = {name: entry[name] for name in ("project", "employee", "activity")}
        facts["client"] = self.clients[entry["project"]]
        fitting = [
            rule
            for rule in self.rules.values()
            if not rule["withdrawn"]
            and rule["since"] <= entry["on"]
            and all(rule[name] in ("", fact) for name, fact in facts.items())
        ]
        for names in ORDER:
            alike = [rule for rule in fitting if {name for name in facts if rule[name]} == names]
            if alike:
                return max(alike, key=lambda rule: (rule["since"], rule["known"]))["price"]
        return None

    def owed(self, key: Key, quantity: Decimal) -> Decimal:
        """What is left of a quantity after what was waived."""
        waived = self.waived.get(key, {}).values()
        return quantity - min(quantity, sum((quantity if one is None else one for one in waived), Decimal(0)))

    # what happens

    def run(self, until: date) -> None:
        """Bill everything that can be billed until a day, and correct everything that was billed."""
        due = self.due()
        for key in due.keys() | self.billed.keys():
            quantity, price, ready, bill_on = due.get(key, (Decimal(0), Decimal(0), True, key[1]))
            if not ready or self.held.get(key) or (bill_on > until and key not in self.billed):
                continue
            owed = self.owed(key, quantity)
            if owed or key in self.billed:
                self.billed[key] = owed, owed * price

    def give_back(self, key: Key, quantity: Decimal, money: Decimal) -> None:
        before = self.billed[key]
        self.billed[key] = before[0] - quantity, before[1] - money

    def open(self, project: str) -> tuple[Decimal, Decimal]:
        """What was done of a project and is neither billed nor given up: in hours, and in money."""
        hours = money = Decimal(0)
        due = self.due()
        for key in due.keys() | self.billed.keys():
            if key[0] == project:
                quantity, price, *_ = due.get(key, (Decimal(0), Decimal(0)))
                owed, billed = self.owed(key, quantity), self.billed.get(key, (Decimal(0), Decimal(0)))
                hours += owed - billed[0] if key[2].startswith("hours:") else 0
                money += owed * price - billed[1]
        return hours, money
