"""What is printed of projects: an estimate, the work in progress, a report of hours spent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from ...domain.administrations import Seller
from ...domain.exact import EXACT, ZERO, exactly, rounded
from ...domain.invoices import Buyer
from ...domain.money import places
from ...domain.papers import Column, Figure, Paper, Row, Table
from ...domain.parties import Party
from ...domain.reasons import Reason
from ...domain.vat import rule, tax
from .due import of_price
from .entries import EntryState, TimeEntry
from .estimates import Estimate
from .records import Project
from .wip import WorkInProgress

LINES = (
    Column("text"),
    Column("quantity", Figure.NUMBER),
    Column("unit"),
    Column("price", Figure.PRICE),
    Column("amount", Figure.MONEY),
)
SUMS = (Column("vat", Figure.PERCENT), Column("base", Figure.MONEY), Column("amount", Figure.MONEY))
IN_PROGRESS = (
    Column("project"),
    Column("client"),
    Column("opening", Figure.MONEY),
    Column("booked", Figure.MONEY),
    Column("revalued", Figure.MONEY),
    Column("billed", Figure.MONEY),
    Column("written-off", Figure.MONEY),
    Column("closing", Figure.MONEY),
)
IN_HOURS = tuple(Column(one.name, Figure.NUMBER if one.figure is Figure.MONEY else one.figure) for one in IN_PROGRESS)
PARTS = ("opening", "booked", "revalued", "billed", "written_off", "closing")
SPENT = (Column("day", Figure.DAY), Column("activity"), Column("text"), Column("hours", Figure.NUMBER))
PER_MONTH = (Column("employee"), Column("month"), Column("hours", Figure.NUMBER))


@exactly
def estimate_paper(estimate: Estimate, client: Party, seller: Seller, *, on: date, language: str) -> Paper:
    """Return an estimate as it is printed: its lines, the VAT, the total and the planned instalments."""
    cents = places(estimate.currency)
    rows = []
    for line in estimate.lines:
        amount = estimate.amount(line)
        facts = (("quantity", line.quantity), ("price", line.price.amount), ("per", line.price.per))
        cells = (line.text, line.quantity, line.price.unit, line.price.amount, amount)
        rows.append(Row(cells=cells, because=Reason("estimate.line", amount, facts)))
    net = estimate.total
    total = Reason("estimate.net", net, (), tuple(row.because for row in rows if row.because))
    position = client.position(on)
    taxed = tax(estimate.tax_class, estimate.supply, seller.address.country, position, on)
    vat = rounded(EXACT.divide(EXACT.multiply(net, taxed.rate), Decimal(100)), cents)
    why = Reason(rule(taxed.category, seller.address.country, position.country))
    facts_of_vat = (("category", taxed.category), ("rate", taxed.rate), ("base", net))
    of_vat = Reason("vat.subtotal", vat, facts_of_vat, (why,))
    whole = Reason("estimate.total", net + vat, (("net", net), ("vat", vat)), (total, of_vat))
    tables = [
        Table(
            columns=LINES, rows=tuple(rows), total=Row(cells=(None, None, None, None, net), because=total), sum="net"
        ),
        Table(
            columns=SUMS,
            rows=(Row(cells=(taxed.rate, net, vat), because=of_vat),),
            total=Row(cells=(None, None, net + vat), because=whole),
            sum="gross",
        ),
    ]
    if estimate.plan:
        tables.append(_planned(estimate))
    return Paper(
        id=f"estimate:{estimate.id}",
        kind="estimate",
        number=estimate.id,
        on=on,
        language=client.language or language,
        currency=estimate.currency,
        seller=seller,
        addressee=addressed(client, on),
        title=estimate.title,
        facts=(("valid-until", estimate.valid_until), ("hours", estimate.hours)),
        tables=tuple(tables),
        signatures=("seller", "client"),
    )


def _planned(estimate: Estimate) -> Table:
    """Return the table of instalments, each with what it is of the price."""
    rows = tuple(
        Row(cells=(item.text, item.key.filed, item.price.amount), because=item.because)
        for item in of_price(estimate.becomes("x"))
    )
    columns = (Column("text"), Column("planned", Figure.DAY), Column("amount", Figure.MONEY))
    return Table(name="instalments", columns=columns, rows=rows)


def wip_paper(
    found: Sequence[WorkInProgress], seller: Seller, *, on: date, currency: str, language: str, first: date, last: date
) -> Paper:
    """Return the work in progress of some days as it is printed: in money and in hours, a project a row."""
    mine = [one for one in found if one.currency == currency and one.figures.moved]
    return Paper(
        id=f"wip:{first}:{last}:{currency}",
        kind="wip",
        on=on,
        language=language,
        currency=currency,
        seller=seller,
        facts=(("first", first), ("last", last)),
        tables=(_rolled(mine, money=True), _rolled(mine, money=False)),
    )


@exactly
def _rolled(found: Sequence[WorkInProgress], *, money: bool) -> Table:
    rows, sums = [], [ZERO] * len(PARTS)
    for one in found:
        lots = [getattr(one.figures, part) for part in PARTS]
        cells = [lot.amount if money else lot.quantity for lot in lots]
        if not any(cells):
            continue
        sums = [EXACT.add(total, cell) for total, cell in zip(sums, cells, strict=True)]
        rows.append(Row(cells=(one.title, one.client, *cells), because=one.because))
    facts = tuple(zip(PARTS, sums, strict=True))
    because = Reason("wip.total", sums[-1], facts, tuple(row.because for row in rows if row.because))
    return Table(
        name="wip-money" if money else "wip-hours",
        columns=IN_PROGRESS if money else IN_HOURS,
        rows=tuple(rows),
        total=Row(cells=(None, None, *sums), because=because),
    )


def hours_report(
    project: Project,
    entries: Iterable[TimeEntry],
    seller: Seller,
    addressee: Party | None,
    *,
    first: date,
    last: date,
    on: date,
    language: str,
) -> Paper:
    """Return the report of hours spent as it is printed: approved hours only, per employee and day, and per month."""
    approved = sorted(
        (one for one in entries if one.state is EntryState.APPROVED and first <= one.on <= last),
        key=lambda one: (one.employee, one.on, one.id),
    )
    employees = sorted({one.employee for one in approved})
    return Paper(
        id=f"hours-report:{project.id}:{first}:{last}",
        kind="hours-report",
        number=project.id,
        on=on,
        language=(addressee.language if addressee else "") or language,
        currency=project.currency,
        seller=seller,
        addressee=addressed(addressee, on) if addressee else None,
        title=project.title,
        facts=(("first", first), ("last", last), ("hours", _hours(approved))),
        tables=(_months(approved), *(_spent(name, [o for o in approved if o.employee == name]) for name in employees)),
        signatures=("employee", "project-leader"),
    )


def _months(approved: Sequence[TimeEntry]) -> Table:
    """Return the hours of each employee in each month, and of all."""
    months = sorted({(one.employee, f"{one.on:%Y-%m}") for one in approved})
    rows = tuple(
        Row(cells=(name, month, _hours(o for o in approved if (o.employee, f"{o.on:%Y-%m}") == (name, month))))
        for name, month in months
    )
    return Table(name="hours-per-month", columns=PER_MONTH, rows=rows, total=Row(cells=(None, None, _hours(approved))))


def _spent(name: str, mine: Sequence[TimeEntry]) -> Table:
    """Return the days of one employee."""
    rows = tuple(Row(cells=(one.on, one.activity, one.text, one.hours)) for one in mine)
    total = Row(cells=(None, None, None, _hours(mine)))
    return Table(name="hours-of-employee", title=name, columns=SPENT, rows=rows, total=total)


@exactly
def _hours(entries: Iterable[TimeEntry]) -> Decimal:
    return sum((one.hours for one in entries), ZERO)


def addressed(party: Party, on: date) -> Buyer:
    """Return a party as it is printed on a day."""
    return Buyer(
        id=party.id,
        name=party.name,
        attention=party.attention,
        address=party.address,
        vat_id=party.position(on).vat_id,
        registration=party.registration,
        email=party.email,
        reference=party.reference,
        electronic_address=party.electronic_address,
    )
