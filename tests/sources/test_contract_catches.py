"""The contract of a source is worth something: each planted fault is caught, by the law that it breaks."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import ClassVar

import attrs
import pytest

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.parties import Party
from fanbilling.domain.ports.sourcing import Ask
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import TaxClass
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions, SubscriptionsDesk, Timing
from fanbilling.testing.contracts.sources import SourceContract

DESK = SubscriptionsDesk()
DAY = timedelta(days=1)
TODAY = date(2026, 5, 20)


class Contract(SourceContract):
    far = date(2026, 12, 31)


def subscription(id, **changes):
    line = {"start": date(2026, 1, 16), "anchor": date(2026, 1, 1), "price": 100, "quantity": 2} | changes
    return Subscription(id=id, client="acme", lines=(SubscriptionLine.of("a", "Licence", **line),))


STORY = [
    lambda store: store.add(Party(id="acme", name="Acme B.V.")),
    partial(DESK.start, subscription=subscription("s1"), on=TODAY),
    partial(DESK.start, subscription=subscription("s2", months=3, timing=Timing.ARREARS), on=TODAY),
    partial(DESK.change_quantity, id="s1", line="a", quantity=Decimal(3), from_=date(2026, 2, 10), on=TODAY),
    partial(DESK.end, id="s2", line="a", last_day=date(2026, 8, 20), reason="Moved", on=TODAY),
]


# ------------------------------------------------------------------------------------------------------- faulty sources


class Forgetful(Subscriptions):
    """Takes what it answered once for billed."""

    seen: ClassVar = set()

    def items(self, reading, asked, until):
        fresh = [item for item in super().items(reading, asked, until) if item.key not in self.seen]
        self.seen.update(item.key for item in fresh)
        return fresh


class OnlyTheFirst(Subscriptions):
    """Answers for one agreement, however many were asked."""

    def items(self, reading, asked, until):
        return super().items(reading, asked[:1], until)


class TooMuch(Subscriptions):
    """Answers everything from the beginning, whatever was asked."""

    def items(self, reading, asked, until):
        return super().items(reading, [attrs.evolve(one, since=date.min) for one in asked], until)


class AfterTheDay(Subscriptions):
    """Takes "filed on or after" for "filed after"."""

    def items(self, reading, asked, until):
        since = {one.agreement: one.since for one in asked}
        return [item for item in super().items(reading, asked, until) if item.key.filed > since[item.key.agreement]]


class BeforeTheDay(Subscriptions):
    """Takes "until" for "up to, but not on"."""

    def items(self, reading, asked, until):
        return super().items(reading, asked, until - DAY)


class SoFar(Subscriptions):
    """Answers of a period that is going on only the days up to now: a running total."""

    def items(self, reading, asked, until):
        for item in super().items(reading, asked, until):
            late = (item.supplied.last_day - until).days if item.supplied else 0
            yield attrs.evolve(item, quantity=item.quantity - late) if late > 0 else item


class Correcting(Subscriptions):
    """Gives the days after an end back under a key of its own."""

    def items(self, reading, asked, until):
        for item in super().items(reading, asked, until):
            yield attrs.evolve(item, quantity=Decimal(-30)) if item.because.rule == "subscription.ended" else item


class AsTodaysFile(Subscriptions):
    """Taxes by where the client lives today, also what was supplied before."""

    def items(self, reading, asked, until):
        for item in super().items(reading, asked, until):
            home = reading.get(Party, item.client).country == "NL"
            yield attrs.evolve(item, tax_class=TaxClass.STANDARD if home else TaxClass.OUTSIDE)


class Misnamed(Subscriptions):
    """Puts another source's name in its keys."""

    def items(self, reading, asked, until):
        for item in super().items(reading, asked, until):
            yield attrs.evolve(item, key=attrs.evolve(item.key, source="subscription"))


class Unexplained(Subscriptions):
    """Gives no reason."""

    def items(self, reading, asked, until):
        return [attrs.evolve(item, because=Reason("")) for item in super().items(reading, asked, until)]


class Writing(Subscriptions):
    """Marks in its records what it answered."""

    def items(self, reading, asked, until):
        reading.remove(Subscription, "s9")
        return super().items(reading, asked, until)


class Silent(Subscriptions):
    """Never says that something is coming."""

    def next_ask(self, reading, asked, after):
        return {}


class Asking(Subscriptions):
    """Names other days than those on which something comes."""

    def next_ask(self, reading, asked, after):
        return {id: self.shifted(ask, after) for id, ask in super().next_ask(reading, asked, after).items()}


class AskingLate(Asking):
    """Asks again a day after something can be billed."""

    def shifted(self, ask, after):
        return Ask(since=ask.since, on=ask.on + DAY)


class AskingTooLittle(Asking):
    """Asks again only from the day after the next period was filed."""

    def shifted(self, ask, after):
        return Ask(since=ask.since + DAY, on=ask.on)


class AskingForEver(Asking):
    """Asks again for a day that was looked at: a run over the agenda would never come to rest."""

    def shifted(self, ask, after):
        return Ask(since=ask.since, on=after)


SOURCES = [
    (Forgetful, "s1", "S1: the same question"),
    (OnlyTheFirst, "s1", "S1: "),
    (TooMuch, "s2", "S2: asked from"),
    (AfterTheDay, "s2", "S2: asked from"),
    (BeforeTheDay, "s2", "S2: .* may be billed by"),
    (SoFar, "s3", "S3: looking until"),
    (Correcting, "s5", "S5: -30 is due"),
    (AsTodaysFile, "s6", "S6: after every client moved"),
    (Misnamed, "every_item", "keys: .* is not of the source"),
    (Unexplained, "every_item", "L18: .* does not say why"),
    (Writing, "s1", "a source only reads"),
    (Silent, "what_comes_next", "nothing was said"),
    (AskingLate, "what_comes_next", "can be billed on"),
    (AskingTooLittle, "what_comes_next", "is filed before"),
    (AskingForEver, "what_comes_next", "which was looked at"),
]


# --------------------------------------------------------------------------------------------------------- faulty desks


class Through:
    """A store in which touches arrive altered: what a desk with a fault would have written."""

    def __init__(self, watched, alter):
        self.watched, self.alter = watched, alter

    def __getattr__(self, name):
        return getattr(self.watched, name)

    @property
    def agenda(self):
        return Through(self.watched.agenda, self.alter)

    def touch(self, touches):
        self.watched.touch([changed for touch in touches if (changed := self.alter(touch)) is not None])


def told_with(alter):
    """The story, told at a desk whose touches go wrong."""
    first, *rest = STORY
    return [first, *(lambda store, command=command: command(Through(store, alter)) for command in rest)]


DESKS = {
    "touches nothing": (lambda _touch: None, "did not touch it"),
    "touches another agreement": (lambda touch: attrs.evolve(touch, agreement="s3"), "did not touch it"),
    "touches from a day too late": (lambda touch: attrs.evolve(touch, since=touch.since + DAY), "touched only from"),
    "asks too late": (lambda touch: attrs.evolve(touch, ask_on=date(2026, 12, 31)), "but asks only on"),
    "touches for somebody else": (lambda touch: attrs.evolve(touch, client="other"), "for somebody else"),
}


# ---------------------------------------------------------------------------------------------------------------- tests


def law(name):
    """The method of the contract that holds a law."""
    [found] = [method for method in dir(Contract) if method.startswith(f"test_{name}")]
    return getattr(Contract(), found)


LAWS = [name for name in dir(Contract) if name.startswith("test_")]


@pytest.mark.parametrize("name", LAWS)
def test_a_sound_source_passes_with_the_same_story(name):
    getattr(Contract(), name)(Subscriptions(), MemoryBooks(), STORY)


@pytest.mark.parametrize(("source", "name", "message"), SOURCES, ids=[source.__name__ for source, *_ in SOURCES])
def test_a_faulty_source_is_caught(source, name, message):
    with pytest.raises((AssertionError, ExceptionGroup)) as caught:
        law(name)(source(), MemoryBooks(), STORY)
    assert (
        caught.group_contains(AssertionError, match=message)
        if isinstance(caught.value, ExceptionGroup)
        else caught.match(message)
    )


@pytest.mark.parametrize(("alter", "message"), DESKS.values(), ids=DESKS)
def test_a_faulty_desk_is_caught(alter, message):
    with pytest.raises(AssertionError, match=message):
        law("s4")(Subscriptions(), MemoryBooks(), told_with(alter))


def test_a_law_nobody_breaks_would_be_no_law():
    broken = {name for _, name, _ in SOURCES} | {"s4"}
    assert [name for name in LAWS if not any(name.startswith(f"test_{law}") for law in broken)] == []
