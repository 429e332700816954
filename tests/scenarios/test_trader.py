"""Every figure that was worked out by hand in trader.md is what the library issues, keeps in stock and books.

The folder is billed by the command; on every store the office does month by month what the command does.
"""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling import Office, Payment
from fanbilling.cli.desks import DESKS
from fanbilling.cli.desks.orders.stock import stock_of
from fanbilling.cli.importing import Import
from fanbilling.cli.place import open_place
from fanbilling.cli.running import import_rows, read_rows, run_folder
from fanbilling.configuration import load_administration, load_settings
from fanbilling.domain.explain import explain
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.samples import sample
from tests.adapters.rendering.test_amounts import amounts, as_html, as_pdf, as_text, explained, told
from tests.cli.folders import contents, fanbilling
from tests.stores import STORES, kept
from tests.ubl_rules import findings

PAGE = Path(__file__).with_name("trader.md").read_text(encoding="utf-8")
COMPANY = sample("trader")


def rows(first_column):
    """The rows of every table of the page that begins with this column."""
    cells, inside = [], False
    for line in PAGE.splitlines():
        found = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        inside = bool(found) and (inside or found[0] == first_column)
        if inside and found[0] != first_column and not set(found[0]) <= set("-"):
            cells.append(found)
    return cells


#: (run, payer, net, VAT, total, note) of every document that is worked out.
WORKED = [tuple(row) for row in rows("run") if re.fullmatch("[a-z]+", row[1])]
#: (run, documents, net, VAT, total, made of) of all documents.
SUMS = [tuple(row) for row in rows("run") if row[1].isdecimal()]


@attrs.frozen
class Trader:
    """The office with its books."""

    office: Office
    books: UnitOfWork


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the company, in which nothing was billed."""
    place = tmp_path_factory.mktemp("trader")
    for name, content in COMPANY.files.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="module")
def in_a_folder(folder):
    for until, on in COMPANY.runs:
        outcome = run_folder(folder, until=until, on=on)
        assert (outcome.clean, outcome.incomplete) == (True, ())
        again = run_folder(folder, until=until, on=on)
        assert (again.clean, again.issued, again.sent, again.papers, again.imported) == (True, (), 0, (), 0)
    place = open_place(folder)
    return Trader(place.office, place.books.reading)


@pytest.fixture(scope="module", params=["folder", *STORES])
def trader(request, folder):
    if request.param == "folder":
        yield request.getfixturevalue("in_a_folder")
        return
    settings = folder / "settings.toml"
    office = Office(
        administration=load_administration(settings),
        settings=load_settings(settings),
        sources=[desk.source for desk in DESKS],
    )
    with STORES[request.param](office) as books:
        for until, on in COMPANY.runs:
            bill(office, books, read_rows(folder, on=on)[0], until, on)
        yield Trader(office, books)


def bill(office, books, rows, until, on):
    """One month, as the command does it; decisions wait for what is billed with them."""
    for _ in range(2):
        with books() as store:
            work = Import(office=office, store=store, on=on)
            import_rows(work, rows)
        assert work.bad == []
        assert office.billing.run(books, until=until, on=on).failures == ()
    assert work.waiting == []
    with books() as store:
        office.receivables.settle(store, on=on)


@pytest.fixture(scope="module")
def documents(trader):
    with trader.books() as store:
        return tuple(store.documents.page(limit=1000))


def line_of(document):
    totals = document.totals
    return (str(document.on), document.payer, *(f"{n:.2f}" for n in (totals.taxable, totals.tax, totals.total)))


def test_the_page_was_read():
    assert len(WORKED) == 11
    assert {row[0] for row in SUMS} == {*(str(on) for _, on in COMPANY.runs), "2026-06-15", "all"}


@pytest.mark.parametrize("worked", WORKED, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_document_that_was_worked_out_by_hand_was_issued(worked, documents):
    *figures, note = worked
    [document] = [document for document in documents if (str(document.on), document.payer) == tuple(figures[:2])]
    assert line_of(document) == tuple(figures)
    assert (document.kind.value == "credit-note") is note.startswith("credit note")


@pytest.mark.parametrize("sums", SUMS, ids=lambda row: row[0])
def test_all_documents_add_up_to_what_was_worked_out(sums, documents):
    run, count, *figures, made_of = sums
    mine = [document for document in documents if run in ("all", str(document.on))]
    totals = [sum(getattr(d.totals, name) for d in mine) for name in ("taxable", "tax", "total")]
    assert (str(len(mine)), [f"{total:.2f}" for total in totals]) == (count, figures)
    if made_of:
        each = [Decimal(figure) for figure in summands(made_of)]
        assert sorted(each) == sorted(document.totals.taxable for document in mine)


def summands(text):
    """The figures of a sum, with their signs."""
    return text.replace("− ", "-").replace("+ ", "").split()


def test_goods_to_another_country_of_the_union_are_taxed_at_zero(documents):
    [document] = [d for d in documents if (d.payer, d.kind.value) == ("hafen", "invoice")]
    [tax] = document.taxes
    assert (tax.tax.category, tax.tax.rate) == ("K", 0)


def test_stock_is_what_was_worked_out_and_the_ledger_says_the_same(trader):
    with trader.books() as store:
        found = stock_of(store, trader.office.settings.accounts, on=None)
    assert [(one.product, f"{one.quantity:f}", str(one.value.amount)) for one in found.levels] == [
        tuple(row) for row in rows("product")
    ]
    assert found.agrees
    assert found.worth == {"EUR": Decimal("4362.88")}


@pytest.mark.parametrize(("until", "on"), COMPANY.runs, ids=str)
def test_stock_and_ledger_agree_on_every_day_as_it_was_known_then(until, on, trader):
    for day in (until, on, date(2026, 3, 11), date(2026, 3, 12)):
        with trader.books() as store:
            assert stock_of(store, trader.office.settings.accounts, on=day).agrees


@pytest.mark.parametrize("row", rows("until"), ids=lambda row: row[0])
def test_what_the_goods_cost_that_were_sold(row, trader):
    until, cost, made_of = row
    assert sum(map(Decimal, summands(made_of))) == Decimal(cost)
    with trader.books() as store:
        balances = store.ledger.balances(until=date.fromisoformat(until))
    assert balances["7000", "EUR"] == Decimal(cost)


def test_chairs_through_the_late_receipt(trader):
    said = re.findall(r"at the end of (\d+) March (\d+) worth ([\d,.]+)", PAGE)
    assert len(said) == 2
    for day, quantity, worth in said:
        with trader.books() as store:
            found = stock_of(store, trader.office.settings.accounts, on=date(2026, 3, int(day)), product="STOEL")
        assert [(f"{one.quantity:f}", str(one.value.amount)) for one in found.levels] == [
            (quantity, worth.replace(",", "").rstrip("."))
        ]


def test_chairs_move_by_move(trader):
    quantity = worth = Decimal(0)
    with trader.books() as store:
        found = stock_of(store, trader.office.settings.accounts, on=date(2026, 3, 10), product="STOEL")
    booked = [one.entry for one in found.moves if one.move.id != "R-08"]
    worked = rows("day")
    assert len(booked) == len(worked)
    for entry, (_, moved, _, on_hand, value) in zip(booked, worked, strict=True):
        quantity, worth = quantity + entry.quantity, worth + entry.amount.amount
        assert (entry.quantity, quantity, worth) == (Decimal(moved), Decimal(on_hand), Decimal(value))


def test_what_came_in_and_what_is_open_is_what_was_worked_out(trader):
    said = re.search(r"receives ([\d,.]+) in (\d+) payments, so ([\d,.]+) is open", PAGE)
    received, count, left = (Decimal(figure.replace(",", "")) for figure in said.groups())
    with trader.books() as store:
        payments = store.find(Payment, limit=1000)
        balances = store.ledger.balances()
        items = trader.office.receivables.open_items(store)
    assert len(payments) == count
    assert sum(payment.amount.amount for payment in payments) == received == balances["1100", "EUR"]
    assert sum(item.open.amount for item in items) == left == balances["1300", "EUR"]
    assert balances["1610", "EUR"] == Decimal("-7316.00")
    found = {}
    for item in items:
        found[item.payer] = found.get(item.payer, 0) + item.open.amount
    assert {payer: str(amount) for payer, amount in found.items() if amount} == {
        payer: amount for payer, amount, _ in rows("client")
    }


def test_the_laws_hold_and_nothing_is_left_unbilled(trader):
    assert trader.office.verify(trader.books) == []
    with trader.books() as store:
        assert list(trader.office.billing.why_not(store, until=COMPANY.runs[-1][0])) == []


@pytest.mark.usefixtures("in_a_folder")
def test_the_command_shows_the_stock(folder):
    shown = fanbilling("stock", folder, "--product", "LAMP", "--json")
    answer = json.loads(shown.out)
    assert (shown.status, answer["agrees"], answer["booked"]) == (0, True, {"EUR": "4362.88"})
    assert [(one["quantity"], one["value"]) for one in answer["stock"]] == [("24", "324.00")]
    [corrected] = [one for one in answer["moves"] if one["kind"] == "correction"]
    assert (corrected["amount"], corrected["known"], corrected["on"]) == ("17.50", "2026-03-16", "2026-02-18")


def test_the_last_run_once_more_changes_nothing(folder, in_a_folder):
    def everything():
        with in_a_folder.books() as store:
            return contents(folder), kept(store, in_a_folder.office.records)

    before = everything()
    until, on = COMPANY.runs[-1]
    assert run_folder(folder, until=until, on=on).clean
    assert everything() == before


@pytest.mark.usefixtures("in_a_folder")
def test_a_paper_that_was_lost_is_filed_again_as_it_was(folder):
    papers = {path.name: path.read_bytes() for path in (folder / "papers").iterdir()}
    assert len(papers) == 3 + 9 + 10  # quotations, confirmations, packing slips
    for path in (folder / "papers").iterdir():
        path.unlink()
    until, on = COMPANY.runs[-1]
    assert len(run_folder(folder, until=until, on=on).papers) == 22
    assert {path.name: path.read_bytes() for path in (folder / "papers").iterdir()} == papers


@pytest.mark.usefixtures("in_a_folder")
def test_every_e_invoice_follows_the_official_rules(folder):
    found = {path.name: findings(path.read_bytes()) for path in sorted((folder / "invoices").glob("*.xml"))}
    assert found == {f"2026-{n:04d}.xml": [] for n in range(1, 12)}


def test_why_the_chairs_cost_less(documents):
    [document] = [d for d in documents if (d.payer, d.until.month) == ("kade", 3)]
    anew = [reason for reason in explain(document).walk() if reason.rule == "price.corrected"]
    assert {(str(one.value), str(one.input("was"))) for one in anew} == {("76.00", "80.00")}


@pytest.mark.parametrize("layout", [as_text, as_html, as_pdf], ids=["text", "html", "pdf"])
def test_every_amount_on_every_document_is_in_its_reasons(layout, in_a_folder):
    with in_a_folder.books() as store:
        documents = store.documents.page(limit=1000)
    for document in documents:
        printed = layout(document)
        for name in (document.buyer.vat_id, document.buyer.registration):
            printed = printed.replace(name, "") if name else printed
        found = amounts(printed, document.language)
        assert found - explained(document) == set(), document.number
        assert told(document) - found == set(), document.number
