"""Books of the engine alone: facts, decisions and billed entries in memory, and a small world where things collide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from fanbilling.domain import drafts, equation
from fanbilling.domain.billed import BilledEntry
from fanbilling.domain.credits import Credit, decisions_of
from fanbilling.domain.decisions import Decision, DecisionKind, Then
from fanbilling.domain.drafts import Draft
from fanbilling.domain.items import BillableItem, ItemKey, Price
from fanbilling.domain.parties import Party
from fanbilling.domain.periods import Period
from fanbilling.domain.reasons import Reason
from fanbilling.domain.terms import Conditions
from fanbilling.domain.vat import TaxClass

ON = date(2019, 2, 1)
EARLY, LATE = date(2018, 12, 31), date(2019, 1, 31)
ACROSS = Period(date(2018, 12, 17), date(2019, 1, 17))  # the reduced rate changes inside it: 15 days at 6%, 16 at 9%
PARTIES = {name: Party(id=name, name=name.title()) for name in ("ada", "bob", "cas", "hold")}
CLIENTS = ("ada", "bob", "cas")
KEYS = tuple(ItemKey("laws", f"agreement-{client}", date(2018, 12, 1)) for client in CLIENTS)
BECAUSE = Reason("laws.fact")


def thing(
    key: ItemKey = KEYS[0],
    quantity: str | Decimal = "10",
    price: str = "0.333",
    *,
    per: str = "1",
    tax: TaxClass = TaxClass.STANDARD,
    payer: str = "",
    supplied: Period | None = None,
    bill_on: date = EARLY,
    blocked: Reason | None = None,
    unlinked: bool = False,
) -> BillableItem:
    """Return something due, with what the tests do not look at filled in."""
    return BillableItem(
        key=key,
        client=CLIENTS[KEYS.index(key)],
        quantity=Decimal(quantity),
        price=Price.of(price, per=per),
        currency="EUR",
        tax_class=tax,
        tax_point=date(2018, 12, 20),
        bill_on=bill_on,
        text="a thing",
        because=BECAUSE,
        payer=payer,
        supplied=supplied,
        blocked=blocked,
        unlinked=unlinked,
    )


class Books:
    """What is due, decided and billed; it does what the billing desk does, without a store."""

    def __init__(self, *items: BillableItem) -> None:
        self.facts: dict[tuple[ItemKey, str], BillableItem] = {(item.key, f"{n}"): item for n, item in enumerate(items)}
        self.decisions: list[Decision] = []
        self.billed: dict[ItemKey, list[BilledEntry]] = {}
        self.documents: list[Draft] = []
        self.conditions = Conditions(seller="NL", parties=PARTIES)

    @property
    def items(self) -> list[BillableItem]:
        """Everything that is due, as the sources say."""
        return list(self.facts.values())

    def put(self, item: BillableItem, name: str = "0") -> None:
        """Let a source say something, instead of what it said under the same name."""
        self.facts[item.key, name] = item

    def change(self, name: str = "0", key: ItemKey = KEYS[0], **changes: object) -> None:
        """Let a source say something else of a fact."""
        self.facts[key, name] = attrs.evolve(self.facts[key, name], **changes)

    def preview(self, until: date = LATE, carried: Iterable[Decision] = ()) -> tuple[Draft, ...]:
        """Return the drafts of a run."""
        parts = equation.to_bill(self.items, [*self.decisions, *carried], self.billed, self.conditions, until)
        return drafts.drafts(parts, self.items, self.billed, until=until, on=ON, decisions=tuple(carried))

    def bill(self, until: date = LATE) -> tuple[Draft, ...]:
        """Issue all drafts of a run."""
        made = self.preview(until)
        for draft in made:
            self._write(draft)
        return made

    def issue(self, draft: Draft) -> Draft:
        """Issue one draft of a preview: compute it again, compare, number its parts anew."""
        again = next((found for found in self.preview(draft.until) if found.place == draft.place), None)
        assert draft.difference(again) == ((), ()), "the draft is outdated"
        assert again is not None
        return self._write(again.renumbered(self.billed))

    def decide(self, kind: DecisionKind, key: ItemKey = KEYS[0], **fields: object) -> Decision:
        """Write a decision."""
        decision = Decision(
            id=f"d{len(self.decisions)}",
            key=key,
            kind=kind,
            reason="laws",
            on=ON,
            **fields,  # type: ignore[arg-type]
        )
        self.decisions.append(decision)
        return decision

    def withdraw(self, decision: Decision) -> None:
        """Take a decision back."""
        place = next(n for n, known in enumerate(self.decisions) if known.id == decision.id)
        self.decisions[place] = attrs.evolve(self.decisions[place], withdrawn=ON)

    def credit(
        self,
        entry: BilledEntry,
        quantity: Decimal | str | None = None,
        *,
        amount: Decimal | str | None = None,
        then: Then = Then.WAIVE,
    ) -> Draft:
        """Give back a line, or a part of it, on a credit note."""
        asked = Credit(
            id=f"c{len(self.documents)}",
            document=entry.document,
            line=entry.line,
            reason="laws",
            quantity=None if quantity is None else Decimal(quantity),
            amount=None if amount is None else Decimal(amount),
            then=then,
        )
        carried = decisions_of(asked, [entry], self.billed[entry.key], on=ON)
        [note] = self.preview(LATE, carried)
        return self._write(note)

    def entries(self) -> list[BilledEntry]:
        """Everything that was billed, in the order of the keys."""
        return [entry for key in sorted(self.billed) for entry in self.billed[key]]

    def lines(self, key: ItemKey = KEYS[0]) -> list[BilledEntry]:
        """The issued lines of a key that are no reversals."""
        return [entry for entry in self.billed.get(key, ()) if entry.reverses is None]

    def _write(self, draft: Draft) -> Draft:
        self.documents.append(draft)
        id = f"doc{len(self.documents)}"
        for number, line in enumerate(draft.lines, 1):
            part = line.part
            self.billed.setdefault(part.key, []).append(
                BilledEntry(
                    key=part.key,
                    revision=part.revision,
                    document=id,
                    line=number,
                    terms=part.terms,
                    lot=part.lot,
                    vat=line.vat,
                    on=draft.on,
                    client=line.client,
                    account="8000",
                    text=line.text,
                    supplied=line.supplied,
                    reverses=part.reverses,
                )
            )
        for decision in draft.decisions:
            gone = None if decision.kind.lasting else ON
            self.decisions.append(attrs.evolve(decision, document=id, withdrawn=gone))
        return draft
