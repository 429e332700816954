"""A source with something to tell: places at an event, each with a confirmation and a reminder one week before."""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from fanbilling import Actor, Address, Administration, Office, Party, Seller
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.messages import Letter
from fanbilling.domain.notices import Notice
from fanbilling.domain.papers import Paper
from fanbilling.domain.ports.delivery import Receipt
from fanbilling.domain.ports.sourcing import Between
from fanbilling.domain.records import record

BOOKED, STARTS = date(2026, 3, 2), date(2026, 3, 20)
WEEK = timedelta(days=7)
BY = Actor("eva")


@record("announcing.place", keys=("starts",), personal=("name", "email"))
@attrs.frozen(kw_only=True)
class Place:
    id: str
    starts: date = STARTS
    booked: date = BOOKED
    party: str = ""
    client: str = ""
    name: str = ""
    email: str = ""
    revision: int = 0
    cancelled: bool = False
    certificate: bool = False


@attrs.frozen
class Places:
    """Tells whoever has a place that they have it, and once more a week before it starts."""

    name = "places"
    records = (Place,)

    def items(self, reading, asked, until):
        return ()

    def next_ask(self, reading, asked, after):
        return {}

    def notices(self, reading, administration, *, on, about=None):
        if about is None:
            places = reading.find(Place, {"starts": Between(on, None)}, limit=1000)
        else:
            places = reading.get_many(Place, about).values()
        for place in places:
            if not place.cancelled:
                yield notice(place, "places.confirmation", place.booked, administration)
                yield notice(place, "places.reminder", place.starts - WEEK, administration)


def notice(place, purpose, due, administration):
    paper = None
    if place.certificate:
        seller = administration.seller
        paper = Paper(id=place.id, kind="certificate", on=due, language="en", currency="EUR", seller=seller)
    return Notice(
        source="places",
        purpose=purpose,
        subject=place.id,
        revision=place.revision,
        party=place.party,
        client=place.client,
        name=place.name,
        email=place.email,
        on=due,
        until=place.starts,
        facts=(("day", place.starts),),
        paper=paper,
    )


@attrs.define
class Postman:
    """A mailer that remembers, and fails, dies or does something else when it is told to."""

    fails: str = ""
    dies: str = ""
    first: object = None
    sent: list = attrs.field(factory=list)

    def send(self, letter, *, key):
        if self.first is not None:
            act, self.first = self.first, None
            act()
        if letter.recipient == self.fails:
            raise AdapterFailure(f"{letter.recipient} does not exist", retryable=True)
        self.sent.append((key, letter.recipient, letter.subject))
        if letter.recipient == self.dies:
            raise KeyboardInterrupt  # carried, and then the process was stopped
        return Receipt(message=key)


def write(notice, printed, id, to):
    text = printed.content.decode() if printed else ""
    return Letter(id=id, sender="us@us.example", recipient=to, subject=notice.purpose, text=f"{notice.language} {text}")


def hall(administration="nl"):
    """An office that rents out places."""
    seller = Seller(name="Zaal B.V.", email="us@us.example", address=Address(city="Utrecht", country="NL"))
    return Office(administration=Administration(id=administration, seller=seller), sources=[Places()])


def book(books, *places, client=""):
    with books(by=BY) as store:
        if client and not store.get_many(Party, [client]):
            store.add(Party(id=client, name=client.upper(), email=f"{client}@client.example", language="nl"))
        store.add(*places)


def change(books, id, **changes):
    with books(by=BY) as store:
        place = store.get(Place, id)
        store.replace(place, attrs.evolve(place, **changes))
