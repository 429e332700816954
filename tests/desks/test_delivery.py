"""Delivery: every document is sent once, under one id, whatever goes wrong on the way (law L16)."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from fanbilling import Party, Price
from fanbilling.adapters.documents.folder import FolderDocuments
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.events import MessageFailed, MessageSent
from fanbilling.domain.messages import Letter, Message, MessageState
from fanbilling.domain.ports.delivery import Receipt, Rendered
from fanbilling.sources.manual import Line
from tests.desks.worlds import STORES, office

DAY = date(2026, 1, 31)


class Plain:
    """A renderer that cannot print one client's documents."""

    def __init__(self, refuses=""):
        self.refuses = refuses

    def render(self, document):
        if document.buyer.id == self.refuses:
            raise ZeroDivisionError("no such font")
        return Rendered(content=document.number.encode(), media_type="text/plain", suffix=".txt")


@attrs.define
class Postman:
    """A mailer that remembers, and fails or dies when it is told to."""

    fails: str = ""
    dies: str = ""
    sent: list = attrs.field(factory=list)

    def send(self, letter, *, key):
        if letter.recipient == self.fails:
            raise AdapterFailure("the server is away", retryable=True)
        self.sent.append((key, letter.recipient))
        if letter.recipient == self.dies:
            raise KeyboardInterrupt  # carried, and then the process was stopped
        return Receipt(message=key)


def write(document, rendered, id, to):
    return Letter(id=id, sender="us@us.example", recipient=to, subject=document.number, text=rendered.content.decode())


@pytest.fixture(params=STORES)
def world(request):
    """Three clients with a bill each; the last has no address."""
    desk = office()
    with STORES[request.param](desk) as books:
        with books() as store:
            for name, email in (("a", "a@a.example"), ("b", "b@b.example"), ("c", "")):
                desk.crm.register(store, Party(id=name, name=name.upper(), email=email), on=DAY)
                line = Line(id=f"l-{name}", client=name, on=DAY, text="Work", price=Price.of(10))
                desk.manual.add(store, line, on=DAY)
        desk.billing.run(books, until=DAY, on=DAY)
        yield desk, books


def send(desk, books, mailer, **options):
    options = {"renderer": Plain(), "letter": write, "on": DAY, **options}
    return desk.delivery.send(books, mailer=mailer, **options)


def told(books):
    with books() as store:
        events = [recorded.event for recorded in store.journal.after(0, limit=999)]
    return [event for event in events if isinstance(event, (MessageSent, MessageFailed))]


def test_every_document_is_sent_once_in_the_order_of_issue(world):
    desk, books = world
    mailer = Postman()
    report = send(desk, books, mailer)
    assert (report.sent, [to for _, to in mailer.sent]) == (2, ["a@a.example", "b@b.example"])
    assert send(desk, books, mailer).sent == 0
    assert len(mailer.sent) == 2


def test_who_has_no_address_is_told_by_code_and_gets_it_when_there_is_one(world):
    """The journal holds no name and no sentence, and says it once."""
    desk, books = world
    report = send(desk, books, Postman())
    assert [(failure.payer, failure.code) for failure in report.failures] == [("c", "no-address")]
    send(desk, books, Postman())
    assert [event.problem for event in told(books) if isinstance(event, MessageFailed)] == ["no-address"]
    with books() as store:
        desk.crm.register(store, Party(id="c", name="C", email="c@c.example"), on=DAY)
    mailer = Postman()
    assert send(desk, books, mailer).sent == 1
    assert [to for _, to in mailer.sent] == ["c@c.example"]


def test_what_the_mailer_refused_is_sent_under_the_same_id_the_next_time(world):
    desk, books = world
    report = send(desk, books, Postman(fails="a@a.example"))
    assert report.sent == 1
    assert "the server is away" in str(report.failures)
    with books() as store:
        [waiting] = store.find(Message, {"state": MessageState.FAILED.value, "party": "a"})
    mailer = Postman()
    send(desk, books, mailer)
    assert mailer.sent == [(waiting.id, "a@a.example")]


def test_a_document_that_cannot_be_rendered_does_not_stop_the_others(world):
    desk, books = world
    report = send(desk, books, Postman(), renderer=Plain(refuses="a"))
    assert report.sent == 1
    assert ("a", "adapter-failure") in [(failure.payer, failure.code) for failure in report.failures]


def test_what_was_on_its_way_when_the_process_stopped_goes_again_under_the_same_id(world):
    """At least once: nobody knows whether it arrived, and the reader's program sees one message."""
    desk, books = world
    stopped = Postman(dies="a@a.example")
    with pytest.raises(KeyboardInterrupt):
        send(desk, books, stopped)
    mailer = Postman()
    assert send(desk, books, mailer, resume=False).sent == 0  # somebody else may be at it
    assert send(desk, books, mailer).sent == 2
    assert stopped.sent[0] in mailer.sent


def test_documents_issued_later_are_planned_later(world):
    desk, books = world
    send(desk, books, Postman())
    with books() as store:
        desk.manual.add(store, Line(id="n", client="a", on=DAY, text="More", price=Price.of(5)), on=DAY)
    desk.billing.run(books, until=DAY, on=DAY)
    mailer = Postman()
    assert send(desk, books, mailer).sent == 1


# -------------------------------------------------------------------------------------------------- kept as it was sent


class Drifting(Plain):
    """A renderer whose bytes are others each time: a new version of it, another font."""

    drawn = 0

    def render(self, document):
        self.drawn += 1
        return Rendered(content=f"{document.number} {self.drawn}".encode(), media_type="text/plain", suffix=".txt")


@attrs.define
class Texts(Postman):
    """Remembers what it carried, word for word."""

    carried: list = attrs.field(factory=list)

    def send(self, letter, *, key):
        self.carried.append((key, letter.text))
        return super().send(letter, key=key)


@pytest.fixture
def documents(tmp_path):
    return FolderDocuments(tmp_path / "sent")


def test_what_is_sent_is_kept_to_the_byte(world, documents):
    desk, books = world
    mailer = Texts()
    send(desk, books, mailer, documents=documents, renderer=Drifting())
    with books() as store:
        ids = [message.document for message in store.find(Message, {"state": "sent"}, order_by="position")]
    assert [documents.fetch(id).content.decode() for id in ids] == [text for _, text in mailer.carried]
    assert len(ids) == 2


def test_what_is_sent_again_is_what_was_kept_and_never_rendered_anew(world, documents):
    """Nobody knows whether the first one arrived; when both do, they are the same."""
    desk, books = world
    stopped, renderer = Texts(dies="a@a.example"), Drifting()
    with pytest.raises(KeyboardInterrupt):
        send(desk, books, stopped, documents=documents, renderer=renderer)
    mailer = Texts()
    assert send(desk, books, mailer, documents=documents, renderer=renderer).sent == 2
    assert mailer.carried[0] == stopped.carried[0]
    assert renderer.drawn == 2  # one for each client, and not one more


def test_what_cannot_be_kept_is_not_sent(world, tmp_path):
    desk, books = world
    (tmp_path / "sent").write_text("a file stands where the folder should be")
    mailer = Postman()
    report = send(desk, books, mailer, documents=FolderDocuments(tmp_path / "sent"))
    assert (report.sent, mailer.sent) == (0, [])
    assert {failure.code for failure in report.failures} == {"adapter-failure", "no-address"}


def test_what_was_damaged_is_not_sent(world, documents):
    desk, books = world
    send(desk, books, Postman(fails="a@a.example"), documents=documents)
    for file in documents.path.glob("*.txt"):
        file.write_text("9999")
    report = send(desk, books, Postman(), documents=documents)
    assert report.sent == 0
    assert ["no longer what was kept" in failure.problem for failure in report.failures] == [True, False]


def test_of_two_who_render_differently_at_once_both_send_what_was_kept_first(world, documents):
    """While this one renders, another keeps and sends its own; that is what this one sends as well."""
    desk, books = world

    class Beaten(Plain):
        def render(self, document):
            other = Rendered(content=b"theirs", media_type="text/plain", suffix=".txt")
            documents.keep(document.id, other)
            return super().render(document)

    mailer = Texts()
    assert send(desk, books, mailer, documents=documents, renderer=Beaten()).sent == 2
    assert {text for _, text in mailer.carried} == {"theirs"}
