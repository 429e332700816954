"""Finding: by declared keys only, in a fixed order, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

from ....domain.errors import InvalidValue
from ....domain.ports.sourcing import Between, OneOf
from ....domain.ports.storage import Store, UnitOfWork
from .fixtures import StoreFixtures, refused
from .kinds import Card, Label, Phase

CARDS = (
    Card(id="c1", client="acme", phase=Phase.OPEN, day=date(2026, 1, 1), size=-1),
    Card(id="c2", client="acme", phase=Phase.DONE, day=date(2026, 1, 2), size=0, ended=date(2026, 3, 1)),
    Card(id="c3", client="beta", phase=Phase.OPEN, day=date(2026, 1, 3), size=2, ended=date(2026, 3, 2)),
    Card(id="c4", client="Acme", phase=Phase.DONE, day=date(2026, 1, 3), size=10),
)
#: In the order of their code points: neither a dictionary's nor that of UTF-16, in which 😀 comes before ﬀ.
BY_CODE_POINT = (" ", "-", "0", "10", "9", "A", "Z", "a", "a-", "a.b", "aB", "ab", "z", "é", "ﬀ", "😀")


def found(store: Store, **where: Any) -> set[str]:
    """Return the ids of the cards that meet all conditions."""
    return {card.id for card in store.find(Card, where)}


class FindingContract(StoreFixtures):
    """Records are found by their keys."""

    def test_a_record_is_found_by_the_value_of_a_key(self, books: UnitOfWork) -> None:
        """A text, a phase, a day, a number or nothing: each is found by exactly that."""
        with books() as store:
            store.add(*CARDS)
        with books() as store:
            assert found(store, client="acme") == {"c1", "c2"}, "by a text, upper and lower case apart"
            assert found(store, phase=Phase.DONE) == {"c2", "c4"}, "by an Enum"
            assert found(store, day=date(2026, 1, 3)) == {"c3", "c4"}, "by a day"
            assert found(store, size=0) == {"c2"}, "by a whole number, also zero"
            assert found(store, ended=None) == {"c1", "c4"}, "by a value that is absent"
            assert found(store, id="c3") == {"c3"}, "by its id"
            assert found(store, client="nobody") == set(), "and by nothing else"

    def test_a_record_is_found_by_one_of_many_values(self, books: UnitOfWork) -> None:
        """A key may be one of these; of no values none is found."""
        with books() as store:
            store.add(*CARDS)
            assert found(store, client=OneOf(("beta", "Acme", "nobody"))) == {"c3", "c4"}, "one of these texts"
            assert found(store, phase=OneOf((Phase.OPEN, Phase.DONE))) == {"c1", "c2", "c3", "c4"}, "one of these Enums"
            assert found(store, day=OneOf((date(2026, 1, 1),))) == {"c1"}, "one of these days"
            assert found(store, id=OneOf(tuple(f"c{n}" for n in range(3, 3000)))) == {"c3", "c4"}, "one of thousands"
            assert found(store, client=OneOf(())) == set(), "one of none is none"

    def test_a_record_is_found_between_two_values_both_included(self, books: UnitOfWork) -> None:
        """A key may lie between two values; an absent end is open, and what has no value lies nowhere."""
        with books() as store:
            store.add(*CARDS)
            assert found(store, day=Between(date(2026, 1, 2), date(2026, 1, 3))) == {"c2", "c3", "c4"}, "both included"
            assert found(store, size=Between(-1, 2)) == {"c1", "c2", "c3"}, "numbers in the order of numbers"
            assert found(store, size=Between(first=2)) == {"c3", "c4"}, "open at the end"
            assert found(store, size=Between(last=-1)) == {"c1"}, "open at the beginning"
            assert found(store, id=Between("c2", "c3")) == {"c2", "c3"}, "texts by code point"
            assert found(store, ended=Between(first=date(2026, 3, 1))) == {"c2", "c3"}, "what is absent lies nowhere"

    def test_all_conditions_hold_at_once(self, books: UnitOfWork) -> None:
        """A record that fails one condition is not found."""
        with books() as store:
            store.add(*CARDS)
            assert found(store, client="acme", phase=Phase.OPEN) == {"c1"}, "conditions are joined by and"
            both = found(store, client=OneOf(("acme", "beta")), day=Between(date(2026, 1, 2)), phase=Phase.OPEN)
            assert both == {"c3"}, "of every form"

    def test_without_conditions_all_are_found_by_id(self, books: UnitOfWork) -> None:
        """No condition means every record of the kind, in the order of the ids; of an empty kind there is none."""
        with books() as store:
            store.add(*reversed(CARDS))
            assert list(store.find(Card)) == list(CARDS), "all, in the order of their ids"
            assert list(store.find(Label)) == [], "none of a kind of which there is none"

    def test_texts_sort_by_code_point(self, books: UnitOfWork) -> None:
        """The order of texts is the same in every store, whatever language it is set to."""
        with books() as store:
            store.add(*(Card(id=text, client=text) for text in sorted(BY_CODE_POINT, key=len)))
        with books() as store:
            by_id = [card.id for card in store.find(Card)]
            assert by_id == list(BY_CODE_POINT), "ids sort by code point"
            by_key = [card.client for card in store.find(Card, order_by="client")]
            assert by_key == list(BY_CODE_POINT), "keys sort by code point"
            later = [card.id for card in store.find(Card, after=("a", "a"))]
            assert later == list(BY_CODE_POINT[8:]), "a page goes on by code point"

    def test_records_sort_by_a_key_and_then_by_id(self, books: UnitOfWork) -> None:
        """Equal ones follow each other by id; those without a value come first."""
        orders = {
            "size": ["c1", "c2", "c3", "c4"],
            "day": ["c1", "c2", "c3", "c4"],
            "client": ["c4", "c1", "c2", "c3"],
            "phase": ["c2", "c4", "c1", "c3"],
            "ended": ["c1", "c4", "c2", "c3"],
        }
        with books() as store:
            store.add(*CARDS)
            for key, ids in orders.items():
                assert [card.id for card in store.find(Card, order_by=key)] == ids, (
                    f"records sort by {key} and then by id, absent values first"
                )

    def test_pages_skip_nothing_and_repeat_nothing(self, books: UnitOfWork) -> None:
        """Page after page, of any size and in any order, every record that meets the conditions comes once."""
        ended = (None, date(2026, 1, 5), date(2026, 1, 6))
        cards = [
            Card(id=f"c{n:02}", client=f"k{n % 3}", phase=list(Phase)[n % 2], size=n // 4, ended=ended[n % 3])
            for n in range(13)
        ]
        with books() as store:
            store.add(*cards)
            for order in ("id", "client", "phase", "day", "size", "ended"):
                whole = list(store.find(Card, {"size": Between(last=2)}, order_by=order))
                assert sorted(whole, key=lambda card: card.id) == cards[:12], f"all of them in the order of {order}"
                for size in (1, 2, 5):
                    pages = paged(store, {"size": Between(last=2)}, order, size)
                    assert pages == whole, f"pages of {size} in the order of {order} skip and repeat nothing"

    def test_a_page_holds_no_more_than_was_asked(self, books: UnitOfWork) -> None:
        """A page has the size that was asked for: a thousand when nothing is said."""
        with books() as store:
            store.add(*(Label(id=f"{n:04}") for n in range(1002)))
            assert [label.id for label in store.find(Label, limit=2)] == ["0000", "0001"], "the first two"
            assert len(store.find(Label)) == 1000, "a thousand when nothing is said"
            assert len(store.find(Label, after=("0999", "0999"))) == 2, "and what is left after them"

    def test_only_declared_keys_can_be_found_by(self, books: UnitOfWork) -> None:
        """Asking or sorting by anything but the id and the declared keys is refused."""
        with books() as store:
            with refused(InvalidValue, "a condition on an undeclared field is refused"):
                store.find(Card, {"text": "x"})
            with refused(InvalidValue, "the order of an undeclared field is refused"):
                store.find(Card, order_by="text")
            with refused(InvalidValue, "a condition on no field at all is refused"):
                store.find(Label, {"client": "acme"})


def paged(store: Store, where: dict[str, Any], order: str, size: int) -> list[Card]:
    """Return what all pages of one size hold, one after the other."""
    pages: list[Card] = []
    after = None
    while page := store.find(Card, where, order_by=order, after=after, limit=size):
        assert len(page) <= size, "a page holds no more than was asked"
        pages.extend(page)
        assert len(pages) <= 100, "pages repeat nothing: they come to an end"
        after = (getattr(page[-1], order), page[-1].id)
    return pages
