"""What an old system billed, turned into billed entries: the sources are asked as a run would ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from ..billing import Billing
from ..domain.agenda import AgendaRow
from ..domain.billed import BilledEntry, Part
from ..domain.drafts import Draft, drafts
from ..domain.equation import to_bill
from ..domain.errors import AdapterFailure, NotFound
from ..domain.items import BillableItem, ItemKey, in_order
from ..domain.money import Money
from ..domain.opening import BilledBefore, BilledUntil, OldInvoice, Opening
from ..domain.ports.storage import Store
from ..domain.reconciling import OpeningProblem

PAGE = 500

Agreement = tuple[str, str]


@attrs.define(kw_only=True)
class Plan:
    """What an opening comes to, before anything of it is written."""

    problems: list[OpeningProblem] = attrs.field(factory=list)
    billed: list[BilledBefore] = attrs.field(factory=list)
    answered: list[AgendaRow] = attrs.field(factory=list)

    def refuse(self, where: str, problem: str, remedy: str) -> None:
        """Write down why the opening cannot be loaded."""
        self.problems.append(OpeningProblem(where=where, problem=problem, remedy=remedy))


@attrs.frozen(kw_only=True)
class Standing:
    """Turns the rows of what was billed into billed entries, asking the sources as a run would."""

    store: Store
    opening: Opening
    billing: Billing
    plan: Plan
    parts: dict[str, list[Part]] = attrs.field(factory=dict)
    items: dict[ItemKey, list[BillableItem]] = attrs.field(factory=dict)
    rows: dict[ItemKey, int] = attrs.field(factory=dict)

    def carry(self) -> None:
        """Add to the plan what stands billed, and what cannot."""
        wanted: dict[Agreement, list[BilledUntil]] = {}
        for row in sorted(self.opening.billed, key=lambda row: row.until):
            wanted.setdefault((row.source, row.agreement), []).append(row)
        by_day: dict[date, list[AgendaRow]] = {}
        for agenda_row in self._held(wanted):
            far = wanted[agenda_row.source, agenda_row.agreement][-1].until
            by_day.setdefault(far, []).append(agenda_row)
        for far, rows in sorted(by_day.items()):
            for start in range(0, len(rows), PAGE):
                self._ask(rows[start : start + PAGE], far, wanted)
        self._stand()

    def _held(self, wanted: Mapping[Agreement, Sequence[BilledUntil]]) -> list[AgendaRow]:
        """Hold the agreements, and name those that nobody knows."""
        known = []
        for name, rows in wanted.items():
            try:
                self.billing.reckoner.source(name[0])
                self.store.agenda.get(*name)
                known.append(name)
            except NotFound as error:
                self.plan.refuse(f"billed until, {rows[0]}", error.problem, error.remedy or "enter it first")
        return list(self.store.agenda.hold(known))

    def _ask(self, rows: Sequence[AgendaRow], far: date, wanted: Mapping[Agreement, Sequence[BilledUntil]]) -> None:
        """Ask what was due of some agreements; where one cannot be computed, the others are."""
        reckoner = self.billing.reckoner
        whole = [attrs.evolve(row, since=date.min) for row in rows]
        try:
            facts = reckoner.read(self.store, whole, far)
            computed = [(facts.of([row])[2], to_bill(*facts.of([row]), facts.conditions, far)) for row in whole]
        except AdapterFailure:
            raise
        except Exception as error:  # noqa: BLE001  (a source of somebody else's may raise anything)
            if len(rows) > 1:
                for row in rows:
                    self._ask([row], far, wanted)
                return
            self.plan.refuse(f"billed until, {rows[0].source}/{rows[0].agreement}", str(error), "put that right first")
            return
        for row, (billed, parts) in zip(rows, computed, strict=True):
            mine = wanted[row.source, row.agreement]
            items: dict[ItemKey, list[BillableItem]] = {}
            for item in facts.items.get((row.source, row.agreement), ()):
                items.setdefault(item.key, []).append(item)
            if taken := sorted(key.filed for key in billed if _of(mine, key, date.min)):
                self.plan.refuse(f"billed until, {mine[0]}", f"it is billed here from {taken[0]}", "leave it out")
                continue
            self._assign(mine, [part for part in parts if part.key not in billed], items)
            if any(one.line for one in mine):
                answered = attrs.evolve(row, asked_until=row.asked(far))
            else:
                answered = reckoner.answered(facts, row, far)
            self.plan.answered.append(answered)

    def _assign(
        self, rows: Sequence[BilledUntil], parts: Sequence[Part], items: Mapping[ItemKey, list[BillableItem]]
    ) -> None:
        """Set every part under the row that it stands billed by: the first one that reaches its day."""
        mine: dict[BilledUntil, list[Part]] = {row: [] for row in rows}
        for part in parts:
            row = _of(rows, part.key, max(item.bill_on for item in items[part.key]))
            if row is not None:
                mine[row].append(part)
        for row, found in mine.items():
            currencies = {part.terms.currency for part in found} | ({row.net.currency} if row.net else set())
            if not found:
                self.plan.refuse(
                    f"billed until, {row}", f"nothing of it was due until {row.until}", "look at its start"
                )
                continue
            if len(currencies) > 1:
                said = ", ".join(sorted(currencies))
                self.plan.refuse(f"billed until, {row}", f"several currencies: {said}", "give each line its own row")
                continue
            [currency] = currencies
            supplied = [item.supplied for part in found for item in items[part.key] if item.supplied is not None]
            self.rows.update((part.key, len(self.plan.billed)) for part in found)
            self.plan.billed.append(
                BilledBefore(
                    id=f"{self.opening.id}:{len(self.plan.billed) + 1:06}",
                    opening=self.opening.id,
                    row=row,
                    ours=Money.total((Money(part.lot.amount, currency) for part in found), currency),
                    entries=(),
                    through=max((period.last_day for period in supplied), default=None),
                )
            )
            self.parts.setdefault(row.number, []).extend(found)
            self.items.update((part.key, items[part.key]) for part in found)

    def _stand(self) -> None:
        """Make billed entries of the parts, with the VAT that each old invoice had."""
        invoices = {item.id: item for item in self.opening.open_items}
        standing: dict[int, list[BilledEntry]] = {}
        for number, parts in sorted(self.parts.items()):
            invoice = invoices.get(number)
            line = 0
            for group in [parts] if invoice else _per_key(parts):
                for draft in self._drafts(group, invoice.on if invoice else self.opening.on):
                    if invoice and (draft.payer, draft.currency) != (invoice.payer, invoice.open.currency):
                        self._another(invoice, draft)
                    for entry in self.billing.issuer.entries(draft):
                        line += 1
                        document = invoice.id if invoice else self.opening.id
                        stands = standing.setdefault(self.rows[entry.key], [])
                        stands.append(attrs.evolve(entry, document=document, line=line))
        for n, entries in standing.items():
            self.plan.billed[n] = attrs.evolve(self.plan.billed[n], entries=tuple(entries))

    def _drafts(self, parts: Sequence[Part], on: date) -> tuple[Draft, ...]:
        ordered = sorted(parts, key=lambda part: (in_order(part.key), part.revision))
        items = [item for key in {part.key: None for part in ordered} for item in self.items[key]]
        return drafts(ordered, items, {}, until=on, on=on)

    def _another(self, invoice: OldInvoice, draft: Draft) -> None:
        problem = f"what stands on it is for {draft.payer} in {draft.currency}"
        self.plan.refuse(f"open item {invoice.id}", problem, f"it is of {invoice.payer} in {invoice.open.currency}")


def _of(rows: Sequence[BilledUntil], key: ItemKey, day: date) -> BilledUntil | None:
    """Return the row by which a key stands billed: of its own line, or else of the whole; the first until its day."""
    own = [row for row in rows if row.line == key.fact and row.line is not None]
    return next((row for row in own or rows if row.until >= day and row.line in (None, key.fact)), None)


def _per_key(parts: Sequence[Part]) -> list[list[Part]]:
    """Where no invoice is known, each key stands by itself, as if it had been billed alone."""
    groups: dict[ItemKey, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.key, []).append(part)
    return [groups[key] for key in sorted(groups, key=in_order)]
