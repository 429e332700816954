"""Every figure that was worked out by hand in landlord.md is what the library issues, books and leaves open.

The folder is billed by the command; on every store the office does month by month what the command does.
"""

import re
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling import Office, Payment, verify
from fanbilling.cli.desks import DESKS
from fanbilling.cli.importing import Import
from fanbilling.cli.place import open_place
from fanbilling.cli.running import import_rows, read_rows, run_folder
from fanbilling.configuration import load_administration, load_settings
from fanbilling.domain.explain import explain
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.samples import sample
from tests.adapters.rendering.test_amounts import amounts, as_html, as_pdf, as_text, explained, told
from tests.cli.folders import contents
from tests.stores import STORES, kept

PAGE = Path(__file__).with_name("landlord.md").read_text(encoding="utf-8")
COMPANY = sample("landlord")


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
class Landlord:
    """The office with its books."""

    office: Office
    books: UnitOfWork


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the company, in which nothing was billed."""
    place = tmp_path_factory.mktemp("landlord")
    for name, content in COMPANY.files.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="module")
def in_a_folder(folder):
    for until, on in COMPANY.runs:
        assert run_folder(folder, until=until, on=on).clean
        again = run_folder(folder, until=until, on=on)
        assert (again.clean, again.issued, again.sent) == (True, (), 0)
    place = open_place(folder)
    return Landlord(place.office, place.books.reading)


@pytest.fixture(scope="module", params=["folder", *STORES])
def landlord(request, folder):
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
        yield Landlord(office, books)


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
def documents(landlord):
    with landlord.books() as store:
        return tuple(store.documents.page(limit=1000))


def line_of(document):
    totals = document.totals
    return (str(document.on), document.payer, *(f"{n:.2f}" for n in (totals.taxable, totals.tax, totals.total)))


def test_the_page_was_read():
    assert len(WORKED) == 25
    assert [row[0] for row in SUMS] == [*(str(on) for _, on in COMPANY.runs), "all"]


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
        each = [Decimal(figure) for figure in made_of.replace("− ", "-").replace("+ ", "").split()]
        assert sorted(each) == sorted(document.totals.taxable for document in mine)


def test_what_came_in_and_what_is_open_is_what_was_worked_out(landlord):
    said = re.search(r"receives ([\d,.]+) in (\d+) payments, so ([\d,.]+) is open", PAGE)
    received, count, left = (Decimal(figure.replace(",", "")) for figure in said.groups())
    with landlord.books() as store:
        payments = store.find(Payment, limit=1000)
        balances = store.ledger.balances()
        items = landlord.office.receivables.open_items(store)
    assert len(payments) == count
    assert sum(payment.amount.amount for payment in payments) == received == balances["1100", "EUR"]
    assert sum(item.open.amount for item in items) == left == balances["1300", "EUR"]
    found = {}
    for item in items:
        found[item.payer] = found.get(item.payer, 0) + item.open.amount
    assert {payer: str(amount) for payer, amount in found.items() if amount} == {
        payer: amount for payer, amount, _ in rows("tenant")
    }


def test_the_laws_hold_and_nothing_is_left_unbilled(landlord):
    assert verify(landlord.books) == []
    with landlord.books() as store:
        assert list(landlord.office.billing.why_not(store, until=COMPANY.runs[-1][0])) == []


def test_the_last_run_once_more_changes_nothing(folder, in_a_folder):
    def everything():
        with in_a_folder.books() as store:
            return contents(folder), kept(store, in_a_folder.office.records)

    before = everything()
    until, on = COMPANY.runs[-1]
    assert run_folder(folder, until=until, on=on).clean
    assert everything() == before


def test_why_the_rent_of_half_a_quarter_is_what_it_is(documents):
    [document] = [d for d in documents if (d.payer, d.until.month) == ("loodletter", 5)]
    raised = [reason for reason in explain(document).walk() if reason.rule == "subscription.raised"]
    assert [(str(one.value), dict(one.inputs)["percentage"], str(one.input("was"))) for one in raised] == [
        ("2827.35", 3, "2745.00")
    ]


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
