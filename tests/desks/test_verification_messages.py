"""Whatever somebody does by hand to what was sent, `verify` names law L16 and the place."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from fanbilling import Money, Party, Payment, Price, verify
from fanbilling.domain.findings import Finding
from fanbilling.domain.messages import Letter, Message, MessageState
from fanbilling.domain.notices import PlannedNotice
from fanbilling.domain.ports.delivery import Rendered
from fanbilling.domain.ports.messaging import forget_recipients
from fanbilling.sources.manual import Line, Manual
from tests.desks.announcing import BOOKED, BY, Place, Postman, book, change, hall, write
from tests.stores import STORES
from tests.unsealed import damaged

NOTICE = "(select min(id) from fb_delivery_notice)"
MESSAGE = "(select id from fb_delivery_message where party = 'a')"

DAMAGES = {
    "a message that was sent is said to have failed": [
        f"update fb_delivery_message set body = replace(body, '\"sent\"', '\"failed\"') where id = {MESSAGE}"
    ],
    "a message is taken away": [f"delete from fb_delivery_message where id = {MESSAGE}"],
    "a message gets another id": [
        (
            "update fb_delivery_message set body = replace(body, id, 'x' || substr(id, 2)), id = 'x' || substr(id, 2)"
            f" where id = {MESSAGE}"
        )
    ],
    "a message goes to another party": [
        'update fb_delivery_message set body = replace(body, \'"party":"a"\', \'"party":"b"\') where party = \'a\''
    ],
    "a message is about another document": [
        "update fb_delivery_message set body = replace(body, document, 'x' || substr(document, 2)) where party = 'a'"
    ],
    "the journal forgets that a message was sent": [
        "update fb_journal set kind = 'party.registered' where kind = 'message.sent' and party = 'a'"
    ],
    "the journal tells of another message": [
        (
            'update fb_journal set body = replace(body, \'"message":"\', \'"message":"x\') '
            "where kind = 'message.sent' and party = 'a'"
        )
    ],
    "a document before delivery's place has no message": [
        "delete from fb_delivery_message where party = 'c'",  # it was never sent, so nothing is told of it
    ],
    "the place was moved on past a document": [
        "update fb_delivery_place set body = replace(body, '\"position\":', '\"position\":99')"
    ],
    "a notice that was sent is said to be on its way": [
        f"update fb_delivery_notice set body = replace(body, '\"sent\"', '\"sending\"') where id = {NOTICE}"
    ],
    "a notice is taken away": [f"delete from fb_delivery_notice where id = {NOTICE}"],
    "a notice went to another address": [
        "update fb_delivery_notice set body = replace(body, 'ann@', 'eve@') where subject = 'r1'"
    ],
    "a notice is of another revision": [
        f'update fb_delivery_notice set body = replace(body, \'"on"\', \'"revision":7,"on"\') where id = {NOTICE}'
    ],
    "a notice was sent a second time under another id": [
        f"create table copied as select * from fb_delivery_notice where id = {NOTICE}",
        "update copied set body = replace(body, id, 'x' || substr(id, 2)), id = 'x' || substr(id, 2)",
        "insert into fb_delivery_notice select * from copied",
    ],
    "the journal forgets that a notice was sent": [
        "update fb_journal set kind = 'party.registered' where kind = 'notice.sent'"
    ],
    "the journal tells of a notice about something else": [
        "update fb_journal set body = replace(body, '\"r1\"', '\"r9\"') where kind = 'notice.sent'"
    ],
    "the journal tells twice that a notice was sent": [
        (
            "update fb_journal set kind = 'notice.sent', "
            "body = (select max(body) from fb_journal where kind = 'notice.sent') where position = 1"
        )
    ],
    "a notice cannot be read": ["update fb_delivery_notice set body = '{}'"],
}


class Plain:
    """A renderer of numbers."""

    def render(self, document):
        return Rendered(content=document.number.encode(), media_type="text/plain", suffix=".txt")


def letter(document, rendered, id, to):
    return Letter(id=id, sender="us@us.example", recipient=to, subject=document.number, text=rendered.content.decode())


def office():
    desk = hall()
    return attrs.evolve(desk, sources=[*desk.sources, Manual()])


def filled(desk, books):
    """Documents that were sent, one that could not be and one that is not planned yet; notices of each kind."""
    with books(by=BY) as store:
        for id, email in (("a", "a@a.example"), ("b", "b@b.example"), ("c", "")):
            desk.crm.register(store, Party(id=id, name=id.upper(), email=email), on=BOOKED)
            desk.manual.add(store, Line(id=f"l-{id}", client=id, on=BOOKED, text="Work", price=Price.of(10)))
    run(desk, books)
    mailer = Postman()
    desk.delivery.send(books, renderer=Plain(), mailer=mailer, letter=letter, on=BOOKED)
    book(books, Place(id="r1", email="ann@people.example", client="a"), Place(id="r2", party="b"))
    book(books, Place(id="r3", email="cy@people.example"))
    desk.delivery.notify(books, mailer=Postman(fails="cy@people.example"), write=write, on=BOOKED)
    change(books, "r3", cancelled=True)
    desk.delivery.notify(books, mailer=mailer, write=write, on=BOOKED)
    with books(by=BY) as store:
        desk.manual.add(store, Line(id="late", client="a", on=BOOKED, text="Work", price=Price.of(10)))
    run(desk, books)


def run(desk, books):
    desk.billing.run(books, until=BOOKED, on=BOOKED)


@pytest.fixture(scope="module", params=[store for store in STORES if store != "memory"])
def world(request):
    desk = office()
    with STORES[request.param](desk) as books:
        filled(desk, books)
        yield desk, books


@pytest.fixture
def books(world):
    return world[1]


def test_sound_books_have_no_findings(world):
    """And there is enough in them for the damages to hit something."""
    desk, books = world
    assert verify(books) == desk.verify(books) == []
    with books() as store:
        messages = [message.state for message in store.find(Message, {}, order_by="position")]
        notices = {(one.subject, one.state) for one in store.find(PlannedNotice, {})}
        assert len(store.documents.page(limit=9)) == 4
    assert messages == [MessageState.SENT, MessageState.SENT, MessageState.FAILED]
    assert notices == {("r1", "sent"), ("r2", "sent"), ("r3", "dropped")}


def test_books_in_which_somebody_was_erased_have_no_findings():
    """What was sent stays told, although nobody knows any more to whom; what failed is given up, and stays planned."""
    desk = office()
    with STORES["memory"](desk) as books:
        filled(desk, books)
        with books(by=BY) as store:
            assert forget_recipients(store, "places", ["r1", "r3"]) == 2
            for party in ("b", "c"):
                paid = Payment(id=party, payer=party, on=BOOKED, amount=Money.of("12.10", "EUR"))  # 10.00 and 21%
                desk.receivables.receive(store, paid)
                desk.crm.erase(store, party, on=date(2026, 4, 1))
            assert {message.state for message in store.find(Message, {"party": "c"})} == {MessageState.DROPPED}
        assert verify(books) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_found(books, damage):
    with damaged(books, *DAMAGES[damage]) as changed:
        found = verify(changed)
    mine = [finding for finding in found if finding.law == "L16"]
    assert mine
    assert all(finding.where and finding.expected != finding.found for finding in mine)


def test_what_is_missing_is_named(books):
    """The third document could not be sent, and its message is gone: it would never be sent."""
    with books() as store:
        [document] = store.documents.page(payer="c", limit=9)
    with damaged(books, "delete from fb_delivery_message where party = 'c'") as changed:
        found = verify(changed)
    where = f"document {document.id[:40]}"
    assert found == [Finding(law="L16", where=where, expected="planned 1 times", found="planned 0 times")]
