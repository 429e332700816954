"""What every billing source promises: the laws S1 to S6, checked on whole answers, before and after each command.

Inherit :class:`SourceContract` and override three fixtures. A story is a number of commands of the source's own desk;
what is refused (any ``BillingError``) is left out of it. Let stories be about few things, so that they collide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ...domain.dated import Dated
from ...domain.items import BillableItem, ItemKey
from ...domain.parties import Address, Party
from ...domain.ports.sourcing import BillingSource
from ...domain.ports.storage import Store, UnitOfWork
from ..worlds import Answer, Command, Told, due, forgotten, played, steps

Story = Sequence[Command]
Stories = Story | st.SearchStrategy[Story]

_DAY = timedelta(days=1)


class SourceContract:
    """Holds a billing source to its laws.

    Attributes:
        far: no answer looks further than this day; let it lie well after everything in the stories.
    """

    far = date(2029, 12, 31)

    @pytest.fixture
    def source(self) -> BillingSource:
        """The source that is held to the laws."""
        raise NotImplementedError

    @pytest.fixture
    def books(self) -> UnitOfWork:
        """Empty books that know the source's records; every story in them is rolled back."""
        raise NotImplementedError

    @pytest.fixture
    def commands(self) -> Stories:
        """The commands of one story, or a Hypothesis strategy that draws stories."""
        raise NotImplementedError

    def test_s1_the_same_records_give_the_same_answer(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """Asked twice, in another order, or one by one: the answer is the same."""

        def law(told: Told, _data: st.DataObject) -> None:
            first = told.answer(self.far)
            assert told.answer(self.far) == first, "S1: the same question had another answer the second time"
            assert told.answer(self.far, only=told.agreements[::-1]) == first, "S1: the order of the agreements matters"
            alone: dict[ItemKey, tuple[BillableItem, ...]] = {}
            for agreement in told.agreements:
                alone.update(told.answer(self.far, only=[agreement]))
            assert alone == first, "S1: asked together, agreements answer otherwise than alone"

        self._after_stories(source, books, commands, law)

    def test_s2_an_answer_is_complete_for_what_was_asked(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """From a later day it is exactly the part filed since; nothing that may be billed by ``until`` is missing."""

        def law(told: Told, data: st.DataObject) -> None:
            full = told.answer(self.far)
            since, until = self._day(data, full, "since"), self._day(data, full, "until")
            part = {key: items for key, items in full.items() if key.filed >= since}
            _same(told.answer(self.far, since=since), part, f"S2: asked from {since} on")
            nearer = told.answer(until)
            for key, items in due(full).items():
                if min(item.bill_on for item in items) <= until:
                    assert key in nearer, f"S2: {key} may be billed by {until}, and is not in the answer until that day"

        self._after_stories(source, books, commands, law)

    def test_s3_growth_is_a_new_key(self, source: BillingSource, books: UnitOfWork, commands: Stories) -> None:
        """Looking further ahead adds keys and changes none."""

        def law(told: Told, data: st.DataObject) -> None:
            full = told.answer(self.far)
            near, later = sorted((self._day(data, full, "near"), self._day(data, full, "later")))
            first, second = told.answer(near), told.answer(later)
            shared = {key: second.get(key, ()) for key in first}
            _same(shared, first, f"S3: looking until {later} instead of {near}")

        self._after_stories(source, books, commands, law)

    def test_s4_a_command_touches_whatever_it_changes(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """Each command touches at or before the first day of filing, and the first day of billing, that it changed."""

        def law(story: Story, _data: st.DataObject) -> None:
            with forgotten(books) as store:
                for step in steps(source, store, story, self.far):
                    for key, changed in _changes(step.before, step.after).items():
                        touches = [t for t in step.touches if (t.source, t.agreement) == (key.source, key.agreement)]
                        what = f"{step.command} changed {key}"
                        assert touches, f"S4: {what} and did not touch it"
                        since, ask_on = min(t.since for t in touches), min(t.ask_on for t in touches)
                        assert since <= key.filed, f"S4: {what} and touched only from {since} on"
                        bill_on = min(item.bill_on for item in changed)
                        assert ask_on <= bill_on, f"S4: {what}, to be billed on {bill_on}, but asks only on {ask_on}"
                        clients = {item.client for item in changed}
                        assert {t.client for t in touches} <= clients, f"S4: {what} and touched it for somebody else"

        self._for_stories(commands, law)

    def test_s5_a_return_lowers_its_own_key(self, source: BillingSource, books: UnitOfWork, commands: Stories) -> None:
        """Nothing negative is due, unless it says that it stands alone, and why; figures are exact."""

        def law(told: Told, _data: st.DataObject) -> None:
            for item in _items(told.answer(self.far)):
                assert item.quantity >= 0 or item.unlinked, (
                    f"S5: {item.quantity} is due under {item.key}: lower that key"
                )
                figures = (item.quantity, item.price.amount, item.price.per)
                assert all(type(figure) is Decimal and figure.is_finite() for figure in figures), f"L12: {item.key}"
                assert item.price.amount >= 0, f"S5: the price of {item.key} is below zero"
                assert item.price.per > 0, f"S5: the price of {item.key} is per {item.price.per}"

        self._after_stories(source, books, commands, law)

    def test_s6_what_was_due_does_not_follow_what_holds_today(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """A client who moves, gets another VAT number or another payer from a later day: the answer stays as it is."""

        def law(told: Told, _data: st.DataObject) -> None:
            before = told.answer(self.far)
            _everybody_moves(told.store, self.far + _DAY)
            _same(told.answer(self.far), before, "S6: after every client moved and got another payer in future")

        self._after_stories(source, books, commands, law)

    def test_every_item_has_a_key_of_its_own_and_a_reason(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """A key holds the source's name and the agreement that was asked; a figure carries its reason (law L18)."""

        def law(told: Told, _data: st.DataObject) -> None:
            for agreement in told.agreements:
                for item in _items(told.answer(self.far, only=[agreement])):
                    assert item.key.source == source.name, f"keys: {item.key} is not of the source {source.name!r}"
                    assert item.key.agreement == agreement, f"keys: {agreement!r} was asked, {item.key} was answered"
                    reasons = (item.because, item.blocked) if item.blocked else (item.because,)
                    assert all(reason.rule for reason in reasons), f"L18: {item.key} does not say why"
                    assert item.text.strip(), f"keys: {item.key} does not say what it is"

        self._after_stories(source, books, commands, law)

    def test_what_comes_next_comes_when_it_was_said_to(
        self, source: BillingSource, books: UnitOfWork, commands: Stories
    ) -> None:
        """After an answer nothing new can be billed before ``next_ask`` says so, nor filed before the day it names."""

        def law(told: Told, data: st.DataObject) -> None:
            full = told.answer(self.far)
            after = self._day(data, full, "after")
            known, asks = told.answer(after), told.next_ask(after)
            assert set(asks) <= set(told.agreements), "next_ask: it named an agreement that nobody asked about"
            for agreement, ask in asks.items():
                assert ask.on > after, f"next_ask: {agreement} asks again on {ask.on}, which was looked at ({after})"
            for key, items in due(full).items():
                coming = asks.get(key.agreement)
                if key in known:
                    continue
                assert coming, f"next_ask: {key} comes after {after}, and nothing was said"
                assert coming.since <= key.filed, f"next_ask: {key} is filed before {coming.since}"
                first = min(item.bill_on for item in items)
                assert coming.on <= first, f"next_ask: {key} can be billed on {first}, before {coming.on}"

        self._after_stories(source, books, commands, law)

    def _after_stories(
        self, source: BillingSource, books: UnitOfWork, stories: Stories, law: Callable[[Told, st.DataObject], None]
    ) -> None:
        """Hold a law after each story."""

        def after(story: Story, data: st.DataObject) -> None:
            with forgotten(books) as store:
                law(played(source, store, story), data)

        self._for_stories(stories, after)

    def _for_stories(self, stories: Stories, law: Callable[[Story, st.DataObject], None]) -> None:
        strategy = stories if isinstance(stories, st.SearchStrategy) else st.just(stories)

        # Hypothesis goes inside the test, so that fixtures are made once and sources share nothing but the law.
        @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
        @given(story=strategy, data=st.data())
        def hold(story: Story, data: st.DataObject) -> None:
            law(story, data)

        hold()

    def _day(self, data: st.DataObject, answer: Answer, label: str) -> date:
        """Draw a day on which something may go wrong: around a day of filing or billing."""
        days = {self.far}
        for item in _items(answer):
            days |= {day + shift for day in (item.key.filed, item.bill_on) for shift in (-_DAY, timedelta(0), _DAY)}
        return data.draw(st.sampled_from(sorted(day for day in days if day <= self.far)), label=label)


def _items(answer: Answer) -> list[BillableItem]:
    return [item for items in answer.values() for item in items]


def _same(found: Answer, expected: Answer, when: str) -> None:
    for key in sorted(found.keys() | expected.keys()):
        assert found.get(key) == expected.get(key), f"{when}, {key} is {found.get(key)} and not {expected.get(key)}"


def _changes(before: Answer, after: Answer) -> dict[ItemKey, tuple[BillableItem, ...]]:
    """Return the keys that say something else, with all that was and is due under them."""
    before, after = due(before), due(after)
    keys = before.keys() | after.keys()
    return {key: (*before.get(key, ()), *after.get(key, ())) for key in keys if before.get(key) != after.get(key)}


def _everybody_moves(store: Store, later: date) -> None:
    last: tuple[Any, str] | None = None
    while page := store.find(Party, {}, after=last, limit=100):
        last = (page[-1].id, page[-1].id)
        for party in page:
            payer = (
                party.billed_to.changed(later, "somebody-else")
                if party.billed_to
                else Dated(((later, "somebody-else"),))
            )
            moved = attrs.evolve(
                party,
                name="Quite another name",
                country="DE",
                vat_id="DE129273398",
                language="en",
                address=Address(street="Hauptstraße 1", city="Köln", country="DE"),
                billed_to=payer,
            )
            store.replace(party, moved)
