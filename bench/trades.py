"""What the floor knows of each desk: which agreements are due, and the lines that they make.

A line is (agreement, filed, fact, quantity, price, per, unit, cents, text, title, why, first day, day after the last);
an answer is (since, ask on, asked until, agreement, version).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from bench.hands import Hand, Row

Bills = Iterator[tuple[str, str, str, Sequence[Row], Sequence[Row]]]

_DUE = """
    SELECT a.agreement, a.payer, a.version, p.country, p.body, s.body, a.since
    FROM fb_agenda a
    JOIN fb_parties_party p ON p.administration = a.administration AND p.id = a.payer
    JOIN {table} s ON s.administration = a.administration AND s.id = a.agreement
    WHERE a.administration = 'nl' AND a.payer > ? AND a.ask_on <= ? ORDER BY a.payer, a.agreement LIMIT ?
"""


class Trade(NamedTuple):
    """One desk: its source, how its due agreements are read, how many a client has, and the bills that they make."""

    source: str
    due: str
    agreements: int
    bills: Callable[[Hand, Sequence[Row], date], Bills]


def euros(cents: int) -> str:
    """Write cents as an amount."""
    return f"{cents // 100}.{cents % 100:02}"


def _cents(price: str, quantity: str) -> int:
    """Return price times quantity in cents, half up; both have at most two decimals here."""
    whole, _, rest = quantity.partition(".")
    hundredths = int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    return (2 * int(price.replace(".", "")) * hundredths + 100) // 200


# ------------------------------------------------------------------------------------------------------- subscriptions


def _subscribed(_hand: Hand, due: Sequence[Row], until: date) -> Bills:
    for agreement, payer, version, country, party, body, _ in due:
        lines, since, ask_on = _periods(orjson.loads(body), agreement, until)
        yield (
            payer,
            country,
            party,
            lines,
            [(since.isoformat(), ask_on.isoformat(), until.isoformat(), agreement, version)],
        )


@lru_cache(maxsize=1024)
def _period(first: date, months: int, until: date) -> tuple[date, date, int, date, date]:
    """Return start, end and days of the period that holds a day, and the first and last day of the next one."""
    passed = (until.year - first.year) * 12 + until.month - first.month
    n = passed // months - (first.day > until.day and passed % months == 0)
    start, end, over = (_month(first, (n + step) * months) for step in range(3))
    return start, end, (end - start).days, end, over - timedelta(days=1)


def _month(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)  # no start is after the 28th here


def _periods(body: dict[str, Any], agreement: str, until: date) -> tuple[list[Row], date, date]:
    """Return the line of each period that is due, sorted by key, and when to ask again: from and on which day."""
    lines, sinces, asks = [], [], []
    for line in body["lines"]:
        first = date.fromisoformat(line["start"])
        anchor = date.fromisoformat(line["anchor"]) if "anchor" in line else first
        start, end, whole, coming, coming_last = _period(anchor, line.get("months", 1), until)
        filed = max(start, first)
        days = (end - filed).days
        price, count = line["prices"]["steps"][0][1], line["quantities"]["steps"][0][1]
        units = days * int(count)
        net = (2 * int(price.replace(".", "")) * units + whole) // (2 * whole)  # half up, in cents
        day = filed.isoformat()
        because = [
            "subscription.period",
            f"={units}",
            [
                *("start", f"@{day}", "last_day", f"@{end - timedelta(days=1)}"),
                *("days", days, "of", whole, "quantity", f"={count}", "price", f"={price}"),
            ],
        ]
        figures = str(units), price, str(whole), "DAY", net
        last = line["text"], body["title"], because, day, end.isoformat()
        lines.append((agreement, day, line["id"], *figures, *last))
        sinces.append(coming)
        asks.append(coming if line.get("timing") != "arrears" else coming_last)
    lines.sort(key=itemgetter(1, 2))
    return lines, min(sinces), min(asks)


# ------------------------------------------------------------------------------------------------------------ projects

_HOURS = """
    SELECT project, "on", id, employee, body FROM fb_projects_hours
    WHERE administration = 'nl' AND project BETWEEN ? AND ? ORDER BY project, "on", id
"""
_RATES = "SELECT id, employee, since, body FROM fb_projects_rate WHERE administration = 'nl' ORDER BY employee"


def _worked(hand: Hand, due: Sequence[Row], until: date) -> Bills:
    """Yield the approved hours of each project, at the rate of the employee or else of the house."""
    rates = {employee: (id, since, orjson.loads(body)) for id, employee, since, body in hand.read(_RATES, ())}
    found = hand.read(_HOURS, (due[0][0], due[-1][0]))
    hours = {project: list(its) for project, its in groupby(found, key=itemgetter(0))}
    for agreement, payer, version, country, party, body, since in due:
        title = orjson.loads(body)["title"]
        lines = [_hour(agreement, title, entry, rates) for entry in hours[agreement]]
        yield payer, country, party, lines, [(since, None, until.isoformat(), agreement, version)]


def _hour(project: str, title: str, row: Row, rates: dict[str, Any]) -> Row:
    _, on, id, employee, written = row
    entry = orjson.loads(written)
    named = employee if employee in rates else ""
    rule, since, rate = rates[named]
    price, per, unit = rate["price"]
    hours = entry["hours"]
    scope = ["rule", rule, "project", "", "employee", named, "client", "", "activity", "", "since", f"@{since}"]
    lost = []
    if named:
        other, _, other_rate = rates[""]
        lost = [["rate.lost", f"={other_rate['price'][0]}", ["rule", other, "why", "names-less"]]]
    won = ["rate.won", f"={price}", scope, *([lost] if lost else [])]
    because = ["hours.worked", f"={hours}", ["on", f"@{on}", "employee", employee, "worked", f"={hours}"], [won]]
    after = (date.fromisoformat(on) + timedelta(days=1)).isoformat()
    key = project, on, f"hours:{id}"
    return (*key, hours, price, per, unit, _cents(price, hours), entry["text"], title, because, on, after)


# -------------------------------------------------------------------------------------------------------------- orders

_DELIVERED = """
    SELECT "order", "on", id, body FROM fb_orders_delivery
    WHERE administration = 'nl' AND "order" BETWEEN ? AND ? ORDER BY "order", "on", id
"""


def _delivered(hand: Hand, due: Sequence[Row], until: date) -> Bills:
    """Yield what was delivered of each order, at the prices that were agreed."""
    found = hand.read(_DELIVERED, (due[0][0], due[-1][0]))
    deliveries = {order: list(its) for order, its in groupby(found, key=itemgetter(0))}
    for agreement, payer, version, country, party, body, since in due:
        order = orjson.loads(body)
        agreed = {line["id"]: line for line in order["lines"]}
        lines = [
            _sent(order, row, part, agreed[part["line"]])
            for row in deliveries[agreement]
            for part in orjson.loads(row[3])["lines"]
        ]
        lines.sort(key=itemgetter(1, 2))
        yield payer, country, party, lines, [(since, None, until.isoformat(), agreement, version)]


def _sent(order: dict[str, Any], row: Row, part: dict[str, Any], line: dict[str, Any]) -> Row:
    _, on, id, _ = row
    quantity, price = part["quantity"], line["price"]
    facts = ["on", f"@{on}", "delivery", id, "delivered", f"={quantity}"]
    because = ["orders.delivered", f"={quantity}", facts, [line["because"]]]
    key = order["id"], on, f"{line['id']}/{id}"
    figures = quantity, price, "1", line["unit"], _cents(price, quantity)
    return (*key, *figures, line["text"], order["title"], because, None, None)


# ------------------------------------------------------------------------------------------------------------- courses

_SESSIONS = """
    SELECT s.id, s.first, s.last, c.body FROM fb_courses_session s
    JOIN fb_courses_course c ON c.administration = s.administration AND c.id = s.course WHERE s.administration = 'nl'
"""


def _taught(hand: Hand, due: Sequence[Row], until: date) -> Bills:
    """Yield the seats of each client, at the price that was agreed."""
    sessions = {
        id: (first, (date.fromisoformat(last) + timedelta(days=1)).isoformat(), orjson.loads(body)["title"])
        for id, first, last, body in hand.read(_SESSIONS, ())
    }
    for payer, its in groupby(due, key=itemgetter(1)):
        lines, answers, mine = [], [], list(its)
        for agreement, _, version, _, _, body, since in mine:
            seat = orjson.loads(body)
            first, after, title = sessions[seat["session"]]
            price = seat["terms"]["price"]
            because = ["courses.seat", f"={price}", ["start", f"@{first}"], [["courses.price", f"={price}"]]]
            key = agreement, seat["on"], "seat"
            lines.append((*key, "1", price, "1", "C62", _cents(price, "1"), title, title, because, first, after))
            answers.append((since, None, until.isoformat(), agreement, version))
        yield payer, *mine[0][3:5], lines, answers


TRADES = {
    "subscriptions": Trade("subscriptions", _DUE.format(table="fb_subscriptions_subscription"), 1, _subscribed),
    "projects": Trade("projects", _DUE.format(table="fb_projects_project"), 1, _worked),
    "orders": Trade("orders", _DUE.format(table="fb_orders_order"), 1, _delivered),
    "courses": Trade("courses", _DUE.format(table="fb_courses_registration"), 3, _taught),
}
