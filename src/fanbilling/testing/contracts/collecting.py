"""The contract of a payment feed: every payment once, exact, in order, and under the same id whenever it is read.

class TestMine(PaymentFeedContract):
    @pytest.fixture
    def new_feed(self, tmp_path): return lambda payments: MyFeed(written(tmp_path, payments))
    ids_are_given = True        # when your format has a place for the bank's own id
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import pytest

from ...domain.errors import NotFound
from ...domain.money import Money
from ...domain.ports.collection import IncomingPayment, PaymentFeed

NewFeed = Callable[[Sequence[IncomingPayment]], PaymentFeed]


def paid(id: str, day: int, amount: str, **told: Any) -> IncomingPayment:
    """Return a payment that came in on a day in March."""
    currency = told.pop("currency", "EUR")
    return IncomingPayment(id=id, on=date(2026, 3, day), amount=Money.of(amount, currency), **told)


#: Two are alike in everything but their id; texts hold what formats, spreadsheets and programs take for their own.
PAYMENTS = (
    paid("b7", 2, "1608.64", payer="Ardent Logistiek", account="NL91ABNA0417164300", reference="2026-0042"),
    paid("b3", 2, "0.10", payer="Ünïcode & Zn; \"de Wit\", 'x'", reference="0042; 0043, \"0044\" 'a' <b> \\n é"),
    paid("b9", 2, "25.00", payer="Kees", account="NL02RABO0123456789", reference="000123"),
    paid("b1", 2, "25.00", payer="Kees", account="NL02RABO0123456789", reference="000123"),
    paid("b8", 3, "1234567.80", payer="Groot B.V.", reference="=1+1"),
    paid("b2", 3, "-25.00", payer="Kees", account="NL02RABO0123456789", reference="returned: 000123"),
    paid("b5", 5, "3.00"),
    paid("b4", 5, "0.30", reference="RF18539007547034"),
)


class PaymentFeedContract:
    """Every rule of a payment feed, one test each."""

    #: Whether the feed passes on the ids that it is given; one that has none given derives them.
    ids_are_given: ClassVar[bool] = False

    @pytest.fixture
    def new_feed(self) -> NewFeed:
        """What makes a feed that tells these payments, in this order: a file in your format, an answer of the bank."""
        raise NotImplementedError("override the fixture new_feed: return a function that makes a feed of payments")

    def test_every_payment_is_told(self, new_feed: NewFeed) -> None:
        """Each payment comes once, in the order in which it came in, as the bank told it."""
        found = list(new_feed(PAYMENTS).payments(None))
        assert len(found) == len(PAYMENTS), "every payment is told once: none is left out, none is told twice"
        facts = [_facts(payment) for payment in found]
        assert facts == [_facts(payment) for payment in PAYMENTS], "payments come in order, as the bank told them"
        if self.ids_are_given:
            assert [p.id for p in found] == [p.id for p in PAYMENTS], "the bank's own ids are passed on"

    def test_amounts_are_exact(self, new_feed: NewFeed) -> None:
        """An amount is money with the decimals of its currency, never a float."""
        for payment in new_feed(PAYMENTS).payments(None):
            assert type(payment.amount) is Money, "an amount is Money"
            assert type(payment.amount.amount) is Decimal, "amounts are exact: Decimal, never a float"
        amounts = [payment.amount for payment in new_feed(PAYMENTS).payments(None)]
        assert amounts == [payment.amount for payment in PAYMENTS], "amounts are exact: every cent as the bank told it"

    def test_the_same_question_has_the_same_answer(self, new_feed: NewFeed) -> None:
        """Reading takes nothing away: asked again, the answer is the same, also from the same feed made anew."""
        feed = new_feed(PAYMENTS)
        first = list(feed.payments(None))
        assert first, "a feed tells what came in"
        assert list(feed.payments(None)) == first, "the same question has the same answer"
        assert list(new_feed(PAYMENTS).payments(None)) == first, "the same question has the same answer from a new feed"

    def test_a_feed_goes_on_after_what_was_taken(self, new_feed: NewFeed) -> None:
        """After a payment come exactly those behind it; after the last one nothing, and that is no error."""
        feed = new_feed(PAYMENTS)
        all_of_them = list(feed.payments(None))
        for place, payment in enumerate(all_of_them, 1):
            rest = list(feed.payments(payment.id))
            assert rest == all_of_them[place:], "after one that was taken come exactly those behind it"

    def test_an_unknown_last_one_is_an_error(self, new_feed: NewFeed) -> None:
        """Who asks on from a payment that the feed does not know has missed some: that is never passed over."""
        for payments in (PAYMENTS, ()):
            try:
                found = list(new_feed(payments).payments("never seen"))
            except NotFound:
                continue
            raise AssertionError(f"an unknown after is NotFound, never a new beginning: {len(found)} payments came")

    def test_ids_are_unique(self, new_feed: NewFeed) -> None:
        """Two payments never share an id, also when a payer pays the same twice on one day."""
        ids = [payment.id for payment in new_feed(PAYMENTS).payments(None)]
        assert len(set(ids)) == len(ids), "ids are unique, also of payments that are alike"

    def test_ids_stay_when_more_comes_in(self, new_feed: NewFeed) -> None:
        """Read again from a longer file, every payment has the id that it had, and asking on from it works."""
        whole = [payment.id for payment in new_feed(PAYMENTS).payments(None)]
        for so_far in range(len(PAYMENTS)):
            ids = [payment.id for payment in new_feed(PAYMENTS[:so_far]).payments(None)]
            assert ids == whole[:so_far], "ids stay when more comes in"

    def test_nothing_came_in(self, new_feed: NewFeed) -> None:
        """A feed without payments is a feed."""
        assert list(new_feed(()).payments(None)) == [], "when nothing came in, nothing is told"


def _facts(payment: IncomingPayment) -> IncomingPayment:
    return attrs.evolve(payment, id="-")
