"""Every figure that was worked out by hand in going-live.md is what comes out after loading what it brings along."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fanbilling import (
    AccountBalance,
    Address,
    Administration,
    BilledUntil,
    Layer,
    Money,
    Office,
    OldInvoice,
    Opening,
    Party,
    Payment,
    Seller,
    Settings,
    verify,
)
from fanbilling.sources.manual import Manual
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions
from tests.desks.worlds import STORES

PAGE = Path(__file__).with_name("going-live.md").read_text(encoding="utf-8")
LAST, JULY, HEARD = date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 4)


def table(*header):
    """The rows of all tables of the page that begin with these columns."""
    found, inside = [], False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if tuple(cells[: len(header)]) == header:
            inside = True
        elif not cells:
            inside = False
        elif inside and not re.fullmatch("-+", cells[0]):
            found.append(cells)
    assert found, header
    return found


def euro(amount):
    return Money.of(amount, "EUR")


def agreed(office, books):
    agreements = {}
    for agreement, client, text, start, months, timing, quantity, price in table("agreement", "client"):
        line = SubscriptionLine.of(
            text.replace(" ", "-"),
            text,
            start=date.fromisoformat(start),
            price=price,
            quantity=quantity,
            months=int(months),
            timing=timing,
        )
        agreements.setdefault((agreement, client), []).append(line)
    with books() as store:
        for (agreement, client), lines in agreements.items():
            office.crm.register(store, Party(id=client, name=client.title()), on=lines[0].start)
            subscription = Subscription(id=agreement, client=client, lines=tuple(lines))
            office.subscriptions.start(store, subscription, on=lines[0].start)


def brought():
    return Opening(
        id="Tolhuis until 30 June 2026",
        on=LAST,
        open_items=[
            OldInvoice(
                id=number, payer=payer, on=date.fromisoformat(on), due=date.fromisoformat(due), open=euro(amount)
            )
            for number, payer, on, due, amount in table("number", "payer", "date")
        ],
        billed=[
            BilledUntil(
                source="subscriptions",
                agreement=agreement,
                line=line.replace(" ", "-") or None,
                until=date.fromisoformat(until),
                number=number,
                net=euro(net),
            )
            for agreement, line, until, number, net in table("agreement", "line")
        ],
        on_account=[
            Payment(id=id, payer=payer, on=date.fromisoformat(on), amount=euro(amount))
            for id, payer, on, amount in table("payment", "payer")
        ],
        balances=[AccountBalance(account=account, amount=euro(amount)) for account, amount in table("account")],
    )


@pytest.fixture(params=STORES)
def live(request):
    """Books that are live, with the report of the opening."""
    seller = Seller(name="Tolhuis Beheer B.V.", address=Address(city="Zutphen", country="NL"))
    office = Office(
        administration=Administration(id="tolhuis", seller=seller),
        settings=Settings(administration=Layer(number="T{series}-{n:04}")),
        sources=[Manual(), Subscriptions()],
    )
    with STORES[request.param](office) as books:
        agreed(office, books)
        with books() as store:
            report = office.opening.load(store, brought())
        yield office, books, report
        assert verify(books) == []


def billed(office, books, on):
    """What a run until this day issues: (date, payer, net, VAT, total) and the preceding numbers."""
    issued = []
    report = office.billing.run(books, until=on, on=on, watch=issued.extend)
    assert report.failures == ()
    return sorted(
        (
            [str(on), one.payer, *(f"{n:.2f}" for n in (one.totals.taxable, one.totals.tax, one.totals.total))],
            " ".join(preceding.number for preceding in one.preceding),
        )
        for one in issued
    )


def worked(on):
    return [(row[:5], row[5]) for row in table("billed on") if row[0] == str(on)]


def later(office, books):
    with books() as store:
        desk = office.subscriptions
        desk.change_price(store, "rent-duin", "unit-4", Decimal("610.00"), from_=date(2026, 6, 1), on=HEARD)
        desk.change_quantity(store, "lease-gors", "printer", Decimal(1), from_=date(2026, 7, 1), on=HEARD)
        desk.end(store, "store-ijs", "storage", last_day=date(2026, 4, 30), reason="moved out", on=HEARD)


def test_the_report_reconciles(live):
    _, _, report = live
    assert [
        [one.payer, *(str(money.amount) for money in (one.open_items, one.on_account, one.balance))]
        for one in report.clients
    ] == table("payer", "open items")
    assert [str(total.difference.amount) for total in report.control] == ["0.00"]
    assert [str(total.amount) for total in report.trial_balance] == ["0.00"]
    assert report.not_mentioned == ()


def test_differences_are_shown_row_by_row(live):
    _, _, report = live
    assert [
        [
            f"{one.row.agreement} until {one.row.until}",
            *(str(money.amount) for money in (one.ours, one.row.net, one.difference)),
        ]
        for one in report.differences
    ] == table("compared")


def test_the_trial_balance_is_that_of_the_old_system(live):
    _, books, _ = live
    with books() as store:
        balances = {account: str(amount) for (account, _), amount in store.ledger.balances().items()}
    assert balances == dict(table("account"))


def test_the_first_run_bills_what_the_old_system_had_not(live):
    office, books, _ = live
    assert billed(office, books, LAST) == []
    assert [figures for figures, _ in billed(office, books, JULY)] == [figures for figures, _ in worked(JULY)]
    with books() as store:
        office.receivables.settle(store, on=JULY)
        items = [[item.number, str(item.open.amount)] for item in office.receivables.open_items(store)]
    assert sorted(items) == table("open after July")


def test_what_turns_out_later_is_corrected_and_names_the_old_invoice(live):
    office, books, _ = live
    billed(office, books, JULY)
    later(office, books)
    assert billed(office, books, HEARD) == worked(HEARD)
