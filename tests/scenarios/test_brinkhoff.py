"""Every figure that was worked out by hand in brinkhoff.md is what the library issues, books and leaves open.

The folder is billed by the command; on every store the office does month by month what the command does.
"""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling import Credit, Office, Payment, verify
from fanbilling.cli.desks import DESKS
from fanbilling.cli.importing import Import
from fanbilling.cli.place import open_place
from fanbilling.cli.running import import_rows, read_rows
from fanbilling.configuration import load_administration, load_settings
from fanbilling.domain.events import MessageSent, NoticeSent
from fanbilling.domain.messages import DeliveryPlace, Message
from fanbilling.domain.notices import PlannedNotice
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.samples import sample
from tests.adapters.rendering.test_amounts import amounts, as_html, as_pdf, as_text, explained, told
from tests.cli.folders import SAMPLE, billed_sample, books, contents, copy, fanbilling
from tests.stores import STORES, kept

PAGE = Path(__file__).with_name("brinkhoff.md").read_text(encoding="utf-8")
OWN = "credit note of its own"
RUN = "from the run"


def rows(first_column):
    """The rows of every table of the page that begins with this column."""
    cells, inside = [], False
    for line in PAGE.splitlines():
        found = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        inside = bool(found) and (inside or found[0] == first_column)
        if inside and found[0] != first_column and not set(found[0]) <= set("-"):
            cells.append(found)
    return cells


#: (month, payer, net, VAT, total, note) of every document that is worked out.
WORKED = [tuple(row) for row in rows("month") if len(row) == 6 and re.fullmatch("[a-z0-9-]+", row[1])]
#: (month, kind, documents, net, VAT, total) of all documents.
SUMS = [tuple(row) for row in rows("month") if len(row) == 6 and row[1] in (OWN, RUN)]


@attrs.frozen
class Company:
    """The office with its books."""

    office: Office
    books: UnitOfWork


@pytest.fixture(scope="module")
def in_a_folder(tmp_path_factory):
    folder, _ = billed_sample(tmp_path_factory)
    place = open_place(folder)
    yield Company(place.office, place.books.reading)
    place.books.close()


@pytest.fixture(scope="module", params=["folder", *STORES])
def place(request):
    if request.param == "folder":
        yield request.getfixturevalue("in_a_folder")
        return
    folder = Path(str(SAMPLE))
    settings = folder / "settings.toml"
    office = Office(
        administration=load_administration(settings),
        settings=load_settings(settings),
        sources=[desk.source for desk in DESKS],
    )
    with STORES[request.param](office) as books:
        for until, on in sample().runs:
            bill(office, books, read_rows(folder, on=on)[0], until, on)
        yield Company(office, books)


def bill(office, books, rows, until, on):
    """One month: what became known, the bills, credits of what came on them, and money that was on account."""
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
def documents(place):
    with place.books() as store:
        return tuple(store.documents.page(limit=1000))


@pytest.fixture(scope="module")
def own(place):
    """The ids of credit notes that somebody asked for."""
    with place.books() as store:
        return {credit.note for credit in store.find(Credit)}


@pytest.fixture(scope="module")
def items(place):
    with place.books() as store:
        return place.office.receivables.open_items(store)


def line_of(document):
    figures = (document.totals.taxable, document.totals.tax, document.totals.total)
    return (f"{document.until:%Y-%m}", document.payer, *(f"{figure:.2f}" for figure in figures))


def owed(items, payer):
    return [(item.number, str(item.open.amount)) for item in items if item.payer == payer]


# ------------------------------------------------------------------------------------------------------------ documents


def test_the_page_was_read():
    assert len(WORKED) > 50
    assert len(SUMS) == 8


@pytest.mark.parametrize("worked", WORKED, ids=lambda row: f"{row[0]}-{row[1]}-{row[4]}")
def test_a_document_that_was_worked_out_by_hand_was_issued(worked, documents, own):
    *figures, note = worked
    found = [document for document in documents if line_of(document) == tuple(figures)]
    assert len(found) == 1
    assert (found[0].id in own) is note.startswith(OWN)
    assert (found[0].kind.value == "credit-note") is ("credit note" in note)


@pytest.mark.parametrize("sums", SUMS, ids=lambda row: f"{row[0]}-{row[1]}".replace(" ", "-"))
def test_the_documents_of_a_month_add_up_to_what_was_worked_out(sums, documents, own):
    month, kind, count, *figures = sums
    mine = [d for d in documents if f"{d.until:%Y-%m}" == month and (d.id in own) is (kind == OWN)]
    totals = [
        sum(document.totals.taxable for document in mine),
        sum(document.totals.tax for document in mine),
        sum(document.totals.total for document in mine),
    ]
    assert len(mine) == int(count)
    assert [f"{total:.2f}" for total in totals] == figures


def test_all_documents_add_up_to_what_was_worked_out(documents):
    [[_, _, count, *figures]] = [row for row in rows("month") if row[0] == "all"]
    totals = [sum(getattr(d.totals, name) for d in documents) for name in ("taxable", "tax", "total")]
    assert len(documents) == int(count)
    assert [f"{total:.2f}" for total in totals] == figures


def test_documents_are_numbered_without_a_gap_and_dated_in_order(documents):
    assert [document.number for document in documents] == [f"2026-{n:04}" for n in range(1, len(documents) + 1)]
    days = [document.on for document in documents]
    assert days == sorted(days)


# --------------------------------------------------------------------------------------------------- what is not billed


def test_what_was_left_unbilled_is_told_with_its_reason(place):
    with place.books() as store:
        unbilled = {
            f"{one.key.source} {one.key.agreement}": one.because
            for one in place.office.billing.why_not(store, until=date(2026, 6, 30))
        }
        assert [entry for entry in store.billed.page(limit=2000) if entry.key.agreement == "L-2035"] == []
    assert [key for key, _ in rows("key")] == [
        "manual L-2031",
        "manual L-2032",
        "manual L-2035",
        "courses R-804",
        "projects C-301",
    ]
    assert [unbilled[key].because[0].rule for key in ("courses R-804", "projects C-301")] == [
        "courses.no-payer",
        "hours.not-approved",
    ]
    assert unbilled["manual L-2031"].rule == "unbilled.held"
    assert unbilled["manual L-2031"].input("reason") == "Meerwerk nog niet akkoord"
    assert unbilled["manual L-2032"].input("bill_on") == date(2026, 7, 15)
    assert "manual L-2035" not in unbilled


# ---------------------------------------------------------------------------------------------------------------- money


def test_what_came_in_and_what_is_open_is_what_was_worked_out(place, items):
    said = re.search(r"receives ([\d,.]+) in (\d+) payments, so ([\d,.]+) is open", PAGE)
    received, count, left = (Decimal(figure.replace(",", "")) for figure in said.groups())
    with place.books() as store:
        payments = store.find(Payment, limit=1000)
        balances = store.ledger.balances()
    assert len(payments) == count
    assert sum(payment.amount.amount for payment in payments) == received == balances["1100", "EUR"]
    assert sum(item.open.amount for item in items) == left == balances["1300", "EUR"]
    assert sum(balances.values()) == 0


@pytest.mark.parametrize(
    ("payer", "left"),
    [
        ("oostwind", "1662.24"),  # half of the bill of 1 April, 665.50, and the bill of 1 July, 996.74
        ("nevelbrug", "95.99"),
        ("quadra", "0.00"),  # the bill that was credited, the credit note, and the bill again, paid once
        ("eikenhof", "-1004.26"),
        ("rietkraag", "102.79"),  # its credit note was taken off; the bill of 1 July
        ("kroon", "2242.17"),
        ("wolkenveld", "1587.64"),  # the bills of 1 June and 1 July, due after 30 days: 2 × 793.82
    ],
)
def test_what_a_client_has_open(payer, left, items):
    assert sum(Decimal(amount) for _, amount in owed(items, payer)) == Decimal(left)


def test_what_was_paid_too_much_is_used_by_the_next_bill(place, documents):
    with place.books() as store:
        allocations = [
            recorded.event
            for recorded in store.journal.after(0, limit=10_000, party="lindelaar")
            if getattr(recorded.event, "payment", "") == "P-3085" and hasattr(recorded.event, "document")
        ]
    assert [str(event.amount) for event in allocations] == ["260.88", "7.92"]
    [document] = [document for document in documents if document.id == allocations[1].document]
    assert line_of(document)[0] == "2026-04"
    assert allocations[1].on == document.on


def test_stapelgoed_pays_nothing_from_april(items, documents):
    billed = [d.number for d in documents if d.payer == "stapelgoed" and d.on > date(2026, 4, 1)]
    assert [number for number, _ in owed(items, "stapelgoed")][-len(billed) :] == billed


def test_the_laws_hold(place):
    assert verify(place.books) == []


def test_every_store_keeps_the_same(place, in_a_folder):
    """Part by part, to the last reason; only that the command sent bills and notices as well is another matter."""
    assert unsent(place) == unsent(in_a_folder)


def unsent(company):
    with company.books() as store:
        everything = kept(store, {*company.office.records} - {Message, DeliveryPlace, PlannedNotice})
    happened = [recorded.event for recorded in everything.pop("journal")]
    del everything["counters"]["journal"]
    return everything | {"happened": [event for event in happened if not isinstance(event, MessageSent | NoticeSent)]}


# --------------------------------------------------------------------------------------------- one client, four desks


def sources_of(place, document):
    with place.books() as store:
        return {entry.key.source for entry in store.billed.of_document(document.id)}


@pytest.mark.parametrize(("month", "bills"), [(4, 1), (5, 1), (6, 1)])
def test_a_client_of_four_desks_gets_one_bill_a_month(place, documents, month, bills):
    mine = [d for d in documents if d.payer == "vierkant" and d.until.month == month]
    assert len(mine) == bills
    if month == 4:
        assert sources_of(place, mine[0]) == {"subscriptions", "projects", "orders", "courses"}


def test_one_setting_makes_a_bill_for_each_desk(place, documents):
    mine = [d for d in documents if d.payer == "schakel" and d.until.month == 4]
    found = sorted((*sources_of(place, d), f"{d.totals.total:.2f}") for d in mine)
    assert found == [
        ("courses", "598.95"),
        ("orders", "301.23"),
        ("projects", "573.06"),
        ("subscriptions", "150.95"),
    ]


def test_what_was_sold_left_the_stock(place):
    with place.books() as store:
        balances = store.ledger.balances()
    booked = {account: balances[account, "EUR"] for account in ("3000", "7000", "1610")}
    assert booked == {"3000": Decimal(1260), "7000": Decimal(540), "1610": Decimal(-1800)}


def test_the_participant_and_who_was_next_have_their_certificate_and_who_fell_ill_has_none(tmp_path_factory):
    folder, _ = billed_sample(tmp_path_factory)
    answer = json.loads(fanbilling("courses", folder, "--session", "PLAN-MEI", "--json").out)
    [session] = answer["sessions"]
    states = {one["registration"]: (one["state"], bool(one["certificate"])) for one in session["participants"]}
    assert states == {
        "R-801": ("attended", True),
        "R-802": ("cancelled", False),
        "R-803": ("attended", True),
        "R-804": ("attended", True),
    }
    numbers = sorted(one["certificate"] for one in session["participants"] if one["certificate"])
    assert sorted(path.stem for path in (folder / "papers").glob("certificate-*")) == [
        f"certificate-{number}" for number in numbers
    ]


def test_the_last_run_once_more_changes_nothing(tmp_path_factory, tmp_path):
    folder = copy(billed_sample(tmp_path_factory)[0], tmp_path / "again")
    before = books(folder), contents(folder)
    assert fanbilling("run", folder, "--until", "2026-06-30", "--on", "2026-07-01").status == 0
    assert json.loads(fanbilling("remind", folder, "--on", "2026-07-01", "--json").out)["sent"] == []
    assert (books(folder), contents(folder)) == before


# ------------------------------------------------------------------------------------------------------ what is printed


@pytest.mark.parametrize("layout", [as_text, as_html, as_pdf], ids=["text", "html", "pdf"])
def test_every_amount_on_every_document_is_in_its_reasons(layout, in_a_folder):
    with in_a_folder.books() as store:
        documents = store.documents.page(limit=1000)
    for document in documents:
        printed = layout(document)
        for name in (document.buyer.vat_id, document.buyer.registration):
            printed = printed.replace(name, "") if name else printed  # CHE-999.999.996 is no amount
        found = amounts(printed, document.language)
        assert found - explained(document) == set(), document.number
        assert told(document) - found == set(), document.number
