"""What is known of a person is told in full, and erased as far as the law allows; the books stay whole."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling import (
    Actor,
    Address,
    BillingError,
    Credit,
    Crm,
    Decision,
    DecisionKind,
    ItemKey,
    Money,
    Office,
    Party,
    Payment,
    Price,
    verify,
)
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.dated import Dated
from fanbilling.domain.erasure import Erased
from fanbilling.domain.errors import AdapterFailure, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.events import PartyErased
from fanbilling.domain.messages import Letter, Message, MessageState
from fanbilling.domain.ports.delivery import Receipt, Rendered
from fanbilling.domain.records import kind_of, record
from fanbilling.domain.retention import Retention
from fanbilling.sources.manual import Line, Manual
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions
from tests.desks import worlds
from tests.stores import LENDING

JANUARY, PAID, FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 2, 12), date(2026, 3, 1), date(2026, 3, 15)
LAW = "Algemene wet inzake rijksbelastingen, article 52(4)"

#: 31 December 2026 ends the financial year of the last document; seven years later:
UNTIL = date(2033, 12, 31)

#: On every bill, as the law wants; after erasure in sealed documents only.
PRINTED = ("Willemijn", "att-Willemijn", "Wilgenlaan", "9999 WW", "Wilp", "willemijn@wilp.example", "KVK-wilp")

#: Written at our desks about the person; after erasure nowhere.
OURS = ("pays-NL91WILP0417164300", "asked-by-her-doctor", "moved-to-her-sister", "550 mailbox of willemijn")

#: Written by the host about what was supplied and decided: it stays with the bill.
WRITTEN = ("coaching-text", "waived-because", "licence-text", "licence-title")


@record("tests.note", keys=("client",), party="client", personal=("words",))
@attrs.frozen(kw_only=True)
class Note:
    """Something that a source of somebody else's keeps about a client."""

    id: str
    client: str
    words: str = ""


@record("tests.vow", keys=("client",), party="client", personal={"words": "no"})
@attrs.frozen(kw_only=True)
class Vow:
    """A kind that refuses what it declared itself: two letters are too short."""

    id: str
    client: str
    words: str

    def __attrs_post_init__(self):
        if len(self.words) < 3:
            raise InvalidValue("too short", where="vow")


@attrs.frozen
class Notes(Manual):
    """Loose lines, with notes beside them."""

    @property
    def records(self):
        return Line, Note, Vow


class Post:
    """Renders nothing and carries nothing; it may refuse."""

    def __init__(self, refuses=""):
        self.refuses = refuses

    def render(self, document):
        return Rendered(media_type="text/plain", suffix="txt", content=b"")

    def send(self, letter, *, key):
        if self.refuses:
            raise AdapterFailure(self.refuses, where="mail")
        return Receipt(message=key)


def letter(_document, _rendered, id, to):
    return Letter(id=id, sender="us@example.nl", recipient=to, subject="", text="")


def noted():
    """An office with both desks, and with notes."""
    return Office(administration=worlds.office().administration, sources=[Notes(), Subscriptions()])


@pytest.fixture(params=worlds.STORES)
def world(request):
    """An office with notes, on every store."""
    desk = noted()
    with worlds.STORES[request.param](desk) as books:
        yield desk, books


def willemijn(**changed):
    person = Party(
        id="w",
        name="Willemijn",
        attention="att-Willemijn",
        address=Address(street="Wilgenlaan", postal_code="9999 WW", city="Wilp", country="NL"),
        email="willemijn@wilp.example",
        registration="KVK-wilp",
        vat_id="NL123456789B01",
        language="nl",
    )
    return attrs.evolve(person, **changed)


def other():
    return Party(id="o", name="Otto", email="otto@other.example", address=Address(street="Otterweg", country="NL"))


def line(id, client="w", **changed):
    return Line(id=id, client=client, on=date(2026, 1, 10), text="coaching-text", price=Price.of("50.00"), **changed)


def lived(desk, books, *, paid="181.50"):
    """January of one client, billed 100.00 + 50.00 and 21% = 181.50, sent and paid; nothing is left to come."""
    with books(by=Actor("eva")) as store:
        desk.crm.register(store, willemijn(), on=date(2026, 1, 1))
        desk.crm.register(store, other(), on=date(2026, 1, 1))
        licence = SubscriptionLine.of("seat", "licence-text", start=date(2026, 1, 1), price="100.00")
        subscription = Subscription(id="S", client="w", title="licence-title", lines=(licence,))
        desk.subscriptions.start(store, subscription, on=date(2026, 1, 1))
        for id in ("L1", "L2", "L3"):
            desk.manual.add(store, line(id))
        desk.manual.add(store, line("OL", client="o"))
        desk.manual.withdraw(store, "L2", on=date(2026, 1, 11), reason="asked-by-her-doctor")
        key = ItemKey("manual", "L3", date(2026, 1, 10))
        waiver = Decision(id="D", key=key, kind=DecisionKind.WAIVED, reason="waived-because", on=date(2026, 1, 12))
        desk.billing.decide(store, waiver)
        store.add(Note(id="N", client="w", words="moved-to-her-sister"), Note(id="ON", client="o", words="otters"))
    run(desk, books, JANUARY, until=date(2026, 1, 31))
    desk.delivery.send(books, renderer=Post(), mailer=Post(), letter=letter, on=JANUARY)
    with books() as store:
        pay(desk, store, paid, reference="pays-NL91WILP0417164300")
        reason = "moved-to-her-sister"
        desk.subscriptions.end(store, "S", "seat", last_day=date(2026, 1, 31), reason=reason, on=JANUARY)
    run(desk, books, FEBRUARY)


def run(desk, books, on, *, until=None):
    return desk.billing.run(books, until=until or on, on=on)


def pay(desk, store, amount, **more):
    desk.receivables.receive(store, Payment(id="P", payer="w", on=PAID, amount=Money.of(amount, "EUR"), **more))


def erase(desk, books, party="w", on=MARCH, **more):
    with books(by=Actor("dpo")) as store:
        return desk.crm.erase(store, party, on=on, **more)


def stored(books):
    """Everything that is kept, as one text per part of the books (in memory) or per table (in a database)."""
    if isinstance(books, MemoryBooks):
        state = books._state
        parts = {name: repr(getattr(state, name)) for name in attrs.fields_dict(type(state)) if name != "records"}
        return parts | {cls.__name__: repr(kept) for cls, kept in state.records.items()}
    if not getattr(books, "url", "postgresql").startswith("sqlite"):
        return {name: repr(sorted(rows, key=repr)) for name, rows in LENDING.rows(books.prefix).items()}
    with closing(sqlite3.connect(books.url.removeprefix("sqlite:///"))) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: repr(sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)) for name in names}


def where(books, *words):
    """The parts of the books in which one of these words stands."""
    return {name for name, text in stored(books).items() if any(word in text for word in words)}


SEALED = ({"sealed"}, {"fb_document"}, {"fb_documents"})


# ------------------------------------------------------------------------------------------------- where person data is


def test_person_data_is_in_records_and_sealed_documents_and_nowhere_else(world):
    desk, books = world
    lived(desk, books)
    found = where(books, *PRINTED, *OURS)
    parts = stored(books)
    assert any(word in text for text in parts.values() for word in PRINTED)
    for part in ("journal", "agenda", "billed", "decisions", "ledger", "numbers", "series", "counter", "posting"):
        assert not [name for name in found if part in name.lower()], part


def test_after_erasure_it_is_in_sealed_documents_only(world):
    desk, books = world
    lived(desk, books)
    erase(desk, books)
    assert where(books, *PRINTED) in SEALED
    assert where(books, *OURS) == set()
    assert all(where(books, word) for word in WRITTEN)
    assert where(books, "Otto")  # nobody else's


def test_sqlite_forgets_the_bytes_when_the_file_is_written_anew():
    """A database marks what was replaced as free and leaves the bytes; they are gone when the host says so."""
    desk = noted()
    with worlds.sqlite(desk) as books:
        lived(desk, books)
        path = Path(books.url.removeprefix("sqlite:///"))
        erase(desk, books)
        books.close()
        with closing(sqlite3.connect(path)) as database:
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Wilgenlaan" in content  # on the sealed document
    assert [word for word in OURS if word.encode() in content] == []


def test_the_books_stay_whole(world):
    desk, books = world
    lived(desk, books)
    with books() as store:
        before = [row.body for row in store.documents.sealed(limit=10)], dict(store.ledger.balances())
    erase(desk, books)
    with books() as store:
        assert ([row.body for row in store.documents.sealed(limit=10)], dict(store.ledger.balances())) == before
    assert verify(books) == []
    assert run(desk, books, date(2026, 4, 1)).documents == 0


# ------------------------------------------------------------------------------------------------------ what it answers


def test_it_says_what_went_and_what_stays_until_when_and_why(world):
    desk, books = world
    lived(desk, books)
    done = erase(desk, books)
    with books() as store:
        [number] = [document.number for document in store.documents.page(payer="w", limit=10)]
        [message] = store.find(Message, {"party": "w"})
    assert done.erased == (
        Erased(kind="receivables.payment", id="P", fields=("reference",)),
        Erased(kind="manual.line", id="L2", fields=("withdrawn",)),
        Erased(kind="tests.note", id="N", fields=("words",)),
        Erased(kind="subscriptions.subscription", id="S", fields=("lines",)),
        Erased(
            kind="parties.party",
            id="w",
            fields=("name", "registration", "attention", "address", "email", "language"),
        ),
    )
    stays = {kept.kind: kept.ids for kept in done.kept}
    assert stays == {
        "document": (number,),
        "billed": ("manual L1", "subscriptions S"),
        "decision": ("D",),
        "receivables.payment": ("P",),
        "receivables.allocation": ("P:1",),
        "delivery.message": (message.id,),
        "manual.line": ("L1", "L2", "L3"),
        "tests.note": ("N",),
        "subscriptions.subscription": ("S",),
        "parties.party": ("w",),
    }
    assert {(kept.until, kept.law) for kept in done.kept} == {(UNTIL, LAW)}
    assert done.until == UNTIL


def test_the_record_keeps_how_it_was_taxed(world):
    desk, books = world
    lived(desk, books)
    erase(desk, books)
    with books() as store:
        kept = store.get(Party, "w")
    nothing = Party(id="w", name="erased", country="NL", vat_id="NL123456789B01", erased=MARCH)
    assert kept == nothing
    assert kept.position(JANUARY) == willemijn().position(JANUARY)


def test_twice_is_once(world):
    desk, books = world
    lived(desk, books)
    first = erase(desk, books)
    before = stored(books)
    second = erase(desk, books, on=date(2026, 5, 1))
    assert (second.erased, second.kept) == ((), first.kept)
    assert stored(books) == before
    with books() as store:
        events = [one.event for one in store.journal.after(0, limit=500, party="w")]
    assert [event for event in events if isinstance(event, PartyErased)] == [PartyErased(party="w", on=MARCH)]


def test_another_country_or_kind_of_thing_is_kept_as_its_law_says(world):
    desk, books = world
    lived(desk, books)
    done = erase(desk, books, retention=Retention(years=10, law="Article 60", year_end=(2, 10)))
    # The last day is the payment's, 12 February 2026: its year ends on 10 February 2027, and ten more make 2037.
    assert {(kept.until, kept.law) for kept in done.kept} == {(date(2037, 2, 10), "Article 60")}


def test_a_party_with_whom_nothing_was_done_goes_altogether(world):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
    done = erase(desk, books)
    assert (done.erased, done.kept, done.until) == ((Erased(kind="parties.party", id="w"),), (), None)
    assert where(books, *PRINTED) == set()
    again = erase(desk, books)
    assert (again.erased, again.kept) == ((), ())
    with books() as store:
        assert store.get_many(Party, ["w"]) == {}
        assert sum(isinstance(one.event, PartyErased) for one in store.journal.after(0, limit=9, party="w")) == 1


def test_nobody_knows_somebody_who_never_was(world):
    desk, books = world
    with pytest.raises(NotFound):
        erase(desk, books, "nobody")
    with pytest.raises(NotFound), books() as store:
        desk.crm.export(store, "nobody")


def test_a_client_whose_bills_another_gets_stays_on_them(world):
    """The heading of the holding's bill names the client."""
    desk, books = world
    with books() as store:
        desk.crm.register(store, other(), on=JANUARY)
        desk.crm.register(store, willemijn(billed_to=Dated(((date(2026, 1, 1), "o"),))), on=JANUARY)
        desk.manual.add(store, line("L1"))
        desk.manual.add(store, line("OL", client="o"))
    run(desk, books, FEBRUARY)
    done = erase(desk, books)
    assert {kept.kind: kept.ids for kept in done.kept}["document"] == ("2026-0001",)
    assert where(books, "Willemijn") in SEALED
    with books() as store:
        told = desk.crm.export(store, "w").plain()["kept"]
    [document] = told["document"]
    assert [one["key"][1] for one in document["lines"]] == ["L1"]  # not what was done for the holding
    assert "Otterweg" not in json.dumps(told)


# ----------------------------------------------------------------------------------------------- what stands in the way


def may_be_billed(desk, store):
    desk.manual.add(store, line("L9", bill_on=date(2027, 1, 1)))


def is_held(desk, store):
    desk.manual.add(store, line("L1"))
    key = ItemKey("manual", "L1", date(2026, 1, 10))
    desk.billing.decide(store, Decision(id="H", key=key, kind=DecisionKind.HELD, reason="wait", on=FEBRUARY))


def is_blocked(desk, store):
    desk.manual.add(store, line("L9", blocked="not approved"))


def is_on_account(desk, store):
    pay(desk, store, "5.00")


def pays_for_another(desk, store):
    desk.crm.register(store, attrs.evolve(other(), billed_to=Dated(((date(2026, 1, 1), "w"),))), on=JANUARY)
    desk.manual.add(store, line("OL", client="o", bill_on=date(2027, 1, 1)))


def is_open(desk, store):
    desk.manual.add(store, line("L9"))


def is_being_sent(_desk, store):
    store.add(Message(id="m", party="w", document="d", position=1, state=MessageState.SENDING))


@pytest.mark.parametrize(
    ("do", "runs", "problem", "remedy"),
    [
        (may_be_billed, True, "manual L9 may still be billed", "end it, and run billing"),
        (pays_for_another, True, "manual OL may still be billed", "end it, and run billing"),
        (is_held, True, "L1 is held by decision H", "withdraw it; waive what is not asked"),
        (is_blocked, True, "something of manual L9 is blocked", "release it and bill it, or withdraw it"),
        (is_on_account, False, "5.00 EUR of payment P is on account", "settle it or pay it back"),
        (is_open, True, "60.50 EUR of 2026-0001 is open", "have it paid, or credit it"),
        (is_being_sent, False, "a message with document d is under way", "send it first"),
    ],
)
def test_it_says_what_to_do_first(world, do, runs, problem, remedy):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        do(desk, store)
    if runs:
        run(desk, books, FEBRUARY)
    before = stored(books)
    with pytest.raises(RuleViolation) as refused:
        erase(desk, books)
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy
    assert refused.value.where == "party w"
    assert stored(books) == before


def test_what_we_owe_is_paid_back_first(world):
    desk, books = world
    lived(desk, books)
    with books() as store:
        [paid] = store.documents.page(payer="w", limit=9)
        first = min(one.number for one in paid.lines if one.key.agreement == "L1")
        credit = Credit(id="C", document=paid.number, line=first, amount=Decimal("10.00"), reason="late")
        note = desk.billing.credit(store, credit, on=MARCH)
    run(desk, books, MARCH)
    with pytest.raises(RuleViolation) as refused:
        erase(desk, books)
    # 10.00 and 21% of it
    assert (refused.value.problem, refused.value.remedy) == (f"12.10 EUR of {note.number} is open", "pay it back")


def test_a_hold_that_was_withdrawn_is_in_nobodys_way(world):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        is_held(desk, store)
        desk.manual.withdraw(store, "L1", on=JANUARY, reason="never done")
        desk.billing.withdraw(store, "H", on=JANUARY)
    run(desk, books, FEBRUARY)
    # The line is of 10 January 2026, the hold of 1 March: both of a year that ends with 2026.
    assert erase(desk, books).until == date(2033, 12, 31)


def test_nobody_bills_what_is_being_erased(world, monkeypatch):
    """Its agreements, and those that it pays for, are held before anything is looked at."""
    desk, books = world
    held = []
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        pays_for_another(desk, store)
        desk.manual.add(store, line("L1", bill_on=date(2027, 1, 1)))
    with books() as store:
        monkeypatch.setattr(store.agenda, "hold", held.extend)
        with pytest.raises(RuleViolation):
            desk.crm.erase(store, "w", on=MARCH)
    assert held == [("manual", "L1"), ("manual", "OL")]


def test_whoever_stands_on_a_bill_of_somebody_else_is_not_taken_away(world):
    """A source may say of an item that it was done for another than the client of the agreement."""
    desk, books = world
    with books() as store:
        desk.crm.register(store, other(), on=JANUARY)
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.manual.add(store, line("OL", client="o"))
    run(desk, books, FEBRUARY)
    with books() as store:
        [entry] = store.billed.page(limit=9)
        store.billed.append([attrs.evolve(entry, revision=entry.revision + 1, client="w")])
        told = desk.crm.export(store, "w").plain()["kept"]
        assert [one["client"] for one in told["billed"]] == ["w"]
    done = erase(desk, books, on=date(2040, 1, 1))
    assert {kept.kind: kept.ids for kept in done.kept} == {
        "document": ("2026-0001",),
        "billed": ("manual OL",),
        "parties.party": ("w",),
    }
    assert done.until == UNTIL  # the bill decides, not the day of the erasure


def test_what_was_done_for_another_under_its_agreement_is_the_others(world):
    desk, books = world
    lived(desk, books)
    with books() as store:
        entry = next(one for one in store.billed.page(limit=9) if one.key.agreement == "L1")
        store.billed.append([attrs.evolve(entry, revision=entry.revision + 1, client="o", text="done-for-otto")])
        assert "done-for-otto" not in json.dumps(desk.crm.export(store, "w").plain())


def test_what_was_decided_is_kept_also_by_a_desk_that_knows_no_sources(world):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.manual.add(store, line("L3"))
        key = ItemKey("manual", "L3", date(2026, 1, 10))
        desk.billing.decide(store, Decision(id="D", key=key, kind=DecisionKind.WAIVED, reason="kind", on=JANUARY))
    run(desk, books, FEBRUARY)
    with books() as store:
        done = Crm(administration=desk.administration).erase(store, "w", on=date(2040, 1, 1))
    assert [(kept.kind, kept.until) for kept in done.kept] == [("decision", UNTIL), ("parties.party", UNTIL)]


def test_the_youngest_document_decides_how_long_it_is_kept(world):
    """Also one of what was done for somebody else, and also where its payment is older."""
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.crm.register(store, attrs.evolve(other(), billed_to=Dated(((date(2026, 1, 1), "w"),))), on=JANUARY)
        desk.manual.add(store, line("OL", client="o"))
    run(desk, books, FEBRUARY)
    with books() as store:
        pay(desk, store, "60.50")  # 50.00 and 21% of it, 10.50
    done = erase(desk, books, retention=Retention(years=7, law="a law", year_end=(2, 20)))
    # The payment of 12 February 2026 is of the year that ends on the 20th; the bill of 1 March of the next one.
    assert done.until == date(2034, 2, 20)


def test_a_party_that_others_name_as_their_payer_is_not_taken_away(world):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.crm.register(store, attrs.evolve(other(), billed_to=Dated(((JANUARY, "w"),))), on=JANUARY)
    with pytest.raises(RuleViolation, match="it is named as who pays for o"):
        erase(desk, books)


def test_a_mail_that_failed_is_given_up(world):
    """It would be tried again for ever, and what went wrong names the person."""
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.manual.add(store, line("L1"))
    run(desk, books, FEBRUARY)
    refusing = Post("550 mailbox of willemijn is full")
    desk.delivery.send(books, renderer=Post(), mailer=refusing, letter=letter, on=FEBRUARY)
    with books() as store:
        pay(desk, store, "60.50")  # 50.00 and 21% of it, 10.50
        [message] = store.find(Message, {"party": "w"})
    assert "550" in message.problem
    done = erase(desk, books)
    assert Erased(kind="delivery.message", id=message.id, fields=("problem",)) in done.erased
    assert where(books, *OURS) == set()
    assert desk.delivery.send(books, renderer=Post(), mailer=Post(), letter=letter, on=MARCH).sent == 0
    assert verify(books) == []


def test_a_record_that_cannot_be_blanked_leaves_everything_as_it_was(world):
    """Two letters are too short for a vow; the payment before it was blanked already, and is whole again."""
    desk, books = world
    lived(desk, books)
    with books() as store:
        store.add(Vow(id="V", client="w", words="for ever"))
    before = stored(books)
    with (
        books() as store,
        pytest.raises(InvalidValue, match=r"tests\.vow: it cannot be kept without its person data: vow: too short"),
    ):
        desk.crm.erase(store, "w", on=MARCH)
    assert stored(books) == before


# ----------------------------------------------------------------------------------------------------------- afterwards


def test_an_erased_party_gets_no_bill_before_it_is_known_again(world):
    desk, books = world
    lived(desk, books)
    erase(desk, books)
    with books() as store:
        desk.manual.add(store, line("L7"))
    report = run(desk, books, MARCH)
    assert report.documents == 0
    assert [(failure.payer, failure.problem) for failure in report.failures] == [
        ("w", "party w: it was erased (register it again before it gets a bill)")
    ]
    with books() as store:
        desk.crm.register(store, Party(id="w", name="Wil", vat_id="NL123456789B01"), on=MARCH)
        assert store.get(Party, "w").erased is None
    assert run(desk, books, MARCH).documents == 1
    with books() as store:
        old, new = store.documents.page(payer="w", limit=9)
    assert (old.buyer.name, new.buyer.name) == ("Willemijn", "Wil")


def test_nobody_registers_an_erased_party_with_data(world):
    desk, books = world
    lived(desk, books)
    erase(desk, books)
    with books() as store:
        tombstone = store.get(Party, "w")
        assert desk.crm.register(store, tombstone, on=MARCH) == tombstone
    with pytest.raises(InvalidValue, match="it says that it is erased"), books() as store:
        desk.crm.register(store, attrs.evolve(tombstone, email="w@wilp.example"), on=MARCH)


# --------------------------------------------------------------------------------------------------------------- export


def test_an_export_holds_everything_of_one_party_and_nothing_of_another(world):
    desk, books = world
    lived(desk, books)
    with books() as store:
        credit = Credit(id="C", document="2026-0002", line=1, amount=Decimal("1.00"), reason="credit-because")
        numbers = {document.buyer.id: document.number for document in store.documents.page(limit=9)}
        desk.billing.credit(store, attrs.evolve(credit, document=numbers["w"]), on=MARCH)
    with books() as store:
        told = desk.crm.export(store, "w").plain()
        stays = len([one for one in store.journal.after(0, limit=500) if one.event.party == "w"])
    text = json.dumps(told, ensure_ascii=False)
    for word in (*PRINTED, *OURS[:3], *WRITTEN, "credit-because"):
        assert word in text, word
    for word in ("Otto", "otters", "Otterweg", '"OL"'):
        assert word not in text, word
    kept = told["kept"]
    assert {kind: len(things) for kind, things in kept.items()} == {
        "parties.party": 1,
        "receivables.payment": 1,
        "receivables.allocation": 1,
        "billing.credit": 1,
        "delivery.message": 1,
        "manual.line": 3,
        "tests.note": 1,
        "subscriptions.subscription": 1,
        "agreement": 4,  # three lines and the subscription
        "decision": 2,  # the waiver, and that of the credit
        "billed": 3,  # a month, a line, and what the credit gave back
        "document": 2,
        "ledger": 4,  # two documents, a payment and its allocation
        "journal": stays,
    }
    assert {document["number"] for document in kept["document"]} >= {numbers["w"]}
    assert [entry["postings"][0]["amount"] for entry in kept["ledger"] if entry["kind"] == "payment"] == ["-181.50"]


def test_every_kind_that_names_a_party_says_whose_it_is():
    desk = worlds.office()
    kinds = [kind_of(cls) for cls in desk.records]
    named = {kind.name for kind in kinds if {"client", "payer", "party"} & {*kind.keys}}
    assert named
    assert {kind.name for kind in kinds if kind.party} >= named


# -------------------------------------------------------------------------------------------------------------- removal


def test_what_was_never_billed_can_be_removed(world):
    desk, books = world
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.manual.add(store, line("L1"))
        licence = SubscriptionLine.of("seat", "licence-text", start=date(2026, 1, 1), price="100.00")
        desk.subscriptions.start(store, Subscription(id="S", client="w", lines=(licence,)), on=JANUARY)
        desk.manual.remove(store, "L1", on=FEBRUARY)
        desk.subscriptions.remove(store, "S", on=FEBRUARY)
    assert run(desk, books, FEBRUARY).documents == 0
    assert where(books, "coaching-text", "licence-text") == set()
    assert erase(desk, books).kept == ()
    assert where(books, *PRINTED) == set()
    with pytest.raises(NotFound), books() as store:
        desk.manual.remove(store, "L1", on=FEBRUARY)


def test_nobody_bills_what_is_being_removed(world, monkeypatch):
    desk, books = world
    held = []
    with books() as store:
        desk.crm.register(store, willemijn(), on=JANUARY)
        desk.manual.add(store, line("L1"))
        monkeypatch.setattr(store.agenda, "hold", held.extend)
        desk.manual.remove(store, "L1", on=JANUARY)
    assert held == [("manual", "L1")]


def test_what_was_billed_or_decided_stays(world):
    desk, books = world
    lived(desk, books)
    before = stored(books)
    for remove, id, what in (
        (desk.manual.remove, "L1", "billed"),
        (desk.manual.remove, "L3", "decided"),
        (desk.subscriptions.remove, "S", "billed"),
    ):
        with pytest.raises(RuleViolation, match=f"something was {what} of it"), books() as store:
            remove(store, id, on=MARCH)
    assert stored(books) == before


# --------------------------------------------------------------------------------------------------------- declarations


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"party": "client"}, "'client' is none of its keys"),
        ({"document": "document"}, "'document' is none of its keys"),
        ({"personal": ("shoe_size",)}, "Thing has no field 'shoe_size'"),
        ({"personal": ("words",)}, "'words' has no plain default"),
        ({"keys": ("client",), "party": "client", "personal": {"client": ""}}, "'client' says whose it is"),
    ],
)
def test_a_kind_that_cannot_be_erased_is_refused(declared, problem):
    @attrs.frozen(kw_only=True)
    class Thing:
        id: str
        client: str
        words: str

    with pytest.raises(InvalidValue) as refused:
        record("tests.thing", **declared)(Thing)
    assert problem in refused.value.problem
    assert isinstance(refused.value, BillingError)


def test_only_what_was_filled_in_is_blanked():
    """A line that was never withdrawn must not become one that was."""
    kind = kind_of(Line)
    assert kind.blanked(line("L1")) == line("L1")
    assert kind.blanked(line("L1", blocked="ill")) == line("L1", blocked="erased")
