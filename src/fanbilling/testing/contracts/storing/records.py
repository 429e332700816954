"""Records: kept by id, changed only by who has seen the latest, and never missed in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ....domain.dated import Dated
from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.money import Money
from ....domain.parties import Address, Party, Role, TaxPosition
from ....domain.periods import Period
from ....domain.ports.storage import UnitOfWork
from ... import strategies
from .fixtures import StoreFixtures, refused, undone
from .kinds import Card, Folder, Label, Phase
from .values import BECAUSE, MOMENT

PARTY = Party(
    id="acme",
    name="Acme B.V.",
    country="NL",
    business=True,
    vat_id="NL000099998B57",
    address=Address(street="Dorpsstraat 1", city="Ons Dorp", country="NL"),
    roles=frozenset({Role.CLIENT, Role.PAYER}),
    billed_to=Dated(((date(2026, 1, 1), "acme"), (date(2026, 7, 1), "holding"))),
    positions=Dated(((date(2026, 1, 1), TaxPosition(country="BE", business=True, vat_id="BE0123456749")),)),
)
FOLDER = Folder(
    id="everything",
    figure=Decimal("0.3333333333"),
    money=Money.of("1250", "JPY"),
    prices=Dated(((date(2026, 1, 1), Money.of("0.10", "EUR")), (date(2027, 1, 1), Money.of("0.20", "EUR")))),
    rates=Dated(((date(2019, 1, 1), Decimal(9)),)),
    period=Period(date(2026, 1, 31), date(2026, 2, 28)),
    because=BECAUSE,
    moment=MOMENT,
    phases=(Phase.DONE, Phase.OPEN),
    cards=(Card(id="inner", ended=date(2026, 3, 31)),),
)
#: Texts that get lost where a store trims, folds, quotes or re-encodes.
ODD = (
    "A", "a", " a", "a ", "é", "e\u0301", "ß", "ss", "İ", "😀", "ﬀ", "a\nb", "a\tb", "'; --", '"', "\\", "%", "_",
    "null", "0", "00", "{}", "日本", "\u200f", "x" * 300,
)  # fmt: skip


class RecordsContract(StoreFixtures):
    """Records are kept by id."""

    def test_a_record_comes_back_equal(self, books: UnitOfWork) -> None:
        """Whatever a record holds comes back as it was, also in another transaction."""
        records = (PARTY, FOLDER, Card(id="c1", phase=Phase.DONE, size=-3), Label(id="l1"))
        with books() as store:
            store.add(*records)
            for record in records:
                assert store.get(type(record), record.id) == record, "a record is read back in its own transaction"
        with books() as store:
            for record in records:
                assert store.get(type(record), record.id) == record, "a record is read back after the commit"

    def test_an_exact_figure_keeps_its_decimals(self, books: UnitOfWork) -> None:
        """Money of 0.10 is 0.10, not 0.1 and not nearly 0.10."""
        with books() as store:
            store.add(Folder(id="f", money=Money.of("0.10", "EUR")))
        with books() as store:
            assert str(store.get(Folder, "f").money.amount) == "0.10", "money keeps the decimals of its currency"

    def test_every_party_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every party that can exist can be kept."""

        @given(parties=st.lists(strategies.parties(), max_size=3, unique_by=lambda party: party.id))
        def check(parties: list[Party]) -> None:
            with undone(books) as store:
                store.add(*parties)
                found = store.get_many(Party, [party.id for party in parties])
                assert found == {party.id: party for party in parties}, "every party comes back equal"

        check()

    def test_odd_texts_come_back_as_they_were(self, books: UnitOfWork) -> None:
        """Ids and texts are neither trimmed nor folded, quoted or re-encoded: each of these is another record."""
        labels = {text: Label(id=text, text=text) for text in ODD}
        with books() as store:
            store.add(*labels.values())
        with books() as store:
            assert store.get_many(Label, ODD) == labels, "every odd id has a record of its own"
            for text in ODD:
                assert store.get(Label, text).text == text, f"the text {text!r} comes back as it was"

    def test_what_is_missing_is_not_found(self, books: UnitOfWork) -> None:
        """A record that is not there is an error, never nothing."""
        with books() as store, refused(NotFound, "a missing record is NotFound"):
            store.get(Card, "c1")

    def test_kinds_do_not_share_ids(self, books: UnitOfWork) -> None:
        """The same id under two kinds is two records."""
        with books() as store:
            store.add(Card(id="one"))
            with refused(NotFound, "a record is not found under another kind"):
                store.get(Label, "one")
            store.add(Label(id="one"))
            store.remove(Card, "one")
            assert store.get(Label, "one") == Label(id="one"), "removing one kind leaves the other"

    def test_a_kind_that_nobody_registered_is_refused(self, books: UnitOfWork) -> None:
        """Only registered kinds of records can be kept."""
        with books() as store, refused(InvalidValue, "an unregistered kind is refused"), store.savepoint():
            store.add(attrs.make_class("Stranger", ["id"])("s1"))

    def test_an_id_is_added_once(self, books: UnitOfWork) -> None:
        """Adding a record under an id that is taken is a conflict, and the first one stays."""
        with books() as store:
            store.add(Card(id="c1", text="first"))
        with books() as store:
            with refused(Conflict, "adding an id twice is a Conflict"), store.savepoint():
                store.add(Card(id="c1", text="second"))
            assert store.get(Card, "c1").text == "first", "a refused record changes nothing"

    def test_records_are_added_all_or_none(self, books: UnitOfWork) -> None:
        """When one of many is refused, none of them is kept."""
        with books() as store:
            with refused(Conflict, "an id twice in one call is a Conflict"), store.savepoint():
                store.add(Card(id="c1"), Label(id="l1"), Card(id="c2"), Card(id="c1"))
            assert list(store.find(Card)) == [], "nothing of a refused call is kept"
            assert list(store.find(Label)) == [], "nothing of a refused call is kept, of no kind"

    def test_adding_nothing_is_fine(self, books: UnitOfWork) -> None:
        """No records at all are no error."""
        with books() as store:
            store.add()
            assert store.get_many(Card, []) == {}, "of no ids no records are found"

    def test_the_new_record_takes_the_place_of_the_old(self, books: UnitOfWork) -> None:
        """After a replacement the record is the new one, under its id and under its keys."""
        before, after = Card(id="c1", client="acme"), Card(id="c1", client="beta", ended=date(2026, 2, 1))
        with books() as store:
            store.add(before)
        with books() as store:
            store.replace(before, after)
            assert store.get(Card, "c1") == after, "the new record is kept"
            assert list(store.find(Card, {"client": "beta"})) == [after], "it is found by its new keys"
            assert list(store.find(Card, {"client": "acme"})) == [], "and no longer by its old ones"

    def test_who_has_not_seen_the_latest_changes_nothing(self, books: UnitOfWork) -> None:
        """Replacing a record that somebody else changed first is a conflict."""
        first, second = Card(id="c1", text="first"), Card(id="c1", text="second")
        with books() as store:
            store.add(first)
            store.replace(first, second)
        with books() as store:
            with refused(Conflict, "a stale replacement is a Conflict"), store.savepoint():
                store.replace(first, Card(id="c1", text="third"))
            assert store.get(Card, "c1") == second, "a refused replacement changes nothing"

    def test_what_is_not_there_cannot_be_replaced(self, books: UnitOfWork) -> None:
        """Replacing a record that is not there is a conflict."""
        with books() as store, refused(Conflict, "replacing a missing record is a Conflict"), store.savepoint():
            store.replace(Card(id="c1"), Card(id="c1", text="new"))

    def test_a_record_takes_only_its_own_place(self, books: UnitOfWork) -> None:
        """A replacement has the kind and the id of what it replaces."""
        with books() as store:
            store.add(Card(id="c1"))
            with refused(InvalidValue, "a replacement has the same id"), store.savepoint():
                store.replace(Card(id="c1"), Card(id="c2"))
            with refused(InvalidValue, "a replacement is of the same kind"), store.savepoint():
                store.replace(Card(id="c1"), Label(id="c1"))

    def test_what_is_removed_is_gone(self, books: UnitOfWork) -> None:
        """A removed record is found in no way, and its id is free again."""
        with books() as store:
            store.add(Card(id="c1"), Card(id="c2"))
            store.remove(Card, "c1")
            with refused(NotFound, "a removed record is NotFound"):
                store.get(Card, "c1")
            assert list(store.find(Card)) == [Card(id="c2")], "a removed record is on no page"
            store.add(Card(id="c1", text="again"))
            assert store.get(Card, "c1").text == "again", "the id of a removed record is free"

    def test_what_is_not_there_cannot_be_removed(self, books: UnitOfWork) -> None:
        """Removing a record that is not there is an error."""
        with books() as store, refused(NotFound, "removing a missing record is NotFound"), store.savepoint():
            store.remove(Card, "c1")

    def test_of_many_ids_those_that_exist_come_back(self, books: UnitOfWork) -> None:
        """Asking for many at once returns those that exist, each once, and does not mind the others."""
        with books() as store:
            store.add(*(Card(id=f"c{n}", size=n) for n in range(2500)))
        with books() as store:
            found = store.get_many(Card, [*(f"c{n}" for n in range(1, 5000)), "c1"])
            assert found == {f"c{n}": Card(id=f"c{n}", size=n) for n in range(1, 2500)}, "those that exist come back"
